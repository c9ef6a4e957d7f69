import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AuditEntry, AuditVerification } from "../../../../domain/contract/audit.ts";
import { FilterBox } from "../../components/filter-box.tsx";
import { Page } from "../../components/page.tsx";
import { PAGE_SIZE, Pager } from "../../components/pager.tsx";
import { Empty, Loaded, Note, SkeletonRows } from "../../components/states.tsx";
import { StatusPill } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { api, url, type Query } from "../../lib/api.ts";
import { parseFilterLine, valuesOf } from "../../lib/filter-line.ts";
import { keys } from "../../lib/keys.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { AuditTable } from "./audit-table.tsx";
import "./audit.css";

const FILTER_KEYS = ["actor", "action", "subject", "from", "to"] as const;
const FILTERS = [
  { key: "actor", hint: "who: a user name" },
  { key: "action", hint: "what: approval.approve" },
  { key: "subject", hint: "on what: a device, a change" },
  { key: "from", hint: "a day: 2026-11-01" },
  { key: "to", hint: "a day, included" },
];

/** A day of the user's zone as a moment; anything else goes to the API as it is, which says what is wrong with it. */
const moment = (text: string | undefined, end: boolean): string | undefined =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? new Date(`${text}T${end ? "23:59:59.999" : "00:00:00"}`).toISOString()
    : text;

function auditQuery(line: string): Query {
  const parsed = parseFilterLine(line, FILTER_KEYS);
  return {
    search: parsed.words,
    actor: valuesOf(parsed, "actor"),
    action: valuesOf(parsed, "action"),
    subject: valuesOf(parsed, "subject"),
    from: moment(valuesOf(parsed, "from"), false),
    to: moment(valuesOf(parsed, "to"), true),
  };
}

const listQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.audit.list(query),
    queryFn: ({ signal }) => api.get<{ entries: AuditEntry[]; total: number }>("/audit", query, signal),
    placeholderData: (before) => before,
  });
/** Reads the whole chain, so it is asked for, and its answer is kept. */
const chainQuery = queryOptions({
  queryKey: ["audit-chain"],
  queryFn: ({ signal }) => api.get<AuditVerification>("/audit/verify", {}, signal),
  staleTime: 60_000,
});

/** Who did what, when, on what. */
export function AuditPage() {
  const [search, set] = useUrlState();
  const line = search["q"] ?? "";
  const offset = Number(search["offset"] ?? 0) || 0;
  const query = auditQuery(line);
  const list = useQuery(listQuery({ ...query, limit: PAGE_SIZE, offset }));
  const [chain, verify, verifying] = useChain();
  return (
    <Page
      fill
      title="Audit"
      beside={chain && <ChainPill chain={chain} />}
      actions={
        <>
          <Button loading={verifying} onClick={verify}>
            Verify now
          </Button>
          <Button component="a" href={url("/audit/export", query)} download="audit.csv" leftSection={<IconDownload />}>
            Export
          </Button>
        </>
      }
    >
      {chain && !chain.ok && (
        <Note kind="bad" icon="cross" head="The chain is broken." alert>
          {chain.first_bad
            ? `Entry ${chain.first_bad.id}: ${chain.first_bad.what}.`
            : "An entry does not fit its seal."}{" "}
          What stands before it holds; what follows may have been changed outside of NetStacks.
        </Note>
      )}
      <div className="ns-flt">
        <FilterBox
          label="Filter the audit log"
          value={line}
          onChange={(q) => set({ q, offset: undefined })}
          keys={FILTERS}
          placeholder="actor:admin action:approval.approve subject:ams-core-01 from:2026-11-01"
        />
        {list.data && (
          <span className="sm t3 num nowrap only-wide">{list.data.total.toLocaleString("en")} entries</span>
        )}
      </div>
      <Loaded query={list} what="The audit log could not be read." skeleton={<SkeletonRows rows={14} columns={5} />}>
        {({ entries, total }) => (
          <AuditTable
            entries={entries}
            empty={
              <Empty icon={null} title={line ? "No entry fits this filter" : "Nothing has happened yet"}>
                {line
                  ? "Take a term away, or widen the days."
                  : "Every sign-in, decision and change is written here, and sealed within a second."}
              </Empty>
            }
            footer={
              <Pager
                total={total}
                offset={offset}
                onOffset={(next) => set({ offset: next === 0 ? undefined : String(next) })}
              />
            }
          />
        )}
      </Loaded>
    </Page>
  );
}

function useChain(): [AuditVerification | undefined, () => void, boolean] {
  const [asked, setAsked] = useState(true);
  const chain = useQuery({ ...chainQuery, enabled: asked });
  return [
    chain.data,
    () => {
      setAsked(true);
      void chain.refetch();
    },
    chain.isFetching,
  ];
}

function ChainPill({ chain }: { chain: AuditVerification }) {
  if (!chain.ok) return <StatusPill status="failed">Chain broken</StatusPill>;
  return (
    <StatusPill status="ok">
      Verified
      {chain.sealed_to && (
        <>
          {" "}
          to <When at={chain.sealed_to} precise />
        </>
      )}
      , {chain.checked.toLocaleString("en")} entries
    </StatusPill>
  );
}

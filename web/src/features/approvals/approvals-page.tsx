import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Approval } from "../../../../domain/contract/approval.ts";
import { useTitle } from "../../components/page.tsx";
import { Empty, ErrorState, Loaded, SkeletonCards, SkeletonRows } from "../../components/states.tsx";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useMe } from "../../lib/session.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { usePhone } from "../../lib/use-phone.ts";
import { approvalQuery, approvalsQuery } from "./approvals-api.ts";
import { ApprovalContent, ApprovalFacts, ApprovalPill } from "./approval-content.tsx";
import { ApprovalList, type Section } from "./approval-list.tsx";
import { sortApprovals, type Sorted } from "./approval-words.ts";
import "./approvals.css";

const TABS = ["open", "mine", "decided"] as const;
type Tab = (typeof TABS)[number];
const NAMES: Record<Tab, string> = { open: "Open", mine: "Asked by me", decided: "Decided" };

function sectionsOf(tab: Tab, sorted: Sorted): Section[] {
  if (tab === "mine") return [{ title: "Asked by you", note: "newest first", items: sorted.mine }];
  if (tab === "decided") return [{ title: "Decided", note: "newest first", items: sorted.decided }];
  return [
    { title: "Waits for you", note: "by deadline", items: sorted.forMe },
    { title: "Waits for others", note: "", items: sorted.forOthers },
    { title: "Decided", note: "the last ones", items: sorted.decided.slice(0, 5) },
  ];
}

/** What waits for a decision, with the one that was chosen beside the list; on the phone the list alone. */
export function ApprovalsPage() {
  useTitle("Approvals");
  const [search, set] = useUrlState();
  const go = useGo();
  const phone = usePhone();
  const me = useMe().user.username;
  const tab = TABS.find((t) => t === search["tab"]) ?? "open";
  const open = useQuery(approvalsQuery({ status: "pending", limit: 200 }));
  const all = useQuery(approvalsQuery({ limit: 100 }));
  const known = new Map([...(all.data?.approvals ?? []), ...(open.data?.approvals ?? [])].map((a) => [a.id, a]));
  const sorted = sortApprovals([...known.values()], me);
  const sections = sectionsOf(tab, sorted).filter((s) => s.items.length > 0);
  const items = sections.flatMap((s) => s.items);
  const chosen = search["id"];
  // The first one opens by itself, and stays: what is decided leaves the list, and must not be swapped for another.
  const first =
    phone || chosen !== undefined || all.data === undefined || open.data === undefined ? undefined : items[0]?.id;
  useEffect(() => {
    if (first !== undefined) set({ id: first });
  }, [first, set]);

  const choose = (a: Approval): void => (phone ? go(links.approval(a.id)) : set({ id: a.id }));
  const move = (by: number): void => {
    const at = items.findIndex((a) => a.id === chosen);
    const next = items[Math.min(items.length - 1, Math.max(0, at + by))];
    if (next) set({ id: next.id });
  };
  useCommands([
    { id: "row-next", key: "j", label: "Next approval", group: "Rows", keyOnly: true, run: () => move(1) },
    { id: "row-previous", key: "k", label: "Previous approval", group: "Rows", keyOnly: true, run: () => move(-1) },
  ]);
  const counts: Record<Tab, number | null> = {
    open: sorted.forMe.length + sorted.forOthers.length,
    mine: sorted.mine.filter((a) => a.status === "pending").length,
    decided: null,
  };

  return (
    <div className="ns-page fill ns-sp3">
      <section className="ns-lst" aria-label="Approvals">
        <header className="lh">
          <h1>Approvals</h1>
          <span className="t3">{sorted.forMe.length > 0 ? `${sorted.forMe.length} for you` : "none for you"}</span>
        </header>
        <div className="ns-tabs" role="group" aria-label="Which approvals">
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              className="ns-tabbtn"
              aria-pressed={name === tab}
              onClick={() => set({ tab: name === "open" ? undefined : name, id: undefined })}
            >
              {NAMES[name]}
              {counts[name] !== null && <span className="c num">{counts[name]}</span>}
            </button>
          ))}
        </div>
        <div className="sc" tabIndex={0} role="region" aria-label={`Approvals, ${NAMES[tab]}`}>
          {open.data === undefined || all.data === undefined ? (
            open.isError || all.isError ? (
              <ErrorState
                error={open.error ?? all.error}
                what="The approvals could not be read."
                retry={() => void Promise.all([open.refetch(), all.refetch()])}
              />
            ) : (
              <SkeletonRows rows={5} columns={2} />
            )
          ) : items.length === 0 ? (
            <Empty
              title={
                tab === "open"
                  ? "Nothing waits for a decision"
                  : tab === "mine"
                    ? "You have asked for nothing yet"
                    : "Nothing was decided yet"
              }
            >
              Somebody who plans a change asks here before anything is sent, for example “Move syslog to the new
              collectors”.
            </Empty>
          ) : (
            <ApprovalList sections={sections} chosen={chosen} me={me} onChoose={choose} />
          )}
        </div>
      </section>
      {!phone && (
        <div className="ns-det" data-pane>
          {chosen !== undefined && <Detail key={chosen} id={chosen} />}
        </div>
      )}
    </div>
  );
}

function Detail({ id }: { id: string }) {
  const query = useQuery(approvalQuery(id));
  const go = useGo();
  // The list keeps the focus; a new choice begins at its top.
  useEffect(() => {
    document.querySelector("[data-pane]")?.scrollTo(0, 0);
  }, [id]);
  return (
    <Loaded
      query={query}
      what="The approval could not be read."
      skeleton={
        <div className="cb">
          <SkeletonCards cards={2} rows={4} />
        </div>
      }
      touched="Nothing reached a device. An approval only reads its plan."
    >
      {(approval) => (
        <>
          <header className="ns-hd">
            <div className="row w sp">
              <h2 className="h1 break">{approval.title}</h2>
              <ApprovalPill approval={approval} />
            </div>
            <Button onClick={() => go(links.approval(id))}>Full page</Button>
          </header>
          <ApprovalFacts approval={approval} />
          <div className="ns-pg">
            <ApprovalContent key={approval.id} approval={approval} />
          </div>
        </>
      )}
    </Loaded>
  );
}

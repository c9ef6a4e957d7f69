import type { ReactNode } from "react";
import type { AuditEntry } from "../../../../domain/contract/audit.ts";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { Tag } from "../../components/bits.tsx";
import { When } from "../../components/times.tsx";

/** A detail in a few words: plain values as they are, the rest as JSON. Always text, never markup. */
function detailText(detail: AuditEntry["detail"]): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

const COLUMNS: Column<AuditEntry>[] = [
  { id: "actor", head: "Who", cell: (entry) => <b className="ell ns-name">{entry.actor}</b> },
  { id: "action", head: "What", cell: (entry) => <code>{entry.action}</code> },
  {
    id: "subject",
    head: "On",
    cell: (entry) => (
      <span className="ell ns-aud-subject" title={entry.subject ?? undefined}>
        {entry.subject ?? ""}
      </span>
    ),
  },
  {
    id: "detail",
    head: "Detail",
    wide: true,
    cell: (entry) => (
      <span className="ell t3 ns-aud-detail" title={detailText(entry.detail)}>
        {detailText(entry.detail)}
      </span>
    ),
  },
  { id: "ip", head: "From", wide: true, cell: (entry) => <span className="mono t3">{entry.ip ?? ""}</span> },
  {
    id: "sealed",
    head: "Seal",
    cell: (entry) => (entry.sealed ? <span className="t3">sealed</span> : <Tag>not yet</Tag>),
  },
];

export function AuditTable({ entries, empty, footer }: { entries: AuditEntry[]; empty: ReactNode; footer: ReactNode }) {
  return (
    <DataTable
      fill
      label="Audit log"
      rows={entries}
      rowId={rowId}
      name={{ head: "When", text: (entry) => entry.at, shown: (entry) => <When at={entry.at} precise /> }}
      columns={COLUMNS}
      card={(entry) => ({
        title: <code className="ell">{entry.action}</code>,
        line: [entry.actor, entry.subject].filter(Boolean).join(" · "),
        aside: (
          <span className="t3">
            <When at={entry.at} precise />
          </span>
        ),
      })}
      empty={empty}
      footer={footer}
    />
  );
}
const rowId = (entry: AuditEntry): string => String(entry.id);

import type { ReactNode } from "react";
import type { AuditEntry } from "../../../../domain/contract/audit.ts";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { Tag } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";

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
  { id: "subject", head: "On", cell: (entry) => <Subject entry={entry} /> },
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

const ABOUT_DEVICE = /^(device\.(?!delete)|host_key\.)/;

function Subject({ entry: { subject, action } }: { entry: AuditEntry }) {
  if (subject === null) return null;
  const shown = { className: "ell ns-aud-subject", title: subject };
  if (!ABOUT_DEVICE.test(action)) return <span {...shown}>{subject}</span>;
  return (
    <Go {...shown} href={links.device(subject)}>
      {subject}
    </Go>
  );
}

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

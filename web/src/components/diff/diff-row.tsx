import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { ConfigLine, HiddenBadge } from "./config-line.tsx";
import { Counts } from "./counts.tsx";
import type { HeadRow, LineRow } from "./rows.ts";

const CLASS = { " ": "ns-ln", "+": "ns-ln a", "-": "ns-ln d" } as const;

export function DiffLineRow({ row }: { row: LineRow }) {
  return (
    <div className={CLASS[row.op]}>
      <span className="g">{row.line}</span>
      <span className="s">{row.op}</span>
      <span className="x">
        <ConfigLine text={row.text} marks={row.marks} />
        {row.hidden && <HiddenBadge />}
      </span>
    </div>
  );
}

/** The stanza a hunk stands in; a button where the diff folds. */
export function DiffHeadRow({ row, onToggle }: { row: HeadRow; onToggle: (() => void) | null }) {
  if (onToggle === null)
    return (
      <div className="ns-ln h">
        <span className="g" aria-hidden="true">
          …
        </span>
        <span className="s" />
        <span className="x">{row.label}</span>
      </div>
    );
  return (
    <button type="button" className="ns-ln h" aria-expanded={!row.folded} onClick={onToggle}>
      <span className="g">{row.folded ? <IconChevronRight /> : <IconChevronDown />}</span>
      <span className="s" />
      <span className="x">
        {row.label}
        <span className="n">
          <Counts added={row.added} removed={row.removed} />
        </span>
      </span>
    </button>
  );
}

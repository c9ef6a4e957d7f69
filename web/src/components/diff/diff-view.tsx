import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Hunk } from "../../../../domain/contract/change.ts";
import type { PlatformId } from "../../../../domain/contract/device.ts";
import { DiffHeadRow, DiffLineRow } from "./diff-row.tsx";
import { WINDOWED, buildRows, countLines, foldedAtFirst, type Row } from "./rows.ts";
import { holdsHidden } from "./tokens.ts";
import { Windowed } from "./windowed.tsx";
import "./diff.css";

type Props = {
  hunks: readonly Hunk[];
  platform?: PlatformId | null;
  /** What a screen reader calls it. */
  label: string;
  /** Wraps and has no line numbers: for columns beside one another. */
  narrow?: boolean;
  /** `never`: every stanza is open at first, because it is to be read. */
  fold?: "large" | "never";
};

const rowKey = (row: Row, index: number): string => (row.kind === "head" ? `h${row.hunk}` : `l${index}`);
const widest = (hunks: readonly Hunk[]): number =>
  hunks.reduce((most, h) => h.lines.reduce((m, l) => Math.max(m, l.text.length), most), 0);

/** What a change does to a config: stanza by stanza, long ones folded, very long ones windowed. */
export function DiffView({ hunks, platform = null, label, narrow = false, fold = "large" }: Props) {
  const [folded, setFolded] = useState<ReadonlySet<number> | null>(null);
  const first = useMemo(() => (fold === "large" ? foldedAtFirst(hunks) : new Set<number>()), [hunks, fold]);
  const closed = folded ?? first;
  const rows = useMemo(() => buildRows(hunks, platform, closed), [hunks, platform, closed]);
  const hidden = useMemo(
    () => hunks.reduce((n, h) => n + h.lines.filter((l) => holdsHidden(l.text)).length, 0),
    [hunks],
  );
  const total = countLines(hunks);
  const folds = hunks.length > 1 && total > 40;

  const toggle = (hunk: number): void => {
    const next = new Set(closed);
    if (!next.delete(hunk)) next.add(hunk);
    setFolded(next);
  };
  const draw = (row: Row) =>
    row.kind === "head" ? (
      <DiffHeadRow row={row} onToggle={folds ? () => toggle(row.hunk) : null} />
    ) : (
      <DiffLineRow row={row} />
    );
  const className = narrow ? "ns-code narrow" : "ns-code";

  if (total === 0) return <p className="cb t3 sm">No line differs.</p>;
  return (
    <>
      {hidden > 0 && (
        <p className="ns-diffnote">
          <IconAlertTriangle />
          <span>
            {hidden === 1 ? "1 line holds" : `${hidden} lines hold`} characters that the eye does not see or takes for
            others. Each is shown by its code point.
          </span>
        </p>
      )}
      {closed.size > 0 && (
        <p className="ns-diffbar">
          <span>
            {total.toLocaleString("en")} lines in {hunks.length} stanzas, {closed.size} folded
          </span>
          <button type="button" className="lk" onClick={() => setFolded(new Set())}>
            Unfold all
          </button>
        </p>
      )}
      {rows.length > WINDOWED ? (
        <Windowed
          label={label}
          className={className}
          count={rows.length}
          estimate={19}
          minWidth={narrow ? "0" : `min(${widest(hunks) + 12}ch, 4000ch)`}
        >
          {(index) => {
            const row = rows[index];
            return row ? draw(row) : null;
          }}
        </Windowed>
      ) : (
        <div className={className} tabIndex={0} role="region" aria-label={label}>
          {rows.map((row, index) => (
            <div key={rowKey(row, index)} style={{ display: "contents" }}>
              {draw(row)}
            </div>
          ))}
        </div>
      )}
    </>
  );
}

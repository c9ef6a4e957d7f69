import { IconAlertTriangle, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ConfigLine } from "./config-line.tsx";
import type { BesideRow, FoldRow, Side, TwoRow } from "./side-rows.ts";
import { WINDOWED } from "./rows.ts";
import { Windowed } from "./windowed.tsx";
import "./diff.css";
import "./side.css";

type Props = {
  rows: readonly TwoRow[];
  label: string;
  /** Side by side, or one column with both line numbers. */
  split: boolean;
  onUnfold: (fold: FoldRow) => void;
  /** Lines that hold characters which deceive the eye. */
  hidden: number;
  /** Row to bring into view. */
  scrollTo: number | null;
  /** The stretch that is looked at. */
  current: number | null;
};

/** Two versions of one text. Long lines wrap, so that nothing has to be scrolled sideways. */
export function SideView({ rows, label, split, onUnfold, hidden, scrollTo, current }: Props) {
  const draw = (row: TwoRow): ReactNode => {
    if (row.kind === "stanza") return <div className="ns-sd-stanza">{row.label}</div>;
    if (row.kind === "fold") return <Fold fold={row} onUnfold={onUnfold} />;
    const now = row.change !== null && row.change === current;
    return split ? <SplitRow row={row} now={now} /> : <UnifiedRow row={row} now={now} />;
  };
  const className = `ns-sd ${split ? "split" : "one"}`;
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
      {rows.length > WINDOWED ? (
        <Windowed
          label={label}
          className={className}
          count={rows.length}
          estimate={19}
          maxHeight="none"
          scrollTo={scrollTo}
        >
          {(index) => {
            const row = rows[index];
            return row ? draw(row) : null;
          }}
        </Windowed>
      ) : (
        <Plain label={label} className={className} scrollTo={scrollTo} rows={rows} draw={draw} />
      )}
    </>
  );
}

function Plain({
  label,
  className,
  scrollTo,
  rows,
  draw,
}: Pick<Props, "label" | "scrollTo" | "rows"> & { className: string; draw: (row: TwoRow) => ReactNode }) {
  return (
    <div className={className} tabIndex={0} role="region" aria-label={label}>
      {rows.map((row, index) => (
        <div
          key={index}
          ref={(el) => {
            if (el && index === scrollTo) el.scrollIntoView({ block: "nearest" });
          }}
        >
          {draw(row)}
        </div>
      ))}
    </div>
  );
}

function Fold({ fold, onUnfold }: { fold: FoldRow; onUnfold: (fold: FoldRow) => void }) {
  return (
    <button type="button" className="ns-sd-fold" onClick={() => onUnfold(fold)}>
      <IconChevronRight aria-hidden="true" />
      <span>
        <b>
          {fold.equal.toLocaleString("en")} equal {fold.equal === 1 ? "line" : "lines"}
        </b>
        {fold.right === 1 ? " from the start" : fold.end ? " to the end" : `, from line ${fold.right}`}
      </span>
      <span className="lk u end">Show</span>
    </button>
  );
}

const Text = ({ side }: { side: Side }) => (
  <span className="x">
    <ConfigLine text={side.text} marks={side.marks} />
  </span>
);

function Half({ side, changed, sign }: { side: Side | null; changed: boolean; sign: "+" | "-" }) {
  if (!side) return <div className="hf none" />;
  return (
    <div className={`hf${changed ? (sign === "+" ? " a" : " d") : ""}`}>
      <span className="g">{side.line}</span>
      <span className="s">{changed ? sign : ""}</span>
      <Text side={side} />
    </div>
  );
}

function SplitRow({ row, now }: { row: BesideRow; now: boolean }) {
  const changed = row.change !== null;
  return (
    <div className={`ns-sd-row${now ? " now" : ""}${row.ignored ? " vol" : ""}`}>
      <Half side={row.left} changed={changed} sign="-" />
      <Half side={row.right} changed={changed} sign="+" />
    </div>
  );
}

function UnifiedRow({ row, now }: { row: BesideRow; now: boolean }) {
  const changed = row.change !== null;
  const side = row.right ?? row.left;
  if (!side) return null;
  const sign = !changed ? "" : row.right ? "+" : "-";
  return (
    <div
      className={`ns-sd-row hf${sign === "+" ? " a" : sign === "-" ? " d" : ""}${now ? " now" : ""}${row.ignored ? " vol" : ""}`}
    >
      <span className="g">{row.left?.line}</span>
      <span className="g">{row.right?.line}</span>
      <span className="s">{sign}</span>
      <Text side={side} />
    </div>
  );
}

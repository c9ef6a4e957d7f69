import { useMemo, useState } from "react";
import { diffPlainTexts } from "../../../../domain/config/text-diff.ts";
import { Counts } from "../../components/diff/counts.tsx";
import { foldKey, hiddenIn, twoRows, unified, type Opened } from "../../components/diff/side-rows.ts";
import { SideView } from "../../components/diff/side-view.tsx";
import { usePhone } from "../../lib/use-phone.ts";

const NO_STANZAS = new Map<string, string>();

type Props = {
  before: string;
  after: string;
  label: string;
  /** One column, because the place is small. */
  narrow?: boolean;
};

/** Two texts that are both here, to the byte. */
export function TextDiff({ before, after, label, narrow = false }: Props) {
  const phone = usePhone();
  const split = !phone && !narrow;
  const [folds, setFolds] = useState<ReadonlySet<string>>(new Set());
  const texts = useMemo(() => ({ before: before.split("\n"), after: after.split("\n") }), [before, after]);
  const diff = useMemo(() => diffPlainTexts(before, after), [before, after]);
  const rows = useMemo(() => {
    const open: Opened = { folds, ignored: false };
    const lines = { before: { lines: texts.before.length }, after: { lines: texts.after.length } };
    const both = twoRows({ rows: diff.rows, ...lines }, NO_STANZAS, open, texts);
    return split ? both : unified(both);
  }, [diff, texts, folds, split]);
  if (before === after) return <p className="cb t3 sm">No line differs.</p>;
  return (
    <>
      <div className="ns-tp-diffbar">
        <Counts added={diff.added} removed={diff.removed} />
      </div>
      <SideView
        rows={rows}
        split={split}
        hidden={hiddenIn(diff.rows)}
        label={label}
        onUnfold={(fold) => setFolds((open) => new Set(open).add(foldKey(fold)))}
        scrollTo={null}
        current={null}
      />
    </>
  );
}

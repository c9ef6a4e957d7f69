type DiffLine = { sign: " " | "-" | "+"; text: string; old: number; new: number };

/** The lines of both texts in order: kept, removed, added. */
function diffLines(before: string[], after: string[]): DiffLine[] {
  // lengths[i][j]: how many lines before[i…] and after[j…] have in common.
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = lengths[i];
    for (let j = after.length - 1; j >= 0 && row; j--)
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [x, y] = [before[i], after[j]];
    if (x !== undefined && x === y) out.push({ sign: " ", text: x, old: i++, new: j++ });
    else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1)))
      out.push({ sign: "-", text: x, old: i++, new: j });
    else out.push({ sign: "+", text: y ?? "", old: i, new: j++ });
  }
  return out;
}

const span = (start: number, count: number): string =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;

/** A unified diff with three lines of context; empty when nothing differs. */
export function unifiedDiff(before: string[], after: string[], from: string, to: string): string {
  const lines = diffLines(before, after);
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - 3), i + 4).some((line) => line.sign !== " "));
  const hunks: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!near[i]) continue;
    let end = i;
    while (near[end]) end++;
    const hunk = lines.slice(i, end);
    const [first] = hunk;
    const olds = hunk.filter((line) => line.sign !== "+").length;
    const news = hunk.filter((line) => line.sign !== "-").length;
    hunks.push(
      `@@ -${span(first?.old ?? 0, olds)} +${span(first?.new ?? 0, news)} @@`,
      ...hunk.map((line) => line.sign + line.text),
    );
    i = end;
  }
  return hunks.length === 0 ? "" : `--- ${from}\n+++ ${to}\n${hunks.join("\n")}\n`;
}

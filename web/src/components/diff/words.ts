/** Stretches `[start, end)` of a line. */
export type Range = readonly [number, number];

type Word = { text: string; start: number; end: number };
const WORD = /[\w.:/@-]+|[^\s\w.:/@-]/gu;
const MANY_WORDS = 120;
/** Beyond this many pairs of lines in one block only near ones are compared. */
const MANY_PAIRS = 4000;
const NEAR = 8;
const ALIKE = 0.5;

const words = (text: string): Word[] =>
  Array.from(text.matchAll(WORD), (m) => ({ text: m[0], start: m.index, end: m.index + m[0].length }));

/** For both sides, which words stand in a longest common subsequence. */
function common(a: Word[], b: Word[]): { inA: boolean[]; inB: boolean[]; length: number } {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  const cell = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i]?.text === b[j]?.text ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
  const inA = a.map(() => false);
  const inB = b.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]?.text === b[j]?.text) {
      inA[i++] = true;
      inB[j++] = true;
    } else if (cell(i + 1, j) >= cell(i, j + 1)) i++;
    else j++;
  }
  return { inA, inB, length: cell(0, 0) };
}

/** The words that are not common, neighbours joined over the blanks between them. */
function ranges(text: string, all: Word[], kept: boolean[]): Range[] {
  const found: [number, number][] = [];
  all.forEach((word, i) => {
    if (kept[i]) return;
    const last = found.at(-1);
    if (last && text.slice(last[1], word.start).trim() === "") last[1] = word.end;
    else found.push([word.start, word.end]);
  });
  return found;
}

/** How alike two lines are (0 to 1), and which of their words differ. */
export function compareWords(before: string, after: string): { alike: number; before: Range[]; after: Range[] } {
  const a = words(before);
  const b = words(after);
  if (a.length + b.length === 0 || a.length > MANY_WORDS || b.length > MANY_WORDS)
    return { alike: 0, before: [], after: [] };
  const { inA, inB, length } = common(a, b);
  return { alike: (2 * length) / (a.length + b.length), before: ranges(before, a, inA), after: ranges(after, b, inB) };
}

/**
 * For the lines of one block of removed and added lines: the words to mark in each. A line is compared with the line of the
 * other side that it is most like, so that one removed line may stand against several added ones; a line unlike all has no marks.
 */
export function markBlock(removed: string[], added: string[]): { removed: Range[][]; added: Range[][] } {
  const best = { removed: removed.map(() => 0), added: added.map(() => 0) };
  const marks = { removed: removed.map((): Range[] => []), added: added.map((): Range[] => []) };
  const many = removed.length * added.length > MANY_PAIRS;
  removed.forEach((before, i) => {
    const from = many ? Math.max(0, i - NEAR) : 0;
    const to = many ? Math.min(added.length, i + NEAR + 1) : added.length;
    for (let j = from; j < to; j++) {
      const found = compareWords(before, added[j] ?? "");
      if (found.alike < ALIKE) continue;
      if (found.alike > (best.removed[i] ?? 0)) {
        best.removed[i] = found.alike;
        marks.removed[i] = found.before;
      }
      if (found.alike > (best.added[j] ?? 0)) {
        best.added[j] = found.alike;
        marks.added[j] = found.after;
      }
    }
  });
  return marks;
}

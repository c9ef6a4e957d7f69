export type Term = { key: string; values: string[] };
export type FilterLine = { terms: Term[]; words: string };

/** A filter's line: `site:ams,fra tag:core edge`. Keys that are not known stay words, so that nothing is lost. */
export function parseFilterLine(line: string, keys: readonly string[]): FilterLine {
  const terms: Term[] = [];
  const words: string[] = [];
  for (const piece of line.split(/\s+/).filter(Boolean)) {
    const colon = piece.indexOf(":");
    const key = piece.slice(0, colon).toLowerCase();
    const values = piece
      .slice(colon + 1)
      .split(",")
      .filter(Boolean);
    if (colon <= 0 || !keys.includes(key) || values.length === 0) {
      words.push(piece);
      continue;
    }
    const known = terms.find((term) => term.key === key);
    if (known) known.values.push(...values.filter((value) => !known.values.includes(value)));
    else terms.push({ key, values: [...new Set(values)] });
  }
  return { terms, words: words.join(" ") };
}

export function formatFilterLine({ terms, words }: FilterLine): string {
  return [...terms.map((term) => `${term.key}:${term.values.join(",")}`), words].filter(Boolean).join(" ");
}

/** The values of a key, for an API query: comma separated, or undefined. */
export const valuesOf = (line: FilterLine, key: string): string | undefined =>
  line.terms.find((term) => term.key === key)?.values.join(",");

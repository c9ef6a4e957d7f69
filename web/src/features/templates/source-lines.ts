import type { SourceMapLine } from "../../../../domain/contract/template.ts";

/** The first entry is of line 1. A long output's last lines have none. */
export type SourceMap = readonly SourceMapLine[];

/** The lines of the output that a line made: of an included template, or of the one that is edited. */
export function linesMadeBy(map: SourceMap, line: number, template?: string): Set<number> {
  const found = new Set<number>();
  for (const [i, { sources }] of map.entries())
    if (sources.some((source) => source.line === line && source.template === template)) found.add(i + 1);
  return found;
}

/** The lines of the edited text that made a line of the output. */
export const ownLines = (map: SourceMap, line: number): number[] => [
  ...new Set((map[line - 1]?.sources ?? []).flatMap((source) => (source.template === undefined ? source.line : []))),
];

/** `8`, `8+10`, `↳` for an included template: for the gutter beside a line of the output. */
export function originLabel(map: SourceMap, line: number): string {
  const own = ownLines(map, line);
  if (own.length > 2) return `${Math.min(...own)}…${Math.max(...own)}`;
  if (own.length > 0) return own.join("+");
  return (map[line - 1]?.sources.length ?? 0) > 0 ? "↳" : "";
}

/** `line 8`, `lines 8 and 10`, `line 3 of core/ntp`: what made a line, in words. */
export function originWords(map: SourceMap, line: number): string {
  const byTemplate = Map.groupBy(map[line - 1]?.sources ?? [], (source) => source.template);
  return [...byTemplate]
    .map(([template, sources]) => {
      const lines = [...new Set(sources.map((source) => source.line))].sort((a, b) => a - b);
      const last = lines.at(-1);
      const words = lines.length === 1 ? `line ${last}` : `lines ${lines.slice(0, -1).join(", ")} and ${last}`;
      return template === undefined ? words : `${words} of ${template}`;
    })
    .join(", ");
}

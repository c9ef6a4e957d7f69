import { isPlain } from "./lines.ts";
import { parsePattern } from "./pattern/parse.ts";
import { writePattern } from "./pattern/write.ts";

/** A line of the index: which templates read the output of which commands. */
export type IndexRow = { templates: string[]; platform: (text: string) => boolean; command: (text: string) => boolean };

/**
 * The index as clitable reads it: the first line that is no comment names the columns, a line with another number of cells is
 * none, cells hold expressions that are matched from the beginning, and `sh[[ow]]` stands for sh, sho and show.
 */
export function parseIndex(text: string): IndexRow[] {
  const lines = text.split("\n");
  const head = lines.findIndex((line) => (line.split("#")[0] ?? "").trim() !== "");
  const columns = cellsOf((lines[head] ?? "").split("#")[0] ?? "");
  const at = (name: string): number => {
    const i = columns.indexOf(name);
    if (i === -1) throw new Error(`the index has no column ${name}`);
    return i;
  };
  const [template, platform, command] = [at("Template"), at("Platform"), at("Command")];
  return lines.slice(head + 1).flatMap((line) => {
    const cells = cellsOf(line);
    if (line.startsWith("#") || cells.length !== columns.length) return [];
    return [
      {
        templates: (cells[template] ?? "").split(":"),
        platform: matcher(cells[platform] ?? ""),
        command: matcher((cells[command] ?? "").replace(/\[\[(.+?)\]\]/g, (_, word: string) => completion(word))),
      },
    ];
  });
}

const cellsOf = (line: string): string[] => line.split(",").map((cell) => cell.trim());

/** `ow` → `(o(w)?)?` */
const completion = (word: string): string => `(${Array.from(word).join("(")}${")?".repeat(Array.from(word).length)}`;

/** An empty cell says yes to everything. Compiled when it is first asked: most lines are for other platforms. */
function matcher(source: string): (text: string) => boolean {
  if (source === "") return () => true;
  const pattern = once(() => parsePattern(source));
  const plain = once(() => writePattern(pattern(), new Set(), "plain"));
  const wide = once(() => writePattern(pattern(), new Set(), "wide"));
  return (text) => (isPlain(text) ? plain() : wide()).test(text);
}

function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => (made ??= { it: make() }).it;
}

import type { Pipe } from "../cli/pipes.ts";

/** What Junos may do with a listing, besides what only configs have (`compare`, `display set`). */
export function junosPipe(text: string, { verb, rest }: Pipe): string | undefined {
  const verbs = ["match", "except", "find", "count", "last", "no-more", "trim", "hold"].filter((v) =>
    v.startsWith(verb),
  );
  const [name] = verbs;
  if (verb === "" || verbs.length !== 1 || name === undefined) return undefined;
  const lines = text.replace(/\n$/, "").split("\n");
  const wanted = pattern(rest);
  const join = (kept: string[]): string => kept.map((line) => `${line}\n`).join("");
  switch (name) {
    case "match":
      return rest === "" ? undefined : join(lines.filter((line) => wanted.test(line)));
    case "except":
      return rest === "" ? undefined : join(lines.filter((line) => !wanted.test(line)));
    case "find": {
      const at = lines.findIndex((line) => wanted.test(line));
      return at < 0 ? "\nPattern not found\n" : join(lines.slice(at));
    }
    case "count":
      return `Count: ${lines.length} lines\n`;
    case "last":
      return join(lines.slice(-(Number(rest) || 10)));
    case "trim":
      return join(lines.map((line) => line.slice(Number(rest) || 0)));
    default:
      return text;
  }
}

function pattern(text: string): RegExp {
  const bare = text.replace(/^"(.*)"$/, "$1");
  try {
    return new RegExp(bare, "i");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new RegExp(bare.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i");
  }
}

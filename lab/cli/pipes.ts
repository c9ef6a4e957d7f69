/** A pattern as the box reads it; one that JavaScript cannot read is taken literally. */
function pattern(text: string, flags = ""): RegExp {
  const bare = text.replace(/^"(.*)"$/, "$1");
  try {
    return new RegExp(bare, flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new RegExp(bare.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), flags);
  }
}

/** The lines of `section` that match, each with all that is indented below it. */
function sections(lines: string[], wanted: RegExp): string[] {
  const out: string[] = [];
  let inside = -1;
  for (const line of lines) {
    const indent = line.search(/\S/);
    if (inside >= 0 && indent > inside) {
      out.push(line);
      continue;
    }
    inside = wanted.test(line) ? indent : -1;
    if (inside >= 0) out.push(line);
  }
  return out;
}

export type Pipe = { verb: string; rest: string };

/** `show run | include ntp` → the command and its pipes. A `|` inside a regular expression has no space before it. */
export function splitPipes(line: string): { command: string; pipes: Pipe[] } {
  const [command = "", ...rest] = ` ${line}`.split(/\s\|\s*/);
  const pipes: Pipe[] = [];
  for (const part of rest) {
    const [verb = "", ...words] = part.trim().split(/\s+/);
    pipes.push({ verb, rest: words.join(" ") });
  }
  return { command: command.slice(1).trimEnd(), pipes };
}

const VERBS = ["include", "exclude", "begin", "section", "count"] as const;

/** Undefined when the box knows no such pipe, or it lacks its pattern. */
export function applyPipe(text: string, { verb, rest }: Pipe, style: "ios" | "eos"): string | undefined {
  const found = VERBS.filter((v) => v.startsWith(verb.toLowerCase()));
  const [name] = found;
  if (verb === "" || found.length !== 1 || name === undefined) return undefined;
  const lines = text.replace(/\n$/, "").split("\n");
  const wanted = pattern(rest, style === "eos" && name === "include" ? "i" : "");
  if (rest === "" && !(name === "count" && style === "ios"))
    return style === "eos" && name === "count" ? `${lines.length}\n` : undefined;
  const out = ((): string[] => {
    switch (name) {
      case "include":
        return lines.filter((line) => wanted.test(line));
      case "exclude":
        return lines.filter((line) => !wanted.test(line));
      case "begin": {
        const at = lines.findIndex((line) => wanted.test(line));
        return at < 0 ? [] : lines.slice(at);
      }
      case "section":
        return sections(lines, wanted);
      case "count":
        return [`Number of lines which match regexp = ${lines.filter((line) => wanted.test(line)).length}`];
    }
  })();
  return out.length === 0 ? "" : `${out.join("\n")}\n`;
}

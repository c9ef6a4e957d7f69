import type { ErrorDetail } from "../contract/errors.ts";
import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { writeOut } from "./indented-rules.ts";
import { settle } from "./indented-inverse.ts";
import { blockRule, readBlock } from "./indented-parse.ts";
import type { IndentedConfig } from "../platforms/language.ts";

const MAX_LINES = 10_000;
const MAX_LENGTH = 2000;
/** Controls, and what deceives the eye: bidi marks, zero-width characters. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

type Given = { text: string; line: number };

/**
 * A user's lines → exactly the lines that are sent: without comments and blank lines, short forms written out, each indented by
 * its depth as the device will take it (one space a level; a banner's text stays as it is), with an `exit` where only that keeps
 * a line in the section its indentation says. What must not be sent is a problem, with its place and the way to mend it.
 */
export function parseLines(
  platform: PlatformId,
  given: string | readonly string[],
): { lines: string[]; problems: ErrorDetail[] } {
  const problems: ErrorDetail[] = [];
  const all = split(given);
  if (all.length > MAX_LINES)
    return {
      lines: [],
      problems: [
        {
          path: "lines",
          code: "lines_too_many",
          message: `holds ${all.length} lines; at most ${MAX_LINES} are allowed for one device`,
        },
      ],
    };
  const at = (line: number, code: string, message: string, column?: number): void => {
    problems.push({ path: `lines[${line - 1}]`, code, message, line, ...(column === undefined ? {} : { column }) });
  };
  for (const { text, line } of all) {
    const found = UNSAFE.exec(text);
    if (found) {
      const point = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      at(
        line,
        "line_characters",
        `holds the character U+${point} at position ${found.index + 1}, which would not be sent as one line; remove it`,
        found.index + 1,
      );
    }
    if (text.length > MAX_LENGTH)
      at(line, "line_too_long", `has ${text.length} characters; at most ${MAX_LENGTH} are allowed`);
  }
  if (problems.length > 0) return { lines: [], problems };

  const { config } = languages[platform];
  const lines = config.style === "indented" ? indented(platform, config, all, at) : plain(platform, all, at);
  if (lines.length === 0 && problems.length === 0)
    problems.push({
      path: "lines",
      code: "lines_empty",
      message: "holds no line that would be sent; comments and blank lines are left out",
    });
  return problems.length > 0 ? { lines: [], problems } : { lines, problems };
}

/** A final line end is no line; CR before it, and tabs before the first character, are spelling. */
function split(given: string | readonly string[]): Given[] {
  const lines = typeof given === "string" ? given.replace(/\r?\n$/, "").split(/\r?\n/) : given;
  return lines.map((text, i) => ({
    text: text.trimEnd().replace(/^[ \t]+/, (lead) => lead.replaceAll("\t", "        ")),
    line: i + 1,
  }));
}

type Complain = (line: number, code: string, message: string, column?: number) => void;

function refuse(platform: PlatformId, { text, line }: Given, at: Complain): boolean {
  const language = languages[platform];
  const bare = text.trim();
  const session = language.sessionLines.find((r) => r.match.test(bare));
  if (session) at(line, "line_session", `“${bare}”: ${session.say}`);
  // what stands in quotes is text
  const unquoted = language.config.style === "set" ? bare.replace(/"(?:[^"\\]|\\.)*"/g, '""') : bare;
  const exec = session ? undefined : language.execLines.find((r) => r.match.test(unquoted));
  if (exec) at(line, "line_not_config", `“${bare}” ${exec.say}`);
  return session !== undefined || exec !== undefined;
}

function plain(platform: PlatformId, all: readonly Given[], at: Complain): string[] {
  const set = languages[platform].config.style === "set";
  return all.flatMap((each) => {
    const text = each.text.trim();
    if (text === "" || text.startsWith("#") || (set && text.startsWith("/*"))) return [];
    if (refuse(platform, { ...each, text }, at)) return [];
    if (set && (text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1)
      at(each.line, "line_quote", "opens a quote that it does not close");
    const help = set ? text.replace(/"(?:[^"\\]|\\.)*"/g, "").indexOf("?") : -1;
    if (help !== -1)
      at(
        each.line,
        "line_question_mark",
        "holds a `?` outside of quotes, which the device takes as a request for help",
      );
    return [set ? text.replace(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, " ") : text];
  });
}

function indented(platform: PlatformId, config: IndentedConfig, all: readonly Given[], at: Complain): string[] {
  const kept: Given[] = [];
  for (let i = 0; i < all.length;) {
    const each = all[i];
    if (!each) break;
    const bare = each.text.trim();
    const from = i;
    const rule =
      blockRule(config, bare, undefined) ?? config.blocks.find((b) => b.under !== undefined && b.start.test(bare));
    if (rule) {
      const read = readBlock(
        rule,
        all.map((a) => a.text),
        i,
      );
      i = read.next;
      if (refuse(platform, { ...each, text: bare }, at)) continue;
      if (!read.closed)
        at(
          each.line,
          "line_block_open",
          `“${read.text}” is not closed: ${rule.close.by === "line" ? `end it with the line “${rule.close.write}”` : "end its text with the character that it begins with"}`,
        );
      if (/\^C/.test(bare))
        at(
          each.line,
          "line_delimiter",
          "uses ^C as delimiter, which the device would read as two characters; use one that the text does not hold, such as #",
        );
      kept.push(...all.slice(from, read.next));
      continue;
    }
    i += 1;
    if (bare === "" || bare.startsWith("!") || bare.startsWith("#")) continue;
    const text = writeOut(config, bare);
    if (refuse(platform, { ...each, text }, at)) continue;
    const help = text.indexOf("?");
    if (help !== -1)
      at(
        each.line,
        "line_question_mark",
        "holds a `?`, which the device takes as a request for help; remove it",
        each.text.indexOf("?") + 1,
      );
    kept.push({ text: each.text.slice(0, each.text.length - each.text.trimStart().length) + text, line: each.line });
  }
  return settle(
    config,
    kept.map((k) => k.text),
  );
}

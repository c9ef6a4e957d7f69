import { JinjaError } from "../../errors.ts";
import type { Match } from "./match.ts";
import type { Program } from "./program.ts";
import { groupNumber, type Subject } from "./regex.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** Texts, and numbers of groups: what stands for a match. */
export type Replacement = readonly (string | number)[];

/** `\1`, `\g<1>`, `\g<name>`, `\n` and their like, as `re.sub` reads them. */
export function parseReplacement(template: string, program: Program): Replacement {
  const parts: (string | number)[] = [];
  const form = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([^]))|([^\\]+)|\\$/g;
  for (const found of template.matchAll(form)) {
    const [whole, name, octal, number, escape, text] = found;
    if (text !== undefined) parts.push(text);
    else if (name !== undefined) parts.push(groupNumber(program, name));
    else if (octal !== undefined) parts.push(String.fromCharCode(Number.parseInt(octal, 8) & 0xff));
    else if (number !== undefined) parts.push(groupNumber(program, number));
    else if (escape !== undefined && Object.hasOwn(ESCAPES, escape)) parts.push(ESCAPES[escape] ?? "");
    else if (escape === undefined || /[a-zA-Z]/.test(escape)) {
      const hint = escape === "g" ? "missing group name" : `bad escape ${whole}`;
      throw new JinjaError("ValueError", `the replacement ${JSON.stringify(template)} is wrong: ${hint}`);
    } else parts.push(whole);
  }
  return parts;
}

export function fillReplacement(parts: Replacement, match: Match, subject: Subject): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      const span = match[part];
      return span === undefined ? "" : subject.slice(span);
    })
    .join("");
}

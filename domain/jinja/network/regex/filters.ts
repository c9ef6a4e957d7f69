import { bind } from "../../arguments.ts";
import type { EngineContext, Filter } from "../../extension.ts";
import { str } from "../../print.ts";
import { isTrue } from "../../truth.ts";
import { Tuple, type Value } from "../../values.ts";
import { fail, intParameter, stringOf } from "../support.ts";
import type { Match } from "./match.ts";
import type { Program } from "./program.ts";
import { compileRegex, findAll, findFirst, groupNumber, type Subject, subjectOf } from "./regex.ts";
import { fillReplacement, parseReplacement } from "./replacement.ts";

export function prepare(
  filter: string,
  value: Value,
  { pattern, ignoreCase, multiLine }: { pattern: Value; ignoreCase: Value; multiLine: Value },
  engine: EngineContext,
): { program: Program; subject: Subject } {
  const source = stringOf(pattern) ?? fail(filter, `the pattern must be a string, not ${str(pattern)}`);
  const program = compileRegex(source, { ignoreCase: isTrue(ignoreCase), multiLine: isTrue(multiLine) });
  return { program, subject: subjectOf(str(value), engine.spend) };
}

const regexReplace: Filter = (value, args, kwargs, engine) => {
  const [pattern, replacement, ignoreCase, multiLine, count, mandatory] = bind(
    "regex_replace",
    [
      ["pattern", ""],
      ["replacement", ""],
      ["ignorecase", false],
      ["multiline", false],
      ["count", 0],
      ["mandatory_count", 0],
    ],
    args,
    kwargs,
  );
  const { program, subject } = prepare("regex_replace", value, { pattern, ignoreCase, multiLine }, engine);
  const template =
    stringOf(replacement) ?? fail("regex_replace", `the replacement must be a string, not ${str(replacement)}`);
  const parts = parseReplacement(template, program);
  const limit = Number(intParameter("regex_replace", "count", count));
  let result = "";
  let done = 0;
  let replaced = 0;
  for (const match of findAll(program, subject, engine.spend)) {
    const filled = fillReplacement(parts, match, subject);
    engine.spend(1 + Math.floor(filled.length / 64));
    result += subject.slice([done, match[0][0]]) + filled;
    done = match[0][1];
    replaced++;
    if (replaced === limit) break;
  }
  const wanted = Number(intParameter("regex_replace", "mandatory_count", mandatory));
  if (wanted !== 0 && wanted !== replaced) {
    fail(
      "regex_replace",
      `'${str(pattern)}' should match ${wanted} times, but matches ${replaced} times in '${str(value)}'`,
    );
  }
  return result + subject.slice([done, subject.chars.length]);
};

const regexFindall: Filter = (value, args, kwargs, engine) => {
  const [pattern, multiLine, ignoreCase] = bind(
    "regex_findall",
    ["regex", ["multiline", false], ["ignorecase", false]],
    args,
    kwargs,
  );
  const { program, subject } = prepare("regex_findall", value, { pattern, ignoreCase, multiLine }, engine);
  const found: Value[] = [];
  for (const match of findAll(program, subject, engine.spend)) found.push(foundValue(match, subject));
  return found;
};

/** The whole where the pattern has no group, the group where it has one, else a tuple of them. */
function foundValue(match: Match, subject: Subject): Value {
  const [whole, ...groups] = match;
  const texts = groups.map((span) => (span === undefined ? "" : subject.slice(span)));
  const [first] = texts;
  if (first === undefined) return subject.slice(whole);
  return texts.length === 1 ? first : new Tuple(texts);
}

const regexSearch: Filter = (value, args, kwargs, engine) => {
  const [pattern = kwargs.get("regex"), ...wanted] = args;
  if (pattern === undefined) return fail("regex_search", "missing 1 required positional argument: 'regex'");
  const flags = { pattern, ignoreCase: kwargs.get("ignorecase") ?? false, multiLine: kwargs.get("multiline") ?? false };
  const names = wanted.map(groupName);
  const { program, subject } = prepare("regex_search", value, flags, engine);
  const match = findFirst(program, subject, "search", engine.spend);
  if (match === undefined) return null;
  if (names.length === 0) return subject.slice(match[0]);
  return names.map((name) => {
    const span = match[groupNumber(program, name)];
    return span === undefined ? null : subject.slice(span);
  });
};

/** `\1`, or `\g<name>`. */
function groupName(argument: Value): string {
  const text = stringOf(argument) ?? "";
  const [, name, number] = /^\\(?:g<(\S+)>|(\d+))/.exec(text) ?? [];
  return (
    name ??
    number ??
    fail("regex_search", `unknown argument ${str(argument)}: a group is asked for as '\\\\1' or '\\\\g<name>'`)
  );
}

const ESCAPED = {
  python: /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g,
  posix_basic: /[\].[^$*\\]/g,
};

const regexEscape: Filter = (value, args, kwargs, engine) => {
  const [type] = bind("regex_escape", [["re_type", "python"]], args, kwargs);
  const text = str(value);
  engine.spend(1 + Math.floor(text.length / 64));
  if (type !== "python" && type !== "posix_basic") {
    return fail("regex_escape", `invalid regex type (${str(type)}): it is python or posix_basic`);
  }
  return text.replace(ESCAPED[type], (char) => `\\${char}`);
};

export const REGEX_FILTERS: readonly (readonly [string, Filter])[] = [
  ["regex_replace", regexReplace],
  ["regex_search", regexSearch],
  ["regex_findall", regexFindall],
  ["regex_escape", regexEscape],
];

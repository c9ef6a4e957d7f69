import type { Pipe } from "../cli/pipes.ts";
import type { Answer } from "../cli/types.ts";
import { junosTime } from "../clock.ts";
import { readConfig } from "./commit.ts";
import { parseStatement, words } from "./parse.ts";
import { junosPipe } from "./pipes.ts";
import { compare, pathText, printBraces, printSet } from "./print.ts";
import type { JunosState } from "./state.ts";
import { emptyJunos, setStatement, statementAt, type Statement, type Step } from "./tree.ts";

export const syntaxError = (column: number, message = "syntax error."): Answer => ({
  refused: true,
  unpaged: true,
  output: `${" ".repeat(Math.max(0, column))}^\n${message}\n`,
});

/** The lines of an answer after its pipes; undefined offset of what was wrong with them. */
export function piped(text: string, pipes: readonly Pipe[], line: string, column: number): Answer {
  let output = text;
  let unpaged = false;
  for (const pipe of pipes) {
    const next = junosPipe(output, pipe);
    if (next === undefined) return syntaxError(column + line.lastIndexOf(pipe.verb === "" ? "|" : pipe.verb));
    unpaged ||= pipe.verb.startsWith("no");
    output = next;
  }
  return { output, unpaged };
}

/** Only what lies at and below a path, in its place. */
function only(root: Statement, path: readonly Step[]): Statement {
  const found = statementAt(root, path);
  const pruned = emptyJunos();
  if (!found) return pruned;
  setStatement(
    pruned,
    path.map((step) => ({ ...step, values: [] })),
  );
  const target = statementAt(pruned, path);
  if (target) Object.assign(target, { children: found.children, values: found.values, inactive: found.inactive });
  return pruned;
}

export type ListingSource = { state: JunosState; root: Statement; against: Statement; edit: Step[]; banner: boolean };

/** `show` in config mode and `show configuration`: braces, `display set`, or `compare`. */
export function listConfig(
  { state, root, against, edit, banner }: ListingSource,
  below: string,
  pipes: readonly Pipe[],
  line: string,
  column: number,
): Answer {
  const parsed = below.trim() === "" ? { paths: [[...edit]] } : parseStatement(edit, words(below));
  if ("message" in parsed)
    return syntaxError(column + line.indexOf(below) + Math.max(0, parsed.offset), parsed.message);
  const path = parsed.paths[0] ?? [];
  const rest = [...pipes];
  const [first] = rest;
  if (first && first.verb !== "" && "compare".startsWith(first.verb) && first.verb.length >= 3) {
    rest.shift();
    const number = /^rollback (\d+)$/.exec(first.rest)?.[1];
    if (first.rest !== "" && number === undefined) return syntaxError(column + line.indexOf(first.rest));
    const past = number === undefined ? undefined : state.commits[Number(number)]?.config;
    if (number !== undefined && past === undefined)
      return {
        refused: true,
        output: `error: problem checking file: juniper.conf.${number}.gz: No such file or directory\n`,
      };
    const old = past === undefined ? against : readConfig(past);
    return piped(
      compare(only(old, path), only(root, path))
        .map((l) => `${l}\n`)
        .join(""),
      rest,
      line,
      column,
    );
  }
  if (first && first.verb !== "" && "display".startsWith(first.verb)) {
    if (first.rest !== "set" && first.rest !== "set relative")
      return first.rest === "detail" || first.rest === "inheritance"
        ? listConfig({ state, root, against, edit, banner }, below, rest.slice(1), line, column)
        : syntaxError(column + line.lastIndexOf(first.rest));
    rest.shift();
    return piped(
      printSet(only(root, path))
        .map((l) => `${l}\n`)
        .join(""),
      rest,
      line,
      column,
    );
  }
  const at = statementAt(root, path);
  const lines =
    at === undefined
      ? []
      : at.schema.kind === "leaf" || at.schema.kind === "values" || at.schema.kind === "flag"
        ? printBraces([at])
        : printBraces(at.children);
  const head =
    banner && path.length === 0
      ? `## Last commit: ${junosTime(state.commits[0]?.at ?? 0)} by ${state.commits[0]?.user ?? "root"}\nversion 22.4R3.25;\n`
      : "";
  return piped(head + lines.map((l) => `${l}\n`).join(""), rest, line, column);
}

export const editBanner = (path: readonly Step[]): string =>
  path.length === 0 ? "[edit]" : `[edit ${pathText(path)}]`;

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Cell } from "../../../domain/textfsm/record.ts";
import type { Row } from "../../../domain/textfsm/cli-table.ts";
import { findProgram } from "../../support/tools.ts";

const SCRIPT = fileURLToPath(new URL("./reference.py", import.meta.url));
const LIMIT_MS = 150_000;

type Refused = { refused: string };
export type Parse = ({ file: string } | { template: string }) & { outputs: string[] };
export type ParseResult = { rows: Cell[][] } | { error: number };
export type Match = { pattern: string; texts: string[] };
type Answers = {
  parse: { header: string[]; results: ParseResult[] } | Refused;
  match: { results: (Record<string, string | null> | null)[] } | Refused;
  find: { results: (string | null)[] };
  table: { results: Row[][] };
};

/** Asks Python, all questions in one process. */
function ask<T>(questions: readonly object[]): T[] {
  const python = findProgram("textfsm")?.replace(/textfsm$/, "python");
  if (python === undefined) throw new Error('no TextFSM here: guard the suite with requires("textfsm")');
  const { stdout, stderr, status, error } = spawnSync(python, [SCRIPT], {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(""),
    encoding: "utf8",
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    maxBuffer: 512 * 1024 * 1024,
    timeout: LIMIT_MS,
  });
  if (status !== 0) throw new Error(`the reference failed: ${stderr || String(error)}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

export const askParses = (questions: readonly Parse[]): Answers["parse"][] => ask(questions);
export const askMatches = (questions: readonly Match[]): Answers["match"][] => ask(questions);
export const askTemplates = (folder: string, asks: readonly (readonly [string, string])[]): (string | null)[] =>
  ask<Answers["find"]>([{ folder, asks }])[0]?.results ?? [];
export const askTables = (folder: string, parses: readonly (readonly [string, string])[]): Row[][] =>
  ask<Answers["table"]>([{ folder, parses }])[0]?.results ?? [];

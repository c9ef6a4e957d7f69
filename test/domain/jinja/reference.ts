import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compile, findVariables, JinjaError, type CompileOptions } from "../../../domain/jinja/index.ts";

const SCRIPT = fileURLToPath(new URL("./reference.py", import.meta.url));
const PYTHON = fileURLToPath(new URL("../../../.cache/venv/bin/python", import.meta.url));
const LIMIT_MS = 120_000;

export type Options = Pick<
  CompileOptions,
  "trim_blocks" | "lstrip_blocks" | "keep_trailing_newline" | "undefined" | "autoescape"
>;
export type Case = {
  source: string;
  variables?: Record<string, unknown>;
  templates?: Record<string, string>;
  options?: Options;
};
export type Failure = { error: string; message: string; template: string | null; line: number | null };
export type Answer = { rendered: string } | Failure | { names: string[] };

/** Asks Jinja2, all cases in one process. */
function ask(cases: readonly object[]): Answer[] {
  const { stdout, stderr, status, error } = spawnSync(PYTHON, ["-W", "ignore", SCRIPT], {
    input: cases.map((each) => `${JSON.stringify(each)}\n`).join(""),
    encoding: "utf8",
    env: { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONHASHSEED: "0" },
    maxBuffer: 512 * 1024 * 1024,
    timeout: LIMIT_MS,
  });
  if (status !== 0) throw new Error(`Jinja2 failed: ${stderr || String(error)}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}

export const askRenderings = (cases: readonly Case[]): Answer[] => ask(cases);
export const askVariables = (sources: readonly string[], options: Options = {}): Answer[] =>
  ask(sources.map((source) => ({ ask: "variables", source, options })));

function failure(error: unknown): Failure {
  if (!(error instanceof JinjaError)) throw error;
  const { kind, message, place } = error;
  return { error: kind, message, template: place?.template ?? null, line: place?.line ?? null };
}

export function renderHere({ source, variables = {}, templates = {}, options = {} }: Case): Answer {
  try {
    return { rendered: compile(source, { ...options, templates }).render(variables).rendered };
  } catch (error) {
    return failure(error);
  }
}

export function variablesHere(source: string, options: Options = {}): Answer {
  try {
    return {
      names: findVariables(source, options)
        .map(({ name }) => name)
        .sort(),
    };
  } catch (error) {
    return failure(error);
  }
}

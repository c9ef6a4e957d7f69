import type { TemplateVariable } from "../../../../domain/contract/template.ts";
import type { PythonError } from "../../../../domain/jinja/errors.ts";
import { ApiError } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";

/** Why a text cannot be read or rendered, as the engine says it. */
export type Fault = {
  kind: PythonError;
  message: string;
  /** The included template it is in; null: the one that is edited. */
  template: string | null;
  line: number | null;
  column: number | null;
};

/** Why there is no output: the engine's word in a sentence, or the API's. */
export type Trouble = {
  message: string;
  template: string | null;
  line: number | null;
  column: number | null;
  /** The variable that has no value, where that is all. */
  variable: string | null;
  /** What is missing in a value: `secret` of `p.secret`. */
  attribute: string | null;
  /** Only values are missing. */
  missing: boolean;
};

export type Problem = {
  level: "error" | "warning";
  /** In the text that is edited; null: nowhere in it. */
  line: number | null;
  column: number | null;
  message: string;
  /** The variable that wants a value. */
  variable: string | null;
  /** What to mark in the line; null: all of it, or from the column. */
  word: string | null;
};

const MISSING = /^'([^']+)' is undefined/;
const NO_ATTRIBUTE = /^'([^']+) object' has no attribute '([^']+)'/;
const stop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
const missingSentence = (name: string): string =>
  `${name} has no value. Give it one, or write {{ ${name} | default(…) }}.`;

const attributeSentence = (name: string): string =>
  `${name} is missing in a value that is used here. Give it there, or write | default(…).`;

function sentenceOf({ kind, message }: Pick<Fault, "kind" | "message">): string {
  const missing = MISSING.exec(message)?.[1];
  if (missing !== undefined) return missingSentence(missing);
  const attribute = NO_ATTRIBUTE.exec(message);
  if (attribute) return attributeSentence(attribute[2] ?? "");
  if (kind === "UndefinedError") return `${stop(message)} Give it a value, or use the filter default.`;
  if (kind === "TemplateNotFound" || kind === "TemplatesNotFound")
    return `There is no template ${message}. Save one under that name, or correct it here.`;
  if (kind === "LimitReached" || kind === "RecursionError") return stop(`Stopped: ${message}`);
  return stop(message.charAt(0).toUpperCase() + message.slice(1));
}

export const troubleOf = (fault: Fault): Trouble => ({
  message: sentenceOf(fault),
  template: fault.template,
  line: fault.line,
  column: fault.column,
  variable: MISSING.exec(fault.message)?.[1] ?? null,
  attribute: NO_ATTRIBUTE.exec(fault.message)?.[2] ?? null,
  missing: fault.kind === "UndefinedError",
});

/** The API says the same of what it rendered. */
export function troubleOfError(error: unknown): Trouble {
  const [detail] = error instanceof ApiError ? error.details : [];
  const inside = /^templates\.(.*)$/s.exec(detail?.path ?? "")?.[1] ?? null;
  const variable = detail ? (MISSING.exec(detail.message)?.[1] ?? null) : null;
  const attribute = detail ? (NO_ATTRIBUTE.exec(detail.message)?.[2] ?? null) : null;
  const said = detail?.message ?? errorText(error);
  return {
    message:
      variable !== null
        ? missingSentence(variable)
        : attribute !== null
          ? attributeSentence(attribute)
          : stop(said.charAt(0).toUpperCase() + said.slice(1)),
    template: inside,
    line: detail?.line ?? null,
    column: detail?.column ?? null,
    variable,
    attribute,
    missing: error instanceof ApiError && error.code === "variable_undefined",
  };
}

const escaped = (name: string): string => name.replace(/[$]/g, String.raw`\$`);
const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** The line where a variable is given a default or asked whether it is there; null where it simply has to be there. */
export function guardOf(source: string, name: string): number | null {
  const guard = new RegExp(
    String.raw`\b${escaped(name)}\b(\s*\|\s*(default|d)\b|\s+is\s+(not\s+)?(un)?defined\b)`,
  ).exec(source);
  return guard ? lineAt(source, guard.index) : null;
}

type Known = {
  source: string;
  trouble: Trouble | null;
  variables: readonly TemplateVariable[];
  /** Names that have a value: from the form or the device. */
  given: ReadonlySet<string>;
};

/** All that is wrong, by line; what stops the rendering is an error, what may stop it a warning. */
export function problemsOf({ source, trouble, variables, given }: Known): Problem[] {
  const found: Problem[] = [];
  if (trouble) {
    const { template, line, column, message, variable, attribute } = trouble;
    found.push(
      template === null
        ? { level: "error", line, column, message, variable, word: variable ?? attribute }
        : {
            level: "error",
            line: null,
            column: null,
            message: `In ${template}, line ${line ?? "?"}: ${message}`,
            variable,
            word: null,
          },
    );
  }
  for (const { name, line, template } of variables) {
    if (given.has(name) || name === trouble?.variable || template !== undefined || guardOf(source, name) !== null)
      continue;
    found.push({
      level: "warning",
      line,
      column: null,
      message: `${name} has no value: where this line is reached, rendering stops.`,
      variable: name,
      word: name,
    });
  }
  return found.sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
}

/** The one after the line where the cursor stands; from the last on to the first. */
export function nextProblem(problems: readonly Problem[], line: number): Problem | null {
  const placed = problems.filter((p) => p.line !== null);
  return placed.find((p) => (p.line ?? 0) > line) ?? placed[0] ?? null;
}

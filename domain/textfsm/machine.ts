import { OutputError, PatternError, TemplateError } from "./errors.ts";
import { isPlain, splitLines } from "./lines.ts";
import { backtracker } from "./pattern/backtrack.ts";
import { END, firstOf, type First } from "./pattern/first.ts";
import { keptGroups, matchesOtherwise } from "./pattern/facts.ts";
import type { Pattern } from "./pattern/tree.ts";
import { writePattern, type Matcher } from "./pattern/write.ts";
import { createRecord, type Cell } from "./record.ts";
import { parseTemplate, type Rule, type Template } from "./template.ts";

const TAB = 9;
const SPACE = 32;

type Step = {
  rule: Rule;
  plain: Matcher;
  /** Of any text; made when a text first needs it. */
  wide(): Matcher;
  /** The value that each kept group is assigned to; -1 where it has none. */
  columns: Int16Array;
  first: First;
  afterSpace: First;
  next: State | "End" | "EOF" | null;
};
type State = {
  steps: Step[];
  /** The steps that can match a plain line, by how it begins; filled as lines come. */
  byBeginning: (Step[] | undefined)[];
};
const newState = (): State => ({ steps: [], byBeginning: Array.from({ length: 3 * 128 }, () => undefined) });

export type Compiled = { header: string[]; keys: string[]; run(text: string): Cell[][] };

/** Compiles a template once, for any number of outputs. */
export function compileTemplate(text: string): Compiled {
  const template = parseTemplate(text);
  const states = new Map([...template.states.keys()].map((name) => [name, newState()]));
  for (const [name, rules] of template.states)
    for (const rule of rules) states.get(name)?.steps.push(compileRule(rule, template, states));
  const start = states.get("Start");
  if (start === undefined) throw new Error("a template without Start was let through");
  return {
    header: template.values.map(({ name }) => name),
    keys: template.values.filter(({ options }) => options.includes("Key")).map(({ name }) => name),
    run: (output) => run(template, start, output),
  };
}

function compileRule(rule: Rule, { values }: Template, states: ReadonlyMap<string, State>): Step {
  const { pattern, target, lineOp } = rule;
  const kept = keptGroups(pattern);
  const byGroup = new Map([...pattern.names].map(([name, group]) => [group, values.findIndex((v) => v.name === name)]));
  const plain = plainMatcher(pattern, kept, rule.line);
  let wide: Matcher | undefined;
  return {
    rule,
    plain,
    wide: () => (wide ??= plain instanceof RegExp ? writePattern(pattern, kept, "wide") : plain),
    columns: Int16Array.from(
      [...kept].sort((a, b) => a - b),
      (group) => byGroup.get(group) ?? -1,
    ),
    first: firstOf(pattern, false),
    afterSpace: firstOf(pattern, true),
    next:
      lineOp === "Error" || target === null
        ? null
        : target === "End" || target === "EOF"
          ? target
          : (states.get(target) ?? null),
  };
}

function plainMatcher(pattern: Pattern, kept: ReadonlySet<number>, line: number): Matcher {
  try {
    return matchesOtherwise(pattern) ? backtracker(pattern) : writePattern(pattern, kept, "plain");
  } catch (error) {
    if (error instanceof PatternError) throw new TemplateError(error.message, line);
    throw error;
  }
}

/** Takes an output through the states. The rows are in the order of the header. */
function run(template: Template, start: State, output: string): Cell[][] {
  const record = createRecord(template.values);
  const plain = isPlain(output);
  const lines = splitLines(output, plain);
  let state = start;
  let at: "End" | "EOF" | null = null;
  for (let i = 0; i < lines.length && at === null; i++) {
    const line = lines[i] ?? "";
    const isPlainLine = plain || isPlain(line);
    const steps = isPlainLine ? stepsFor(state, line) : state.steps;
    for (const step of steps) {
      const regex = isPlainLine ? step.plain : step.wide();
      if (step.columns.length === 0) {
        if (!regex.test(line)) continue;
      } else {
        const match = regex.exec(line);
        if (match === null) continue;
        assign(record, step.columns, match);
      }
      const { recordOp, lineOp } = step.rule;
      if (recordOp === "Record") record.append();
      else if (recordOp === "Clear") record.clear();
      else if (recordOp === "Clearall") record.clearAll();
      if (lineOp === "Continue") continue;
      if (lineOp === "Error")
        throw new OutputError({ says: step.rule.target, ruleLine: step.rule.line, inputLine: i + 1, input: line });
      if (step.next === "End" || step.next === "EOF") at = step.next;
      else if (step.next !== null) state = step.next;
      break;
    }
  }
  // The end of the output records what is there, unless an empty state EOF says not to.
  if (at !== "End" && !template.states.has("EOF")) record.append();
  return record.rows;
}

function assign(
  record: ReturnType<typeof createRecord>,
  columns: Int16Array,
  match: ArrayLike<string | undefined>,
): void {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] ?? -1;
    if (column !== -1) record.assign(column, match[i + 1] ?? null);
  }
}

/** Of a state's steps those that can match a plain line by its first characters, which is most of the work saved. */
function stepsFor(state: State, line: string): Step[] {
  let at = 0;
  while (line.charCodeAt(at) === SPACE || line.charCodeAt(at) === TAB) at++;
  const code = at < line.length ? line.charCodeAt(at) : END;
  const lead = at === 0 ? 0 : line.charCodeAt(0);
  const key = (lead === 0 ? 0 : lead === TAB ? 128 : 256) + code;
  return (state.byBeginning[key] ??= state.steps.filter(({ first, afterSpace }) =>
    lead === 0 ? begins(first, code) : begins(first, lead) && begins(afterSpace, code),
  ));
}

const begins = ({ codes, free }: First, code: number): boolean => free || codes[code] === 1;

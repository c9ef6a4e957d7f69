import { PatternError, TemplateError } from "./errors.ts";
import { parsePattern } from "./pattern/parse.ts";
import type { Pattern } from "./pattern/tree.ts";

const OPTIONS = ["Required", "Filldown", "Fillup", "List", "Key"] as const;
export type Option = (typeof OPTIONS)[number];

export type Value = {
  name: string;
  /** In the order in which they are written: it decides whether Required looks at a list or at its last entry. */
  options: Option[];
  regex: string;
  /** The expression on its own: a List with named groups in it keeps those. */
  pattern: Pattern;
};

export type Rule = {
  /** In the template, from 1. */
  line: number;
  pattern: Pattern;
  lineOp: "Next" | "Continue" | "Error";
  recordOp: "NoRecord" | "Record" | "Clear" | "Clearall";
  /** A state, or what an Error says; null stays in the state. */
  target: string | null;
};

export type Template = { values: Value[]; states: Map<string, Rule[]> };

const MAX_NAME = 48;
const COMMENT = /^\s*#/;
const STATE = /^[\p{L}\p{N}_]+$/u;
const RESERVED = ["Continue", "Next", "Error", "Clear", "Clearall", "Record", "NoRecord"];
const WITH_ACTION = /^(?<match>.*)\s->(?<action>.*)$/;
const TARGET = String.raw`(?<target>[\p{L}\p{N}_]+|".*")`;
/** The three ways to write an action: line and record operator, record operator, neither. */
const ACTIONS = [
  String.raw`^\s+(?<lineOp>Continue|Next|Error)(?:\.(?<recordOp>Clear|Clearall|Record|NoRecord))?(?:\s+${TARGET})?$`,
  String.raw`^\s+(?<recordOp>Clear|Clearall|Record|NoRecord)(?:\s+${TARGET})?$`,
  String.raw`^(?:\s+${TARGET})?$`,
].map((source) => new RegExp(source, "u"));

/** Reads a template: values, a blank line, states with their rules. Refuses what TextFSM 2.1 refuses. */
export function parseTemplate(text: string): Template {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  const values: Value[] = [];
  let at = 0;
  for (; at < lines.length; at++) {
    const line = (lines[at] ?? "").trimEnd();
    if (line === "") break;
    if (COMMENT.test(line)) continue;
    if (!line.startsWith("Value "))
      throw values.length === 0
        ? new TemplateError("no Value definitions found", 0)
        : new TemplateError("expected a blank line after the last Value", at + 1);
    const value = parseValue(line, at + 1);
    if (values.some(({ name }) => name === value.name))
      throw new TemplateError(`Value ${value.name} is declared twice`, at + 1);
    values.push(value);
  }
  const states = new Map<string, Rule[]>();
  at += 1;
  while (at < lines.length) {
    const line = (lines[at] ?? "").trimEnd();
    at += 1;
    if (line === "" || COMMENT.test(line)) continue;
    if (!STATE.test(line) || line.length > MAX_NAME || RESERVED.includes(line))
      throw new TemplateError(`${JSON.stringify(line)} is no name of a state`, at);
    if (states.has(line)) throw new TemplateError(`the state ${line} is there twice`, at);
    const rules: Rule[] = [];
    states.set(line, rules);
    for (; at < lines.length; at++) {
      const rule = (lines[at] ?? "").trimEnd();
      if (rule === "") break;
      if (COMMENT.test(rule)) continue;
      if (!/^(?: {1,2}|\t)\^/.test(rule))
        throw new TemplateError("a rule begins with one or two spaces or a tab, then ^", at + 1);
      rules.push(parseRule(rule, at + 1, values));
    }
  }
  checkStates(states);
  return { values, states };
}

function checkStates(states: Map<string, Rule[]>): void {
  if (!states.has("Start")) throw new TemplateError("the state Start is missing", 0);
  for (const name of ["End", "EOF"])
    if ((states.get(name)?.length ?? 0) > 0) throw new TemplateError(`the state ${name} must have no rules`, 0);
  states.delete("End");
  for (const [state, rules] of states)
    for (const { lineOp, target, line } of rules) {
      if (lineOp === "Error" || target === null || target === "End" || target === "EOF") continue;
      if (!states.has(target)) throw new TemplateError(`there is no state ${target}, which ${state} leads to`, line);
    }
}

function parseValue(text: string, line: number): Value {
  const words = text.split(" ");
  if (words.length < 3) throw new TemplateError("a Value has a name and an expression", line);
  const hasOptions = !words[2]?.startsWith("(");
  const [name = "", ...rest] = words.slice(hasOptions ? 2 : 1);
  const options = hasOptions ? parseOptions(words[1] ?? "", line) : [];
  const regex = rest.join(" ");
  if (name.length > MAX_NAME) throw new TemplateError(`the name ${name} is longer than ${MAX_NAME} characters`, line);
  if (regex.length < 2 || !regex.startsWith("(") || !regex.endsWith(")") || regex.at(-2) === "\\")
    throw new TemplateError(`Value ${name} must be within one pair of ( and )`, line);
  return { name, options, regex, pattern: patternAt(regex, line) };
}

function parseOptions(text: string, line: number): Option[] {
  const options: Option[] = [];
  for (const word of text.split(",")) {
    const option = OPTIONS.find((known) => known === word);
    if (option === undefined) throw new TemplateError(`there is no option ${JSON.stringify(word)}`, line);
    if (options.includes(option)) throw new TemplateError(`the option ${option} is there twice`, line);
    options.push(option);
  }
  return options;
}

function parseRule(text: string, line: number, values: readonly Value[]): Rule {
  const trimmed = text.trim();
  const { match = trimmed, action } = WITH_ACTION.exec(trimmed)?.groups ?? {};
  const pattern = patternAt(values.length === 0 ? match : substitute(match, line, values), line);
  const given =
    action === undefined ? undefined : ACTIONS.map((way) => way.exec(action)).find((found) => found !== null);
  if (action !== undefined && given === undefined) throw new TemplateError(`the action ${action.trim()} is none`, line);
  const { lineOp = "Next", recordOp = "NoRecord", target = null } = given?.groups ?? {};
  if (lineOp === "Continue" && target !== null)
    throw new TemplateError(`Continue stays in its state, and cannot go to ${target}`, line);
  if (lineOp !== "Error" && target?.startsWith('"'))
    throw new TemplateError("only Error has a text; a state has letters, digits and _", line);
  return { line, pattern, lineOp: asLineOp(lineOp), recordOp: asRecordOp(recordOp), target };
}

/** The expressions of `ACTIONS` let nothing else through. */
const asLineOp = (text: string): Rule["lineOp"] => text as Rule["lineOp"];
const asRecordOp = (text: string): Rule["recordOp"] => text as Rule["recordOp"];

/** `${NAME}` and `$NAME` become the value's expression as a group of that name, `$$` one `$`. */
function substitute(text: string, line: number, values: readonly Value[]): string {
  return text.replace(
    /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\}|)/gi,
    (_, dollar?: string, bare?: string, braced?: string) => {
      if (dollar !== undefined) return "$";
      const name = bare ?? braced;
      const value = values.find((each) => each.name === name);
      if (value === undefined)
        throw new TemplateError(name === undefined ? "write $$ for a single $" : `there is no Value ${name}`, line);
      return `(?P<${value.name}>${value.regex.slice(1)}`;
    },
  );
}

function patternAt(source: string, line: number): Pattern {
  try {
    return parsePattern(source);
  } catch (error) {
    if (error instanceof PatternError) throw new TemplateError(`${error.message}, in ${source}`, line);
    throw error;
  }
}

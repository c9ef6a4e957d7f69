import { bind } from "../arguments.ts";
import { contains as holds } from "../compare.ts";
import type { Test } from "../extension.ts";
import { toList } from "../iterate.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { Float, type Value } from "../values.ts";
import { ValueSet } from "./merge-dicts.ts";
import { prepare } from "./regex/filters.ts";
import { findFirst } from "./regex/regex.ts";
import type { Search } from "./regex/match.ts";
import { fail, stringOf } from "./support.ts";
import { SCHEMES } from "./version.ts";

const KINDS: readonly Search["kind"][] = ["search", "match", "fullmatch"];

const regexTest =
  (name: string, kind?: Search["kind"]): Test =>
  (value, args, kwargs, engine) => {
    const [pattern, ignoreCase, multiLine, type] = bind(
      name,
      [
        ["pattern", ""],
        ["ignorecase", false],
        ["multiline", false],
        ["match_type", kind ?? "search"],
      ],
      args,
      kwargs,
    );
    const asked =
      kind ?? KINDS.find((known) => known === type) ?? fail(name, `match_type must be one of ${KINDS.join(", ")}`);
    const { program, subject } = prepare(name, value, { pattern, ignoreCase, multiLine }, engine);
    return findFirst(program, subject, asked, engine.spend) !== undefined;
  };

/** Every one of the items is among the others. */
function areAmong(items: Value, others: Value, engine: Parameters<Test>[3]): boolean {
  const set = new ValueSet(toList(others), engine);
  return toList(items).every((item) => set.has(item));
}

const subset: Test = (value, args, kwargs, engine) => areAmong(value, bind("subset", ["b"], args, kwargs)[0], engine);
const superset: Test = (value, args, kwargs, engine) =>
  areAmong(bind("superset", ["b"], args, kwargs)[0], value, engine);
const contains: Test = (value, args, kwargs) => holds(value, bind("contains", ["value"], args, kwargs)[0]);
const all: Test = (value, args, kwargs) => {
  bind("all", [], args, kwargs);
  return toList(value).every(isTrue);
};
const any: Test = (value, args, kwargs) => {
  bind("any", [], args, kwargs);
  return toList(value).some(isTrue);
};

const isNan: Test = (value, args, kwargs) => {
  bind("nan", [], args, kwargs);
  return value instanceof Float && Number.isNaN(value.value);
};

const WORDS = [
  ["n", "no", "off", "0", "false", "f"],
  ["y", "yes", "on", "1", "true", "t"],
];

/** With `convert_bool`, "no", "off", "false" and their like are false; what is no such word is judged as it is. */
function isTruthy(value: Value, convert: boolean): boolean {
  const text = stringOf(value)?.toLowerCase().trim();
  if (!convert || text === undefined) return isTrue(value);
  const found = WORDS.findIndex((words) => words.includes(text));
  return found < 0 ? isTrue(value) : found === 1;
}

const truthy: Test = (value, args, kwargs) =>
  isTruthy(value, isTrue(bind("truthy", [["convert_bool", false]], args, kwargs)[0]));
const falsy: Test = (value, args, kwargs) =>
  !isTruthy(value, isTrue(bind("falsy", [["convert_bool", false]], args, kwargs)[0]));

const OPERATORS: ReadonlyMap<string, (difference: number) => boolean> = new Map(
  (
    [
      [["==", "=", "eq"], (d) => d === 0],
      [["<", "lt"], (d) => d < 0],
      [["<=", "le"], (d) => d <= 0],
      [[">", "gt"], (d) => d > 0],
      [[">=", "ge"], (d) => d >= 0],
      [["!=", "<>", "ne"], (d) => d !== 0],
    ] as const satisfies readonly (readonly [readonly string[], (difference: number) => boolean])[]
  ).flatMap(([names, holdsFor]) => names.map((name) => [name, holdsFor] as const)),
);

const version: Test = (value, args, kwargs) => {
  const [other, operator, strict, type] = bind(
    "version",
    ["version", ["operator", "eq"], ["strict", null], ["version_type", null]],
    args,
    kwargs,
  );
  if (strict !== null && type !== null) fail("version", "cannot specify both 'strict' and 'version_type'");
  if (!isTrue(value) || !isTrue(other)) fail("version", "a version cannot be empty");
  const name = type === null ? (isTrue(strict) ? "strict" : "loose") : str(type);
  const scheme =
    SCHEMES.get(name) ??
    fail("version", `invalid version type (${name}): it must be one of ${[...SCHEMES.keys()].join(", ")}`);
  const holdsFor =
    OPERATORS.get(str(operator)) ??
    fail("version", `invalid operator (${str(operator)}): it must be one of ${[...OPERATORS.keys()].join(", ")}`);
  return holdsFor(scheme.compare(scheme.parse(str(value)), scheme.parse(str(other))));
};

export const VALUE_TESTS: readonly (readonly [string, Test])[] = [
  ["match", regexTest("match", "match")],
  ["search", regexTest("search", "search")],
  ["regex", regexTest("regex")],
  ["subset", subset],
  ["issubset", subset],
  ["superset", superset],
  ["issuperset", superset],
  ["contains", contains],
  ["all", all],
  ["any", any],
  ["nan", isNan],
  ["isnan", isNan],
  ["truthy", truthy],
  ["falsy", falsy],
  ["version", version],
  ["version_compare", version],
];

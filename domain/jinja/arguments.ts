import { JinjaError } from "./errors.ts";
import { isInt, toInt } from "./int.ts";
import { typeName } from "./type-name.ts";
import { failUndefined } from "./undefined.ts";
import { Markup, Undefined, type Kwargs, type Value } from "./values.ts";

/** A parameter that must be given, or one with what it is otherwise. */
export type Parameter = string | readonly [name: string, byDefault: Value];
/** One value per parameter. */
type Bound<P extends readonly Parameter[]> = { -readonly [K in keyof P]: Value };

/** Fits what a call gives to the parameters of a Python function; its TypeErrors where it does not fit. */
export function bind<const P extends readonly Parameter[]>(
  name: string,
  parameters: P,
  args: readonly Value[],
  kwargs: Kwargs,
): Bound<P> {
  if (args.length === parameters.length && kwargs.size === 0) return oneEach(args.slice());
  if (args.length > parameters.length) throw tooMany(name, parameters, args.length);
  let used = 0;
  const missing: string[] = [];
  const values = parameters.map((parameter, index) => {
    const key = typeof parameter === "string" ? parameter : parameter[0];
    const named = kwargs.get(key);
    if (named !== undefined) {
      if (index < args.length) throw new JinjaError("TypeError", `${name}() got multiple values for argument '${key}'`);
      used += 1;
      return named;
    }
    const given = args[index];
    if (given !== undefined) return given;
    if (typeof parameter !== "string") return parameter[1];
    missing.push(`'${key}'`);
    return null;
  });
  if (used < kwargs.size) throw unexpected(name, parameters, kwargs);
  if (missing.length > 0) throw missingArguments(name, missing);
  return oneEach(values);
}

/** The mapping above made one value per parameter, which the type of `map` does not say. */
function oneEach<P extends readonly Parameter[]>(values: Value[]): Bound<P> {
  return values as Bound<P>;
}

function tooMany(name: string, parameters: readonly Parameter[], given: number): JinjaError {
  const least = parameters.filter((parameter) => typeof parameter === "string").length;
  const most = parameters.length;
  const takes = least === most ? `${most}` : `from ${least} to ${most}`;
  const were = given === 1 ? "was" : "were";
  const plural = most === 1 ? "" : "s";
  return new JinjaError(
    "TypeError",
    `${name}() takes ${takes} positional argument${plural} but ${given} ${were} given`,
  );
}

function unexpected(name: string, parameters: readonly Parameter[], kwargs: Kwargs): JinjaError {
  const known = new Set(parameters.map((parameter) => (typeof parameter === "string" ? parameter : parameter[0])));
  const other = [...kwargs.keys()].find((key) => !known.has(key)) ?? "";
  return new JinjaError("TypeError", `${name}() got an unexpected keyword argument '${other}'`);
}

function missingArguments(name: string, missing: string[]): JinjaError {
  const plural = missing.length === 1 ? "" : "s";
  const list =
    missing.length > 2 ? `${missing.slice(0, -1).join(", ")}, and ${missing.at(-1) ?? ""}` : missing.join(" and ");
  return new JinjaError(
    "TypeError",
    `${name}() missing ${missing.length} required positional argument${plural}: ${list}`,
  );
}

/** For functions that take arguments by place only. */
export function noKeywords(name: string, kwargs: Kwargs): void {
  if (kwargs.size > 0) throw new JinjaError("TypeError", `${name}() takes no keyword arguments`);
}

/** Where Python's sizes end. */
const MAX_SIZE = 2n ** 63n;

/** An int for a count or a place, as Python's `operator.index` takes it. */
export function wantInt(value: Value): number {
  if (typeof value === "number") return value;
  if (value instanceof Undefined) failUndefined(value);
  if (!isInt(value)) {
    throw new JinjaError("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`);
  }
  const int = toInt(value);
  if (int < -MAX_SIZE || int >= MAX_SIZE) {
    throw new JinjaError("OverflowError", "Python int too large to convert to C ssize_t");
  }
  // Beyond what a number holds exactly it is beyond every length as well.
  return Number(int);
}

/** The text of a string, safe or not. `what` says whose argument it is: `replace() argument 1`. */
export function wantText(value: Value, what: string): string {
  if (typeof value === "string") return value;
  if (value instanceof Markup) return value.text;
  throw new JinjaError("TypeError", `${what} must be str, not ${typeName(value)}`);
}

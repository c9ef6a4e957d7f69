import { JinjaError } from "../jinja/errors.ts";
import { Dict, Float, type Value } from "../jinja/values.ts";

/*
 * JSON as Python reads it. JavaScript's own reading forgets three things that a template may print: that `1.0` is no
 * integer, the digits of a large integer, and the order of keys that look like numbers. Everything here is given text
 * that JSON.parse has accepted; it is looked at once more, as text.
 */

/** Python's own bound on the digits of an integer in a text. */
const MOST_DIGITS = 4300;
const DEEPEST = 100;

/** The value as a template has it. */
export function parseExact(text: string): Value {
  const cursor = { at: 0 };
  return readValue(text, cursor, 0);
}

/** The text of what lies at a path: `["tests"]`. Undefined where there is nothing. */
export function exactAt(text: string, path: readonly string[]): string | undefined {
  let at = skipSpace(text, 0);
  for (const key of path) {
    const found = memberAt(text, at, key);
    if (found === undefined) return undefined;
    at = found;
  }
  return text.slice(at, endOf(text, at));
}

/** The texts of a list's items. */
export function exactItems(text: string): string[] {
  const items: string[] = [];
  let at = skipSpace(text, 0);
  if (text[at] !== "[") return items;
  at = skipSpace(text, at + 1);
  while (at < text.length && text[at] !== "]") {
    const end = endOf(text, at);
    items.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return items;
}

type RawJson = { rawJSON(text: string): unknown };
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** For an answer of the API: what it is made of, with numbers that are written as they came. */
export function hostJson(text: string): unknown {
  return parseWithSource(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source ? rawJson(source) : value,
  );
}

/** ES2026 gives revivers the source text; the compiler's library does not know it yet. */
const parseWithSource = (text: string, reviver: Reviver): unknown =>
  JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
/** The same for JSON.rawJSON. */
const rawJson = (source: string): unknown => (JSON as unknown as RawJson).rawJSON(source);

type Cursor = { at: number };

function readValue(text: string, cursor: Cursor, depth: number): Value {
  if (depth > DEEPEST) throw new JinjaError("ValueError", `variables are nested more than ${DEEPEST} levels deep`);
  cursor.at = skipSpace(text, cursor.at);
  const start = cursor.at;
  if (text[start] === "{") return readObject(text, cursor, depth);
  if (text[start] === "[") return readList(text, cursor, depth);
  cursor.at = endOf(text, start);
  const token = text.slice(start, cursor.at);
  if (token === "null") return null;
  if (token === "true" || token === "false") return token === "true";
  return token.startsWith('"') ? stringOf(token) : numberOf(token);
}

function readObject(text: string, cursor: Cursor, depth: number): Dict {
  const pairs: [string, Value][] = [];
  cursor.at = skipSpace(text, cursor.at + 1);
  while (text[cursor.at] !== "}") {
    const end = endOf(text, cursor.at);
    const key = stringOf(text.slice(cursor.at, end));
    cursor.at = skipSpace(text, end) + 1;
    pairs.push([key, readValue(text, cursor, depth + 1)]);
    cursor.at = afterItem(text, cursor.at);
  }
  cursor.at += 1;
  return Dict.of(pairs);
}

function readList(text: string, cursor: Cursor, depth: number): Value[] {
  const items: Value[] = [];
  cursor.at = skipSpace(text, cursor.at + 1);
  while (text[cursor.at] !== "]") {
    items.push(readValue(text, cursor, depth + 1));
    cursor.at = afterItem(text, cursor.at);
  }
  cursor.at += 1;
  return items;
}

function afterItem(text: string, from: number): number {
  const at = skipSpace(text, from);
  if (at >= text.length) throw new SyntaxError("JSON that ends too early");
  return text[at] === "," ? skipSpace(text, at + 1) : at;
}

function numberOf(token: string): Value {
  const number = Number(token);
  if (Number.isNaN(number)) throw new SyntaxError(`${token.slice(0, 40)} is no JSON`);
  if (/[.eE]/.test(token)) return new Float(number);
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  if (token.length > MOST_DIGITS)
    throw new JinjaError("ValueError", `a number of more than ${MOST_DIGITS} digits cannot be read`);
  return BigInt(token);
}

/** The one cast: a JSON text that begins with a quote is a string. */
const stringOf = (token: string): string => JSON.parse(token) as string;

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return at;
}

/** Where the value that begins there ends. */
function endOf(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== "{" && first !== "[") return endOfWord(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (c === '"') at = endOfString(text, at) - 1;
    else if (c === "{" || c === "[") depth += 1;
    else if ((c === "}" || c === "]") && --depth === 0) return at + 1;
  }
  throw new SyntaxError("JSON that ends too early");
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at];
    if (c === "\\") at += 1;
    else if (c === '"') return at + 1;
  }
  throw new SyntaxError("JSON that ends too early");
}

function endOfWord(text: string, start: number): number {
  const word = /[-+.\w]+/y;
  word.lastIndex = start;
  if (!word.test(text)) throw new SyntaxError("JSON that ends too early");
  return word.lastIndex;
}

/** Where the value of a key begins; of a key that stands twice, the last, as in Python. */
function memberAt(text: string, object: number, key: string): number | undefined {
  if (text[object] !== "{") return undefined;
  let found: number | undefined;
  let at = skipSpace(text, object + 1);
  while (at < text.length && text[at] !== "}") {
    const end = endOf(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (stringOf(text.slice(at, end)) === key) found = value;
    at = afterItem(text, endOf(text, value));
  }
  return found;
}

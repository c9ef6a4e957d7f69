import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from "yaml";

/** What a field of the form holds. `any`: whatever YAML can say, such as null. */
export const KINDS = ["string", "integer", "number", "boolean", "list", "object", "any"] as const;
export type Kind = (typeof KINDS)[number];
export type Field = { kind: Kind; text: string };
/** By the name of the variable. What is empty is not given. */
export type Fields = Readonly<Record<string, Field>>;

export const KIND_WORDS: Record<Kind, string> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "true/false",
  list: "list",
  object: "object",
  any: "any YAML",
};

/** A value as JSON text, so that `1.0` stays `1.0`; or why there is none. Null: not given. */
export type Read = { json: string } | { error: string } | null;

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;
const LONGEST = 1_000_000;

export function readField({ kind, text }: Field): Read {
  const bare = text.trim();
  if (kind === "string") return text === "" ? null : { json: bare === '""' ? '""' : JSON.stringify(text) };
  if (bare === "") return null;
  if (kind === "integer") {
    if (!/^[-+]?\d{1,4000}$/.test(bare)) return { error: "must be an integer, such as 64510" };
    return { json: String(BigInt(bare.replace(/^\+/, ""))) };
  }
  if (kind === "number") return NUMBER.test(bare) ? { json: bare } : { error: "must be a number, such as 1.5" };
  if (kind === "boolean")
    return bare === "true" || bare === "false" ? { json: bare } : { error: "must be true or false" };
  const read = yamlToJson(text);
  if (read === null || "error" in read || kind === "any") return read;
  if (kind === "list" && !read.json.startsWith("[")) return { error: "must be a list: `- a` on each line, or [a, b]" };
  if (kind === "object" && !read.json.startsWith("{"))
    return { error: "must be an object: `name: value` on each line" };
  return read;
}

/** A field that holds a value; `wanted` is kept where it fits. */
export function fieldOf(json: string, wanted?: Kind): Field {
  const first = json.trim().charAt(0);
  if (first === '"') {
    // JSON text that begins with a quote is a string.
    const text = String(JSON.parse(json));
    return { kind: "string", text: text === "" ? '""' : text };
  }
  if (first === "[") return { kind: "list", text: jsonToYaml(json) };
  if (first === "{") return { kind: "object", text: jsonToYaml(json) };
  if (first === "t" || first === "f") return { kind: "boolean", text: json.trim() };
  if (first === "n") return { kind: "any", text: "null" };
  const integer = /^-?\d+$/.test(json.trim());
  return { kind: integer && wanted !== "number" ? "integer" : "number", text: json.trim() };
}

/** All that are given, as the text of one JSON object; and what is wrong, by name. */
export function readFields(fields: Fields): { json: string; given: Set<string>; errors: Record<string, string> } {
  const parts: string[] = [];
  const given = new Set<string>();
  const errors: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    const read = readField(field);
    if (read === null) continue;
    if ("error" in read) errors[name] = read.error;
    else {
      parts.push(`${JSON.stringify(name)}:${read.json}`);
      given.add(name);
    }
  }
  return { json: `{${parts.join(",")}}`, given, errors };
}

/** The form of all values that are given, as one YAML text; and back. */
export const fieldsToYaml = (fields: Fields): string => {
  const { json } = readFields(fields);
  return json === "{}" ? "" : jsonToYaml(json);
};
export function yamlToFields(text: string): { fields: Fields } | { error: string } {
  const read = yamlToJson(text);
  if (read === null) return { fields: {} };
  if ("error" in read) return read;
  if (!read.json.startsWith("{")) return { error: "must be an object: `name: value` on each line" };
  return { fields: fieldsOf(read.json) };
}

/** The fields of a JSON object's members. */
export function fieldsOf(json: string): Fields {
  const doc = parseDocument(json, { intAsBigInt: true });
  if (!isMap(doc.contents)) return {};
  return Object.fromEntries(
    doc.contents.items.map(({ key, value }) => [
      keyText(key),
      fieldOf(isNode(value) ? write(value, doc, { left: LONGEST }) : "null"),
    ]),
  );
}

class Unwritable extends Error {}

export function yamlToJson(text: string): Read {
  if (text.trim() === "") return null;
  const doc = parseDocument(text, { intAsBigInt: true, prettyErrors: false });
  const [problem] = doc.errors;
  if (problem) {
    const line = text.slice(0, problem.pos[0]).split("\n").length;
    return { error: `line ${line}: ${problem.message}` };
  }
  if (doc.contents === null) return null;
  try {
    return { json: write(doc.contents, doc, { left: LONGEST }) };
  } catch (error) {
    if (error instanceof Unwritable) return { error: error.message };
    throw error;
  }
}

function jsonToYaml(json: string): string {
  const doc = parseDocument(json, { intAsBigInt: true });
  loosen(doc.contents);
  return doc.toString({ lineWidth: 0 }).trimEnd();
}

/** From JSON's brackets and quotes to YAML's lines, where that reads the same. */
function loosen(of: unknown): void {
  if (isMap(of)) {
    of.flow = of.items.length === 0;
    for (const { key, value } of of.items) {
      loosen(key);
      loosen(value);
    }
  } else if (isSeq(of)) {
    of.flow = of.items.length === 0;
    for (const item of of.items) loosen(item);
  } else if (isScalar(of)) delete of.type;
}

const isNode = (of: unknown): of is Node => isMap(of) || isSeq(of) || isScalar(of) || isAlias(of);
const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** Aliases may make much of little, so the length is counted as it grows. */
function write(of: Node, doc: Document, room: { left: number }): string {
  const text = writeNode(of, doc, room);
  room.left -= text.length;
  if (room.left < 0) throw new Unwritable("is longer than a million characters when it is written out");
  return text;
}

function writeNode(of: Node, doc: Document, room: { left: number }): string {
  const item = (each: unknown): string => (isNode(each) ? write(each, doc, room) : "null");
  if (isMap(of))
    return `{${of.items.map(({ key, value }) => `${JSON.stringify(keyText(key))}:${item(value)}`).join(",")}}`;
  if (isSeq(of)) return `[${of.items.map(item).join(",")}]`;
  if (isAlias(of)) {
    const target = of.resolve(doc);
    if (target === undefined || isAlias(target)) throw new Unwritable(`the anchor *${of.source} is not there`);
    return item(target);
  }
  if (!isScalar(of)) return "null";
  const { value, source } = of;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return JSON.stringify(value ?? null);
  if (source !== undefined && NUMBER.test(source)) return source;
  if (!Number.isFinite(value)) throw new Unwritable(`${source ?? value} is no number that JSON can hold`);
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

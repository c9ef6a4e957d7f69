import type { Context } from "hono";
import { TooLarge, UnsupportedType, Invalid } from "../domain/contract/errors.ts";
import { pathText, unknownField } from "../domain/contract/field-faults.ts";
import { invalid } from "./errors.ts";

const MB = 1_048_576;
const DEPTH_LIMIT = 32;

/** The body as text: counted while it streams, so that neither a missing nor a false length gets more of it into memory. */
export async function readText(request: Request, type: string, mostMB = 1): Promise<string | undefined> {
  const tooLarge = (): TooLarge =>
    new TooLarge("body_too_large", `the body is larger than the limit of ${mostMB} MB; split the request`);
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity")
    throw new UnsupportedType("content_encoding", "send the body without compression");
  if (Number(request.headers.get("content-length") ?? 0) > mostMB * MB) throw tooLarge();
  if (request.body === null) return undefined;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  try {
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > mostMB * MB) throw tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    text += decoder.decode();
  } catch (error) {
    if (error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw new Invalid("encoding_invalid", "the body is not UTF-8");
    throw error;
  }
  if (size === 0) return undefined;
  // The one character that Postgres cannot store.
  if (text.includes("\0"))
    throw new Invalid("name_characters", "the body holds the character U+0000, which is not allowed; remove it");
  const given = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (given !== type)
    throw new UnsupportedType(
      "content_type",
      `send the body as ${type}${given === undefined ? "" : `, not ${given}`} (header Content-Type)`,
    );
  return text;
}

/** Undefined for an empty body. `text` is what was sent: not all of it survives the reading. */
export async function readJson(c: Context, mostMB = 1): Promise<{ text: string; value: unknown } | undefined> {
  const text = await readText(c.req.raw, "application/json", mostMB);
  if (text === undefined) return undefined;
  refuseDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw syntaxError(text, error);
  }
  refuseTricks(value, mostMB * MOST_VALUES);
  return { text, value };
}

/** Looked at before parsing; brackets inside strings do not count. */
function refuseDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > DEPTH_LIMIT)
        throw new Invalid("json_too_deep", `the JSON is nested more than ${DEPTH_LIMIT} levels deep`);
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
}

function syntaxError(text: string, error: unknown): Invalid {
  // V8 names the offset, but for an end that comes too early.
  const [, offset] = /at position (\d+)/.exec(error instanceof Error ? error.message : "") ?? [];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset));
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  const message = `the body is not JSON: line ${line}, column ${column}`;
  return new Invalid("json_invalid", message, { details: [{ path: "", code: "json_invalid", message, line, column }] });
}

/** A body of 1 MB can hold so many empty values that looking at each of them holds everybody else up. */
const MOST_VALUES = 100_000;
const MOST_KEYS = 1000;

/** What no field may hold: a key that reaches for a prototype, half a character, and the one character Postgres cannot store. */
function refuseTricks(body: unknown, mostValues: number): void {
  const path: (string | number)[] = [];
  let values = 0;
  const look = (value: unknown): void => {
    if (++values > mostValues)
      throw new Invalid("json_too_many_values", `the JSON holds more than ${mostValues} values; split the request`);
    if (typeof value === "string") refuseText(value, path);
    else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) lookAt(i, value[i]);
    } else if (value !== null && typeof value === "object") {
      const keys = Object.keys(value);
      if (keys.length > MOST_KEYS)
        throw new Invalid("json_too_many_values", `the JSON holds an object of more than ${MOST_KEYS} fields`);
      for (const key of keys) {
        if (key === "__proto__") throw invalid([unknownField(pathText([...path, key]))]);
        refuseText(key, path);
        lookAt(key, Reflect.get(value, key));
      }
    }
  };
  const lookAt = (key: string | number, value: unknown): void => {
    path.push(key);
    look(value);
    path.pop();
  };
  look(body);
}

function refuseText(text: string, path: readonly (string | number)[]): void {
  if (text.isWellFormed() && !text.includes("\0")) return;
  const what = text.includes("\0") ? "the character U+0000" : "half of a surrogate pair";
  throw invalid([
    { path: pathText(path), code: "name_characters", message: `holds ${what}, which is not allowed; remove it` },
  ]);
}

import { JinjaError } from "../errors.ts";

type Field = { name: string; conversion: string | undefined; spec: string };
/** Text, and the field that follows it. */
type Piece = { literal: string; field: Field | undefined };

function fail(message: string): never {
  throw new JinjaError("ValueError", message);
}

/** Reads a format of `str.format`: doubled braces are text, single ones hold fields. */
export function* parseFields(format: string): Generator<Piece> {
  let at = 0;
  let literal = "";
  while (at < format.length) {
    const brace = nextBrace(format, at);
    literal += format.slice(at, brace);
    if (brace === format.length) break;
    const character = format.charAt(brace);
    if (format.charAt(brace + 1) === character) {
      literal += character;
      at = brace + 2;
      continue;
    }
    if (character === "}") fail("Single '}' encountered in format string");
    if (brace + 1 === format.length) fail("Single '{' encountered in format string");
    const end = endOfField(format, brace + 1);
    yield { literal, field: parseField(format.slice(brace + 1, end)) };
    literal = "";
    at = end + 1;
  }
  if (literal !== "") yield { literal, field: undefined };
}

function nextBrace(format: string, from: number): number {
  for (let index = from; index < format.length; index += 1) {
    const character = format.charAt(index);
    if (character === "{" || character === "}") return index;
  }
  return format.length;
}

/** The brace that closes a field; braces in its format come in pairs, those between brackets are part of a key. */
function endOfField(format: string, start: number): number {
  let depth = 1;
  let inKey = false;
  let inName = true;
  for (let index = start; index < format.length; index += 1) {
    const character = format.charAt(index);
    if (inName && character === "[") inKey = true;
    else if (inKey && character === "]") inKey = false;
    else if (inKey) continue;
    else if (character === ":" || character === "!") inName = false;
    else if (character === "{" && inName) fail("unexpected '{' in field name");
    else if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return index;
  }
  return fail("expected '}' before end of string");
}

function parseField(text: string): Field {
  const end = endOfName(text);
  const name = text.slice(0, end);
  if (text.charAt(end) !== "!") return { name, conversion: undefined, spec: text.slice(end + 1) };
  const conversion = Array.from(text.slice(end + 1))[0];
  if (conversion === undefined) return fail("unmatched '{' in format spec");
  const after = text.slice(end + 1 + conversion.length);
  if (after !== "" && !after.startsWith(":")) fail("expected ':' after conversion specifier");
  return { name, conversion, spec: after.slice(1) };
}

function endOfName(text: string): number {
  let inKey = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "[") inKey = true;
    else if (character === "]") inKey = false;
    else if (!inKey && (character === ":" || character === "!")) return index;
  }
  return text.length;
}

type Step = { attribute: boolean; key: string | number };

const numberOrName = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

/** `0.name[key]`: what it begins at, and the way from there. */
export function splitFieldName(name: string): { first: string | number; rest: Step[] } {
  const first = /^[^.[]*/.exec(name)?.[0] ?? "";
  const rest: Step[] = [];
  let at = first.length;
  while (at < name.length) {
    if (name.charAt(at) === ".") {
      const attribute = /^[^.[]*/.exec(name.slice(at + 1))?.[0] ?? "";
      if (attribute === "") fail("Empty attribute in format string");
      rest.push({ attribute: true, key: attribute });
      at += attribute.length + 1;
    } else if (name.charAt(at) === "[") {
      const end = name.indexOf("]", at);
      if (end < 0) fail("Missing ']' in format string");
      if (end === at + 1) fail("Empty attribute in format string");
      rest.push({ attribute: false, key: numberOrName(name.slice(at + 1, end)) });
      at = end + 1;
    } else {
      fail("Only '.' or '[' may follow ']' in format field specifier");
    }
  }
  return { first: numberOrName(first), rest };
}

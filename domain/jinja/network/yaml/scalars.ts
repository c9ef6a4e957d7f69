import type { YamlWriter } from "./writer.ts";

/** `width` undefined: the text is a key, which must stay in its line. */
type Width = number | undefined;

export function writePlain(writer: YamlWriter, text: string, width: Width): void {
  if (text === "") return;
  if (!writer.whitespace) writer.write(" ");
  writer.whitespace = false;
  writer.indention = false;
  for (const part of text.match(/ +|[^ ]+/g) ?? []) {
    if (part === " " && width !== undefined && writer.column > width) {
      writer.writeIndent();
      writer.whitespace = false;
      writer.indention = false;
    } else writer.write(part);
  }
}

export function writeSingleQuoted(writer: YamlWriter, text: string, width: Width): void {
  writer.writeIndicator("'", true);
  let at = 0;
  for (const part of text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? []) {
    const isInner = at > 0 && at + part.length < text.length;
    at += part.length;
    if (part === " " && width !== undefined && writer.column > width && isInner) writer.writeIndent();
    else if (/[\n\x85\u2028\u2029]/.test(part)) writeBreaks(writer, part);
    else writer.write(part.replaceAll("'", "''"));
  }
  writer.writeIndicator("'", false);
}

/** The first line feed would be read as a blank: one more is written. */
function writeBreaks(writer: YamlWriter, breaks: string): void {
  if (breaks.startsWith("\n")) writer.writeBreak();
  for (const char of breaks) writer.writeBreak(char);
  writer.writeIndent();
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\x07": "a",
  "\x08": "b",
  "\x09": "t",
  "\x0a": "n",
  "\x0b": "v",
  "\x0c": "f",
  "\x0d": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\x85": "N",
  "\xa0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

const isShownAsItIs = (char: string): boolean =>
  /^[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]$/.test(char) && !/["\\\u2028\u2029\ufeff]/.test(char);

export function writeDoubleQuoted(writer: YamlWriter, text: string, width: Width): void {
  const chars = Array.from(text);
  writer.writeIndicator('"', true);
  let afterSpace = false;
  for (const [i, char] of chars.entries()) {
    const isInner = i > 0 && i < chars.length - 1;
    if (char === " " && !afterSpace && isInner && width !== undefined && writer.column > width) {
      // The blank is what the break stands for; one that follows must be marked, or it would belong to the indent.
      writer.writeIndent();
      if (chars[i + 1] === " ") writer.write("\\");
    } else writer.write(isShownAsItIs(char) ? char : escape(char));
    afterSpace = char === " ";
  }
  writer.writeIndicator('"', false);
}

function escape(char: string): string {
  const short = ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

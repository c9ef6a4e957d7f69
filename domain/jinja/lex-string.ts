/** A string that cannot be decoded; its message is Python's. */
export class BadEscape extends Error {}

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const HEX = { x: 2, u: 4, U: 8 } as const;

/**
 * The text of a string literal, without its quotes. Jinja turns what is not ASCII into escapes first and decodes
 * everything then, so a backslash before such a character protects the escape: `"\é"` is `\xe9`.
 */
export function unescapeString(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return decode(
    raw.replaceAll(/[^\x00-\x7f]/gu, (char) => {
      const code = char.codePointAt(0) ?? 0;
      if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
      return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
    }),
  );
}

function decode(text: string): string {
  let result = "";
  let at = 0;
  for (;;) {
    const next = text.indexOf("\\", at);
    if (next === -1) return result + text.slice(at);
    result += text.slice(at, next);
    const char = text[next + 1] ?? "";
    const simple = SIMPLE[char];
    if (simple !== undefined) {
      result += simple;
      at = next + 2;
    } else if (char === "x" || char === "u" || char === "U") {
      const digits = HEX[char];
      const found = /^[0-9a-fA-F]*/.exec(text.slice(next + 2, next + 2 + digits))?.[0] ?? "";
      if (found.length < digits) throw new BadEscape(`truncated \\${char}${"X".repeat(digits)} escape`);
      const code = Number.parseInt(found, 16);
      if (code > 0x10ffff) throw new BadEscape("illegal Unicode character");
      result += String.fromCodePoint(code);
      at = next + 2 + digits;
    } else if (char >= "0" && char <= "7") {
      const found = /^[0-7]{1,3}/.exec(text.slice(next + 1, next + 4))?.[0] ?? "";
      result += String.fromCodePoint(Number.parseInt(found, 8));
      at = next + 1 + found.length;
    } else if (char === "N") {
      // The table of names is not here.
      throw new BadEscape(
        /^\{[^}]+\}/.test(text.slice(next + 2)) ? "unknown Unicode character name" : "malformed \\N character escape",
      );
    } else {
      result += `\\${char}`;
      at = next + 2;
    }
  }
}

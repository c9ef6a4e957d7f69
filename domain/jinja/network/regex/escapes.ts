import type { Scanner } from "./scanner.ts";
import type { CharClass, Node } from "./syntax.ts";

const CONTROLS: Readonly<Record<string, string>> = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const CLASSES: Readonly<Record<string, { name: CharClass; negative: boolean }>> = {
  d: { name: "digit", negative: false },
  D: { name: "digit", negative: true },
  s: { name: "space", negative: false },
  S: { name: "space", negative: true },
  w: { name: "word", negative: false },
  W: { name: "word", negative: true },
};
const ASSERTIONS: Readonly<Record<string, Node>> = {
  A: { type: "assert", what: "start" },
  Z: { type: "assert", what: "end" },
  b: { type: "assert", what: "boundary" },
  B: { type: "assert", what: "no-boundary" },
};

/** What stands after a backslash outside of a set; the backslash at `start` is read. */
export function parseEscape(scanner: Scanner, start: number): Node {
  const char = scanner.next();
  const assertion = ASSERTIONS[char];
  if (assertion !== undefined) return assertion;
  const named = CLASSES[char];
  if (named !== undefined) return { type: "set", set: { negative: false, ranges: [], classes: [named] } };
  if (/[1-9]/.test(char)) {
    const octal = char <= "3" ? scanner.take(/[0-7]{2}/y) : undefined;
    if (octal !== undefined) return { type: "char", char: Number.parseInt(char + octal, 8) };
    return { type: "backreference", index: Number(char + (scanner.take(/\d/y) ?? "")) };
  }
  scanner.at--;
  return { type: "char", char: parseCharEscape(scanner, start) };
}

/** A class, or a single character, in a set. */
export function parseSetEscape(scanner: Scanner, start: number): number | { name: CharClass; negative: boolean } {
  const char = scanner.next();
  const named = CLASSES[char];
  if (named !== undefined) return named;
  if (char === "b") return 8;
  scanner.at--;
  const octal = scanner.take(/[0-7]{1,3}/y);
  return octal === undefined ? parseCharEscape(scanner, start) : checkOctal(scanner, octal, start);
}

function parseCharEscape(scanner: Scanner, start: number): number {
  const octal = scanner.take(/0[0-7]{0,2}/y);
  if (octal !== undefined) return checkOctal(scanner, octal, start);
  const hex = scanner.take(/(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y);
  if (hex !== undefined) {
    const code = Number.parseInt(hex.slice(1), 16);
    return code <= 0x10_ffff ? code : scanner.fail(`bad escape \\${hex}`, start);
  }
  const char = scanner.next();
  const control = CONTROLS[char];
  if (control !== undefined) return control.charCodeAt(0);
  if (/[0-9a-zA-Z]/.test(char)) scanner.fail(`bad escape \\${char}`, start);
  return char.codePointAt(0) ?? 0;
}

function checkOctal(scanner: Scanner, digits: string, start: number): number {
  const code = Number.parseInt(digits, 8);
  return code > 0o377 ? scanner.fail(`octal escape value \\${digits} outside of range 0-0o377`, start) : code;
}

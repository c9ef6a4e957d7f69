import { fail } from "./support.ts";

/** Encodings by the names that Python gives them, without `-`, `_` and case. */
const plain = (encoding: string): string => encoding.toLowerCase().replace(/[-_ ]/g, "");

export function encodeText(filter: string, text: string, encoding = "utf-8"): Uint8Array {
  switch (plain(encoding)) {
    case "utf8":
      return new TextEncoder().encode(text);
    case "utf16le":
      return Uint8Array.from({ length: 2 * text.length }, (_, i) => (text.charCodeAt(i >> 1) >> (8 * (i & 1))) & 0xff);
    case "ascii":
    case "usascii":
      return narrow(filter, text, 0x7f, encoding);
    case "latin1":
    case "iso88591":
      return narrow(filter, text, 0xff, encoding);
    default:
      return fail(filter, `unknown encoding: ${encoding}; known are utf-8, utf-16-le, ascii and latin-1`);
  }
}

export function decodeText(filter: string, bytes: Uint8Array, encoding = "utf-8"): string {
  switch (plain(encoding)) {
    case "utf8":
    case "utf16le":
      try {
        return new TextDecoder(plain(encoding) === "utf8" ? "utf-8" : "utf-16le", {
          fatal: true,
          ignoreBOM: true,
        }).decode(bytes);
      } catch {
        return fail(filter, `the bytes are not text in ${encoding}`);
      }
    case "ascii":
    case "usascii":
      if (bytes.some((byte) => byte > 0x7f)) fail(filter, `the bytes are not text in ${encoding}`);
      return String.fromCharCode(...bytes);
    case "latin1":
    case "iso88591":
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    default:
      return fail(filter, `unknown encoding: ${encoding}; known are utf-8, utf-16-le, ascii and latin-1`);
  }
}

function narrow(filter: string, text: string, last: number, encoding: string): Uint8Array {
  return Uint8Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code <= last ? code : fail(filter, `${encoding} has no ${JSON.stringify(char)}`);
  });
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const word = (a << 16) | (b << 8) | c;
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(word >> shift) & 63]).join("");
    const used = Math.min(3, bytes.length - i) + 1;
    text += digits.slice(0, used).padEnd(4, "=");
  }
  return text;
}

/** Characters that are no digits of it are passed over, as Python does. Undefined: digits or the padding are missing. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let word = 0;
  let held = 0;
  let padding = 0;
  for (const char of text) {
    if (char === "=") {
      padding++;
      if (held > 1 && held + padding >= 4) return Uint8Array.from(bytes);
      continue;
    }
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) continue;
    padding = 0;
    word = (word << 6) | digit;
    held = (held + 1) % 4;
    if (held !== 1) bytes.push((word >> (held === 0 ? 0 : held === 3 ? 2 : 4)) & 0xff);
    if (held === 0) word = 0;
  }
  return held === 0 ? Uint8Array.from(bytes) : undefined;
}

/** What a stretch of a config line is, for its colour and shape. */
export type TokenKind = "text" | "value" | "comment" | "secret" | "hidden";
export type Token = { kind: TokenKind; text: string; start: number };

const COMMENT = /^\s*(?:!|#(?!\{)|\/\*.*\*\/\s*$)/;
// Anything but printable ASCII and tab: what a terminal or a font may draw as something else, or not at all.
// The ellipsis is ours: it stands for lines of a block that a diff leaves out.
const HIDDEN = /[^\t\x20-\x7e\u2026]/u;
const IPV6 = "(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\\/\\d+)?";
const NUMBER = "\\d+(?:[.:/]\\d+)*";
const PIECES = new RegExp(
  `(?<secret>secret:\\/\\/[\\w:.-]+)|(?<hidden>[^\\t\\x20-\\x7e\\u2026])|(?<![\\w.:/-])(?<value>${IPV6}|${NUMBER})(?![\\w-]|[.:]\\w)`,
  "giu",
);

/** Whether a line holds characters that deceive the eye. */
export const holdsHidden = (text: string): boolean => HIDDEN.test(text);

/** The tokens of one config line, in order and without gaps. */
export function tokenize(text: string): Token[] {
  const base: TokenKind = COMMENT.test(text) ? "comment" : "text";
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, start: number, end: number) => {
    if (end > start) tokens.push({ kind, text: text.slice(start, end), start });
  };
  for (const match of text.matchAll(PIECES)) {
    const kind = kindOf(match.groups ?? {}, base);
    if (kind === base) continue;
    push(base, at, match.index);
    at = match.index + match[0].length;
    push(kind, match.index, at);
  }
  push(base, at, text.length);
  return tokens;
}

function kindOf(groups: Record<string, string | undefined>, base: TokenKind): TokenKind {
  if (groups["secret"] !== undefined) return "secret";
  if (groups["hidden"] !== undefined) return "hidden";
  return base === "comment" ? "comment" : "value";
}

const NAMES: Record<number, string> = {
  0x00: "null",
  0x07: "bell",
  0x08: "backspace",
  0x0d: "carriage return",
  0x1b: "escape, begins a terminal sequence",
  0x7f: "delete",
  0xa0: "no-break space",
  0xad: "soft hyphen",
  0x200b: "zero-width space",
  0x200c: "zero-width non-joiner",
  0x200d: "zero-width joiner",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "pop directional formatting",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first strong isolate",
  0x2069: "pop directional isolate",
  0xfeff: "byte order mark",
};

/** `U+202E`, and in words what it is. */
export function codePoint(char: string): { label: string; name: string } {
  const point = char.codePointAt(0) ?? 0;
  const label = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  const name = NAMES[point] ?? (point < 0x20 || (point > 0x7e && point < 0xa0) ? "control character" : "not ASCII");
  return { label, name };
}

/** `secret://…7be2d410`: an id is long and only its end tells two apart; a masked value keeps its eight digits. */
export function secretLabel(reference: string): string {
  const id = reference.slice("secret://".length);
  if (id.startsWith("hmac:")) return `secret://${id.slice(5)}`;
  return id.length > 20 ? `secret://…${id.slice(-8)}` : reference;
}

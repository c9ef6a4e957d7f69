import { parseSetEscape } from "./escapes.ts";
import type { Scanner } from "./scanner.ts";
import type { CharSet } from "./syntax.ts";

type Range = [from: number, to: number];

/** `[…]`; the opening bracket is read. */
export function parseSet(scanner: Scanner): CharSet {
  const start = scanner.at - 1;
  const negative = scanner.accept("^");
  const ranges: Range[] = [];
  const classes: CharSet["classes"][number][] = [];
  const first = scanner.at;
  for (;;) {
    if (scanner.done()) scanner.fail("unterminated character set", start);
    if (scanner.at > first && scanner.accept("]")) return { negative, ranges, classes };
    const at = scanner.at;
    const low = parseItem(scanner);
    if (scanner.peek() !== "-" || scanner.chars[scanner.at + 1] === "]") {
      if (typeof low === "number") ranges.push([low, low]);
      else classes.push(low);
      continue;
    }
    scanner.next();
    if (scanner.done()) scanner.fail("unterminated character set", start);
    const high = parseItem(scanner);
    if (typeof low !== "number" || typeof high !== "number" || high < low) {
      scanner.fail(`bad character range ${scanner.chars.slice(at, scanner.at).join("")}`, at);
    }
    ranges.push([low, high]);
  }
}

function parseItem(scanner: Scanner): number | CharSet["classes"][number] {
  const at = scanner.at;
  const char = scanner.next();
  return char === "\\" ? parseSetEscape(scanner, at) : (char.codePointAt(0) ?? 0);
}

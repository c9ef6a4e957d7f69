import { isPlain } from "./text.ts";

/** What Python takes for whitespace in text. */
export const WHITESPACE = String.raw`\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

export const SPACE = new RegExp(`[${WHITESPACE}]`);

export type End = "left" | "right";

/** Where the text begins and ends without what `drops` wants gone. */
function boundsWithout(
  units: readonly string[] | string,
  drops: (unit: string) => boolean,
  ends: readonly End[],
): [number, number] {
  let start = 0;
  let end = units.length;
  if (ends.includes("left")) while (start < end && drops(units[start] ?? "")) start += 1;
  if (ends.includes("right")) while (end > start && drops(units[end - 1] ?? "")) end -= 1;
  return [start, end];
}

/** Without what stands at its ends: whitespace, or the characters of `chars`. */
export function strip(text: string, chars: string | undefined, ends: readonly End[] = ["left", "right"]): string {
  if (chars === undefined) return text.slice(...boundsWithout(text, (unit) => SPACE.test(unit), ends));
  if (isPlain(chars)) return text.slice(...boundsWithout(text, (unit) => chars.includes(unit), ends));
  const [points, dropped] = [Array.from(text), new Set(chars)];
  return points.slice(...boundsWithout(points, (point) => dropped.has(point), ends)).join("");
}

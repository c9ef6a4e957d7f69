/** Python counts text in code points, JavaScript in UTF-16 units: the same for nearly all text, and never a wrong answer for the rest. */
const SURROGATE = /[\ud800-\udfff]/;

/** True where both count alike. */
export const isPlain = (text: string): boolean => !SURROGATE.test(text);

export function textLength(text: string): number {
  if (isPlain(text)) return text.length;
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** The code points, each as text of its own. */
export const characters = (text: string): string[] => (isPlain(text) ? text.split("") : Array.from(text));

/** From code point `start` up to `end`; both within the text. */
export function sliceText(text: string, start: number, end: number): string {
  return isPlain(text) ? text.slice(start, end) : Array.from(text).slice(start, end).join("");
}

/** How many code points come before the UTF-16 unit at `index`; -1 stays -1, as nothing was found there. */
export const pointIndex = (text: string, index: number): number =>
  index <= 0 ? index : textLength(text.slice(0, index));

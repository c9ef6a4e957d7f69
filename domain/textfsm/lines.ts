/** Tabs, printable ASCII and the usual line ends: text in which JavaScript's character classes are Python's. */
const NOT_PLAIN = /[^\t\n\r\x20-\x7e]/;
/** What `str.splitlines` splits at. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

export const isPlain = (text: string): boolean => !NOT_PLAIN.test(text);

/** As `str.splitlines`: a line end at the very end begins no further line. */
export function splitLines(text: string, plain: boolean): string[] {
  const lines = text.split(!plain ? LINE_ENDS : text.includes("\r") ? /\r\n?|\n/ : "\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

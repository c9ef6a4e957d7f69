export type ConfigWord = { text: string; kind: "plain" | "value" | "comment" | "secret" };

const COMMENT = /^\s*(!|#|\/\*)/;
// secret references first; then addresses with an optional length, MACs, and plain numbers that stand alone.
const VALUE = /secret:\/\/[\w:.-]+|(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\/\d{1,3})?|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|\d+(?::\d+)*)(?![\w.])/gi;

/** A configuration line in words: comments are dim, values (addresses, AS and other numbers) iris, the rest ink. */
export function configWords(line: string): ConfigWord[] {
  if (COMMENT.test(line)) return [{ text: line, kind: "comment" }];
  const words: ConfigWord[] = [];
  let at = 0;
  for (const match of line.matchAll(VALUE)) {
    if (match.index > at) words.push({ text: line.slice(at, match.index), kind: "plain" });
    words.push({ text: match[0], kind: match[0].startsWith("secret://") ? "secret" : "value" });
    at = match.index + match[0].length;
  }
  if (at < line.length) words.push({ text: line.slice(at), kind: "plain" });
  return words;
}

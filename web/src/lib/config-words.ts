export type ConfigWord = { text: string; kind: "plain" | "value" | "comment" | "secret" };

const COMMENT = /^\s*(!|#|\/\*)/;
/** Words between blanks and the marks of any dialect. */
const WORD = /[^\s;{}[\]"',]+/g;
const NUMBERS = /^\d+(?:[.:/-]\d+)*$/;
const HEX_GROUPS = /^(?=.*[:.].*[:.])(?:[0-9a-f]{0,4}[:.])+[0-9a-f.]{0,15}(?:\/\d{1,3})?$/i;

const isValue = (word: string): boolean => NUMBERS.test(word) || HEX_GROUPS.test(word);

/** A configuration line in words: comments are dim, values (addresses, AS and other numbers) iris, the rest ink. */
export function configWords(line: string): ConfigWord[] {
  if (COMMENT.test(line)) return [{ text: line, kind: "comment" }];
  const words: ConfigWord[] = [];
  const plain = (text: string): void => {
    const last = words.at(-1);
    if (text === "") return;
    if (last?.kind === "plain") last.text += text;
    else words.push({ text, kind: "plain" });
  };
  let at = 0;
  for (const match of line.matchAll(WORD)) {
    plain(line.slice(at, match.index));
    const [word] = match;
    if (word.startsWith("secret://")) words.push({ text: word, kind: "secret" });
    else if (isValue(word)) words.push({ text: word, kind: "value" });
    else plain(word);
    at = match.index + word.length;
  }
  plain(line.slice(at));
  return words;
}

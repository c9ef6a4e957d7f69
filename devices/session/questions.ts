import type { Platform } from "../platforms/platform.ts";
import type { PromptBook } from "./prompt.ts";

/** What a device asks when it waits for a word or a key; and any prompt for something secret. */
const QUESTION =
  /(\[(?:yes\/no|no\/yes|y\/n|n\/y|yes,no|confirm|y\/?n|yes|no)\][^\w]*(?:\((?:yes|no|y|n)\)[^\w]*)?|\((?:y\/n|yes\/no|yes,no|y or n|n)\)(?:\[[^\]]*\])?[^\w]*|\[[^\]]*\]\s*\?|\?\s*(?:\[[^\]]*\]|\([^)]*\))?\s*:?|\bpass(?:word|phrase|code)[^:]{0,40}:|press (?:any key|enter|return)[^\n]*)\s*$/i;

/** Is the last line a question? With the answer where it is known beforehand, or null: then nothing may be answered. */
export function questionIn(
  line: string,
  sent: readonly string[],
  questions: Platform["questions"],
  prompts: PromptBook,
): { answer: string | null } | null {
  const text = line.trim();
  // A line behind the prompt is the echo of what was typed.
  if (text === "" || (prompts.lead(line) !== null && !/^[^#>]*password/i.test(text))) return null;
  const last = sent.at(-1)?.trim() ?? "";
  const known = questions.find((q) => q.after.test(last) && q.ask.test(text));
  if (known !== undefined) return { answer: known.answer };
  return QUESTION.test(text) ? { answer: null } : null;
}

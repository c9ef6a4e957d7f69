import type { Platform } from "../platforms/platform.ts";
import { findEcho, isEchoOf } from "./echo.ts";
import type { Prompt, PromptBook } from "./prompt.ts";

/** What a device said to one line. */
export type Answer = {
  text: string;
  /** The prompt that came after it; null in the middle of a block, whose lines get none. */
  prompt: Prompt | null;
  /** In the device's words, when it refused the line. */
  refused: string | null;
};

/** How far the answers to lines that were sent together have come. */
export type Progress = {
  /** Index of the first line behind each echo that was found, in order. */
  echoes: number[];
  /** The device shows another line than the one sent: nothing can be waited for. */
  mismatch: string | null;
};

/** Finds the echoes of the lines sent, in order. The first may stand behind what came on its own; each later one behind a prompt. */
export function findEchoes(output: readonly string[], sent: readonly string[], prompts: PromptBook): Progress {
  const echoes: number[] = [];
  let at = 0;
  for (const [n, line] of sent.entries()) {
    const found = n === 0 ? findEcho(output, line, prompts) : findNext(output, at, line, prompts);
    if (found === -1) return { echoes, mismatch: n === 0 ? oddLine(output, line, prompts) : null };
    echoes.push(found);
    at = found;
  }
  return { echoes, mismatch: null };
}

/** Behind a prompt, as a rule. Without one only inside a block, or where the terminal showed typing ahead. */
function findNext(output: readonly string[], from: number, sent: string, prompts: PromptBook): number {
  let bare = -1;
  for (let i = from; i < output.length; i++) {
    const line = output[i] ?? "";
    const lead = prompts.lead(line);
    if (lead !== null && isEchoOf(lead.rest, sent) && (i < output.length - 1 || sent.trim() !== "")) return i + 1;
    if (bare === -1 && isEchoOf(line, sent) && sent.trim() !== "") bare = i + 1;
  }
  return bare;
}

/** The line that stands where the echo should: a prompt with something else behind it, and one more prompt after it. */
function oddLine(output: readonly string[], sent: string, prompts: PromptBook): string | null {
  const lead = prompts.lead(output[0] ?? "");
  const rest = lead?.rest.trim() ?? (output[0] ?? "").trim();
  return rest !== "" && !sent.trim().startsWith(rest) ? rest : null;
}

/** Cuts the output into one answer a line. The last prompt is the last line of the output. */
export function cutAnswers(
  output: readonly string[],
  sent: readonly string[],
  echoes: readonly number[],
  last: Prompt,
  { platform, prompts, reads, changes }: { platform: Platform; prompts: PromptBook; reads: boolean; changes: boolean },
): Answer[] {
  return sent.map((line, n) => {
    const from = echoes[n] ?? output.length;
    const next = echoes[n + 1];
    const to = next === undefined ? output.length - 1 : next - 1;
    const prompt = next === undefined ? last : (prompts.lead(output[to] ?? "")?.prompt ?? null);
    const ahead = sent.slice(n + 1);
    // Where the terminal shows typing ahead, the lines still to come stand here too.
    const typedAhead = (each: string): boolean => ahead.some((later) => later.trim() !== "" && isEchoOf(each, later));
    const own = output.slice(from, to);
    const answer = ahead.length === 0 ? own : own.filter((each) => !typedAhead(each));
    const text = dropAbovePrompt(answer, platform.aboveprompt).join("\n");
    return { text, prompt, refused: reads || line.trim() === "" ? null : refusalIn(platform, text, changes) };
  });
}

function dropAbovePrompt(lines: string[], above: RegExp | null): string[] {
  let end = lines.length;
  if (above !== null) {
    while (end > 0 && above.test(lines[end - 1] ?? "")) end -= 1;
    if (end > 0 && lines[end - 1] === "") end -= 1;
  }
  return lines.slice(0, end);
}

/**
 * The words with which a device refused a line, its messages aside; null when it took it. `change`: the line is one of a
 * change, to which some platforms say nothing at all when they take it.
 */
export function refusalIn(platform: Platform, text: string, change = false): string | null {
  if (text === "") return null;
  const anyWords = change && platform.answersMean === "refusal";
  const lines = text.split("\n").filter((line) => platform.logLine?.test(line) !== true);
  const refuses = (line: string): boolean =>
    anyWords ? line.trim() !== "" : platform.errors.some((e) => e.test(line));
  const at = lines.findIndex((line) => refuses(line) && !platform.warnings.some((w) => w.test(line)));
  if (at === -1) return null;
  const words = lines
    .slice(at)
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "^")
    .join("\n")
    .slice(0, 2000);
  return words === "" ? "^" : words;
}

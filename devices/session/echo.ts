import type { PromptBook } from "./prompt.ts";

const squeeze = (text: string): string => text.replace(/\s+/g, "");

/** IOS shows the end of a line that is too long, behind a `$`. */
const SCROLLED = /^\$(.{16,}?)\s*\$?$/;

/** Is what was echoed the line that was sent, spaces at wraps aside? */
export function isEchoOf(echoed: string, sent: string): boolean {
  if (echoed === sent || squeeze(echoed) === squeeze(sent)) return true;
  const tail = SCROLLED.exec(echoed)?.[1];
  return tail !== undefined && sent.length > tail.length && sent.trimEnd().endsWith(tail.trimEnd());
}

type Known = { prompts: PromptBook | null; logLine: RegExp | null };

/**
 * Finds the echo of a line among the lines that came. Before it may stand what came on its own: messages, a prompt shown
 * once more, the part of the echo that a message broke off. Gives the index behind it, or -1.
 */
export function findEcho(lines: readonly string[], from: number, sent: string, known: Known): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const rest = known.prompts?.lead(line)?.rest ?? line;
    if (isEchoOf(rest, sent) || isEchoOf(line, sent)) return i + 1;
    const wrapped = findWrapped(lines, i, sent);
    if (wrapped !== -1) return wrapped;
    const own = line.trim() === "" || known.logLine?.test(line) === true || rest.trim() === "" || squeeze(sent).startsWith(squeeze(rest));
    if (!own) return -1;
  }
  return -1;
}

/** At most so many rows does a device with a narrow terminal of its own make of one line. */
const MOST_ROWS = 64;

/** An echo that the device wrapped: several rows that are the line when put together. */
function findWrapped(lines: readonly string[], from: number, sent: string): number {
  const wanted = squeeze(sent);
  let got = "";
  for (let i = from; i < Math.min(lines.length, from + MOST_ROWS); i++) {
    got += squeeze(lines[i] ?? "");
    if (got === wanted && got !== "") return i + 1;
    if (!wanted.startsWith(got)) return -1;
  }
  return -1;
}

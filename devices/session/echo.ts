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

/**
 * Finds the echo of a line among the lines that came. Before it may stand what came on its own: messages, a prompt shown
 * once more, the part of the echo that a message broke off. But not another line behind the prompt: that is another echo.
 * Gives the index behind it, or -1.
 */
export function findEcho(lines: readonly string[], sent: string, prompts: PromptBook): number {
  for (const [i, line] of lines.entries()) {
    const rest = prompts.lead(line)?.rest ?? line;
    if (isEchoOf(rest, sent) || isEchoOf(line, sent)) return i + 1;
    const wrapped = findWrapped([rest, ...lines.slice(i + 1, i + MOST_ROWS)], sent);
    if (wrapped !== -1) return i + wrapped;
    if (i === 0 && rest.trim() !== "" && !squeeze(sent).startsWith(squeeze(rest))) return -1;
  }
  return -1;
}

/** At most so many rows does a device with a narrow terminal of its own make of one line. */
const MOST_ROWS = 64;

/** An echo that the device wrapped: several rows that are the line when put together. */
function findWrapped(rows: readonly string[], sent: string): number {
  const wanted = squeeze(sent);
  let got = "";
  for (const [i, row] of rows.entries()) {
    got += squeeze(row);
    if (got === wanted && got !== "") return i + 1;
    if (got === "" || !wanted.startsWith(got)) return -1;
  }
  return -1;
}

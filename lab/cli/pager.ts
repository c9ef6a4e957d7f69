import type { Terminal } from "./terminal.ts";
import type { Paging } from "./types.ts";

const STYLES = {
  ios: { more: " --More-- ", erase: `${"\b".repeat(9)}         ${"\b".repeat(9)}` },
  eos: { more: " --More-- ", erase: `\r          \r` },
  junos: { more: "---(more)---", erase: `\r${" ".repeat(40)}\r` },
} as const;

/** Prints page by page: space goes on, Enter shows one line more, `q` or a break ends it. */
export async function page(terminal: Terminal, text: string, { length, style }: Paging): Promise<void> {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const { more, erase } = STYLES[style];
  let next = 0;
  let room = length - 1;
  while (length > 0 && lines.length - next > room) {
    terminal.write(lines.slice(next, next + room).join(""));
    next += room;
    terminal.write(more);
    const key = await terminal.readKey();
    terminal.write(erase);
    if (/[qQ\u0003]/.test(key)) return;
    room = key === "\r" || key === "\n" ? 1 : length - 1;
  }
  terminal.write(lines.slice(next).join(""));
}

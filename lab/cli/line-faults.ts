import { setTimeout as sleep } from "node:timers/promises";
import { logTime } from "../clock.ts";
import type { FaultBook } from "../fault-book.ts";
import type { Terminal } from "./terminal.ts";
import type { Answer, Cli, Io } from "./types.ts";

/** How the connection ends around a line. */
export type Ending = {
  phase: "before_echo" | "after_echo" | "before_prompt";
  applied: boolean;
  freeze: boolean;
  late: number;
};
export type Arrival = { ending: Ending | undefined; echo: string | undefined; acted: string[] };

/** As a box prints a log line among other output. */
export const logLine = (text: string): string => `*${logTime(Date.now())}: ${text}`;

/** Faults that decide about a line's echo: it waits until the line is complete. */
export const holdsEcho = (faults: FaultBook): boolean =>
  faults
    .active()
    .some(
      (f) =>
        f.kind === "cut_at_line" ||
        f.kind === "half_open" ||
        f.kind === "wrong_echo" ||
        f.kind === "rewritten_echo" ||
        (f.kind === "log_lines" && f.params.where === "in_echo"),
    );

function endingOf(faults: FaultBook, line: string, config: boolean): Ending | undefined {
  const cut = config ? faults.countDown("cut_at_line", line) : undefined;
  const frozen = faults.countDown("half_open", line);
  if (cut?.phase === "before_receipt") return { phase: "before_echo", applied: false, freeze: false, late: 0 };
  if (cut) return { phase: cut.phase, applied: cut.applied, freeze: false, late: cut.late_ms };
  return frozen && { phase: "after_echo", applied: frozen.applied, freeze: true, late: 0 };
}

/** What becomes of a line that has just arrived. */
export function arrival(faults: FaultBook, cli: Cli, line: string): Arrival {
  const ending = endingOf(faults, line, cli.mode().config);
  const wrong = faults.fire("wrong_echo", line);
  const logged = faults.armed("log_lines", line)?.where === "in_echo" ? faults.fire("log_lines", line) : undefined;
  const rewritten = faults.fire("rewritten_echo", line);
  const middle = Math.floor(line.length / 2);
  return {
    ending,
    echo:
      wrong?.echo ??
      (rewritten && REWRITE[rewritten.how](line)) ??
      (logged && `${line.slice(0, middle)}\n${logLine(logged.text)}\n${cli.prompt().trimStart()}${line}`),
    acted: [
      ...(ending ? [ending.freeze ? "half_open" : "cut_at_line"] : []),
      ...(wrong ? ["wrong_echo"] : []),
      ...(rewritten ? ["rewritten_echo"] : []),
      ...(logged ? ["log_lines"] : []),
    ],
  };
}

const REWRITE = {
  wrap: (line: string) => line.replace(/.{10}/g, "$&\n"),
  backspace: (line: string) => line.replace(/[a-z]/g, (char) => `x\b \b${char}`),
  colour: (line: string) => `\u001b[1;32m${line}\u001b[0m\u001b[K`,
} as const;

/** True when the connection ends before the next config line is even received. */
export function endsBeforeNext(faults: FaultBook, cli: Cli): boolean {
  const fault = faults
    .active()
    .find((f) => f.kind === "cut_at_line" && f.params.phase === "before_receipt" && f.match === undefined);
  if (!fault || !cli.mode().config || fault.seen + 1 !== fault.params.line) return false;
  return faults.countDown("cut_at_line", "") !== undefined;
}

async function endless(terminal: Terminal, router: string): Promise<void> {
  terminal.broken();
  const lines = Array.from({ length: 50 }, () => `${router}: debug: ${"x".repeat(60)}\n`).join("");
  while (!terminal.broken()) {
    terminal.write(lines);
    await terminal.drained();
    // Lets the break be read.
    await sleep(1);
  }
}

/** A line that waits for a yes first; false when it does not come. */
async function saidYes(faults: FaultBook, line: string, io: Io): Promise<boolean> {
  const question = faults.fire("question", line);
  if (!question) return true;
  if (question.style === "line") return /^\s*y(es)?\s*$/i.test(await io.ask(`${question.text} `));
  const key = await io.askKey(question.text);
  io.write("\n");
  return /[\ry\n]/i.test(key);
}

const REFUSALS = {
  ios: "% Invalid input detected at '^' marker.\n\n",
  eos: "% Invalid input\n",
  junos: "syntax error.\n",
} as const;

export type AnswerDeps = { cli: Cli; terminal: Terminal; faults: FaultBook; router: string };

/** The answer to a line, or what a fault puts in its place; `acted` learns which did. */
export async function answerTo(
  { cli, terminal, faults, router }: AnswerDeps,
  line: string,
  io: Io,
  acted: string[],
): Promise<Answer> {
  const slow = faults.fire("slow_line", line);
  if (slow) {
    acted.push("slow_line");
    await sleep(slow.delay_ms);
  }
  if (faults.fire("endless_output", line)) {
    acted.push("endless_output");
    await endless(terminal, router);
    return {};
  }
  const refused = faults.fire("refused_line", line);
  if (refused) {
    acted.push("refused_line");
    const text = refused.text === undefined ? REFUSALS[cli.paging().style] : `${refused.text}\n`;
    return { refused: true, unpaged: true, output: text };
  }
  if (faults.fire("ignored_line", line)) {
    acted.push("ignored_line");
    return {};
  }
  if (faults.armed("question", line)) {
    acted.push("question");
    if (!(await saidYes(faults, line, io))) return {};
  }
  return cli.handle(line, io);
}

/** What is printed in place of a command's output, or what is left of it. */
export function outputWithFaults(faults: FaultBook, line: string, output: string): string {
  if (output === "") return output;
  const other = faults.fire("other_output", line);
  if (other) return `${other.text}\n`;
  const lost = faults.fire("lost_output", line);
  if (!lost) return output;
  const lines = output.replace(/\n$/, "").split("\n");
  const gone = Math.max(1, Math.round((lines.length * lost.percent) / 100));
  const from = lost.where === "end" ? lines.length - gone : Math.floor((lines.length - gone) / 2);
  return [...lines.slice(0, from), ...lines.slice(from + gone)].map((l) => `${l}\n`).join("");
}

/** Log lines in the middle of what is printed. */
export function withLogLines(faults: FaultBook, line: string, output: string): string {
  if (output === "" || faults.armed("log_lines", line)?.where !== "in_output") return output;
  const log = faults.fire("log_lines", line);
  const lines = output.split("\n");
  const middle = Math.ceil(lines.length / 2);
  return [...lines.slice(0, middle), logLine(log?.text ?? ""), ...lines.slice(middle)].join("\n");
}

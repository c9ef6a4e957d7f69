import { setTimeout as sleep } from "node:timers/promises";
import type { FaultBook } from "../faults.ts";
import type { Ledger } from "../ledger.ts";
import type { SessionInfo } from "../types.ts";
import { page } from "./pager.ts";
import { Disconnected, type Terminal } from "./terminal.ts";
import type { Answer, Cli, Io } from "./types.ts";

/** What a shell may do to its own connection. */
export type Line = {
  cut: () => void;
  /** Resolves when the dead connection is taken away at last. */
  freeze: () => Promise<void>;
  close: () => void;
};
export type ShellDeps = {
  cli: Cli;
  terminal: Terminal;
  faults: FaultBook;
  ledger: Ledger;
  session: SessionInfo;
  line: Line;
  router: string;
};

/** What the line about to be read is up against. */
type Plan = { phase: "before_echo" | "after_echo" | "before_prompt"; applied: boolean; freeze: boolean };

const withoutPager = (cli: Cli, faults: FaultBook): { length: number; style: "ios" | "eos" | "junos" } => {
  const paging = cli.paging();
  return paging.length === 0 && faults.fire("pager_stuck") ? { ...paging, length: 24 } : paging;
};

const isConfig = (cli: Cli): boolean => cli.mode().config;

/** How the conversation in the middle of a command goes. */
function conversation({ cli, terminal, ledger, session }: ShellDeps): Io {
  const note = (kind: "answer" | "text", line: string): void => {
    const { name, section } = cli.mode();
    ledger.append({ session: session.id, user: session.user, kind, mode: name, section, line });
  };
  return {
    write: terminal.write,
    ask: async (question, { hidden = false } = {}) => {
      terminal.write(question);
      const typed = await terminal.readLine({ echo: !hidden });
      note("answer", hidden ? "(hidden)" : typed);
      return typed;
    },
    askKey: async (question) => {
      terminal.write(question);
      const key = await terminal.readKey();
      note("answer", key === "\r" || key === "\n" ? "" : key);
      return key;
    },
    readText: async (until) => {
      const kept: string[] = [];
      for (let last = false; !last;) {
        const line = await terminal.readLine({ echo: true });
        note("text", line);
        const next = until(line);
        last = next.last;
        if (!last || next.keep !== "") kept.push(next.keep);
      }
      return kept.join("\n");
    },
  };
}

/** A line that waits for a yes first. False: it is not carried out. */
async function questioned(deps: ShellDeps, line: string, io: Io): Promise<boolean> {
  const question = deps.faults.fire("question", line);
  if (!question) return true;
  if (question.style === "confirm") {
    const key = await io.askKey(question.text);
    io.write("\n");
    return /[\ry\n]/i.test(key);
  }
  return /^\s*y(es)?\s*$/i.test(await io.ask(`${question.text} `));
}

async function endless(deps: ShellDeps): Promise<void> {
  deps.terminal.broken();
  const lines = Array.from({ length: 50 }, () => `${deps.router}: debug: ${"x".repeat(60)}\n`).join("");
  while (!deps.terminal.broken()) {
    deps.terminal.write(lines);
    await deps.terminal.drained();
    await sleep(1);
  }
}

/** The answer to a line, or what a fault puts in its place. */
async function answerTo(deps: ShellDeps, line: string, io: Io, acted: string[]): Promise<Answer> {
  const { faults, cli } = deps;
  const act = <T>(kind: string, params: T | undefined): T | undefined => {
    if (params !== undefined) acted.push(kind);
    return params;
  };
  const slow = act("slow_line", faults.fire("slow_line", line));
  if (slow) await sleep(slow.delay_ms);
  if (act("endless_output", faults.fire("endless_output", line))) {
    await endless(deps);
    return {};
  }
  const refused = act("refused_line", faults.fire("refused_line", line));
  if (refused) return { refused: true, output: refused.text === undefined ? refusalOf(cli) : `${refused.text}\n` };
  if (act("ignored_line", faults.fire("ignored_line", line))) return {};
  if (act("question", faults.armed("question", line)) && !(await questioned(deps, line, io))) return {};
  return cli.handle(line, io);
}
const refusalOf = (cli: Cli): string =>
  ({ ios: "% Invalid input detected at '^' marker.\n\n", eos: "% Invalid input\n", junos: "error: syntax error\n" })[
    cli.paging().style
  ];

/** Log lines and odd bytes in the middle of what is printed. */
function disturbed({ faults }: ShellDeps, line: string, output: string): string {
  const log = output === "" ? undefined : faults.armed("log_lines", line);
  if (log?.where !== "in_output") return output;
  faults.fire("log_lines", line);
  const lines = output.split("\n");
  const middle = Math.ceil(lines.length / 2);
  return [...lines.slice(0, middle), `*${log.text}`, ...lines.slice(middle)].join("\n");
}

async function print(deps: ShellDeps, line: string, answer: Answer): Promise<void> {
  const text = disturbed(deps, line, answer.output ?? "");
  if (answer.output && deps.faults.fire("binary_output", line))
    deps.terminal.writeRaw(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0d, 0x0a]));
  if (answer.unpaged) deps.terminal.write(text);
  else await page(deps.terminal, text, withoutPager(deps.cli, deps.faults));
}

async function showPrompt({ cli, terminal, faults }: ShellDeps): Promise<void> {
  const slow = faults.fire("slow_prompt");
  if (slow) await sleep(slow.delay_ms);
  if (faults.armed("log_lines")?.where === "before_prompt")
    terminal.write(`\n*${faults.fire("log_lines")?.text ?? ""}\n`);
  terminal.write(cli.prompt());
}

/** Reads a line; where a fault may end the connection around it, the echo waits until that is decided. */
async function readLine(deps: ShellDeps): Promise<{ line: string; plan: Plan | undefined; acted: string[] }> {
  const { cli, terminal, faults } = deps;
  const config = isConfig(cli);
  const acted: string[] = [];
  let plan: Plan | undefined;
  const decide = (line: string): { echo: string; cut: boolean } => {
    const cut = config ? faults.countDown("cut_at_line", line) : undefined;
    const frozen = faults.countDown("half_open", line);
    if (cut)
      plan = {
        phase: cut.phase === "before_receipt" ? "before_echo" : cut.phase,
        applied: cut.applied && cut.phase !== "before_receipt",
        freeze: false,
      };
    else if (frozen) plan = { phase: "after_echo", applied: frozen.applied, freeze: true };
    if (plan) acted.push(plan.freeze ? "half_open" : "cut_at_line");
    const wrong = faults.fire("wrong_echo", line);
    if (wrong) acted.push("wrong_echo");
    if (plan?.phase === "before_echo") return { echo: "", cut: true };
    return {
      echo: wrong?.echo ?? (faults.armed("log_lines", line)?.where === "in_echo" ? inEcho(line) : line),
      cut: false,
    };
  };
  const inEcho = (line: string): string => {
    const at = Math.floor(line.length / 2);
    return `${line.slice(0, at)}\n*${faults.fire("log_lines", line)?.text ?? ""}\n${cli.prompt()}${line}`;
  };
  const holds = faults
    .list()
    .some(
      (f) =>
        ["cut_at_line", "half_open", "wrong_echo"].includes(f.kind) ||
        (f.kind === "log_lines" && f.params.where === "in_echo"),
    );
  const used = cli.prompt().split("\n").at(-1)?.length ?? 0;
  const options = {
    echo: true,
    scroll: { used, width: cli.paging().style === "ios" ? cli.width() : 0 },
    help: cli.help,
  };
  const line = await terminal.readLine(holds ? { ...options, echoLater: decide } : options);
  return { line, plan, acted };
}

async function oneLine(deps: ShellDeps, io: Io): Promise<boolean> {
  const { cli, ledger, session, line: connection } = deps;
  const { line, plan, acted } = await readLine(deps);
  const { name, config, section } = cli.mode();
  const note = (answer: Answer): void => {
    if (line.trim() === "") return;
    const kind = config ? "config" : "exec";
    ledger.append({
      session: session.id,
      user: session.user,
      kind,
      mode: name,
      section,
      line,
      changed: answer.changed ?? false,
      refused: answer.refused ?? false,
      faults: acted,
    });
  };
  let answer: Answer = {};
  try {
    if (!plan || plan.applied) answer = await answerTo(deps, line, io, acted);
  } finally {
    note(answer);
  }
  if (plan && plan.phase !== "before_prompt") {
    if (plan.freeze) await connection.freeze();
    else connection.cut();
    return false;
  }
  await print(deps, line, answer);
  if (plan) connection.cut();
  else if (answer.close) connection.close();
  return !plan && !answer.close;
}

const cutBeforeNext = ({ cli, faults }: ShellDeps): boolean => {
  const armed = faults
    .list()
    .find((f) => f.kind === "cut_at_line" && f.params.phase === "before_receipt" && f.match === undefined);
  return (
    armed !== undefined &&
    isConfig(cli) &&
    armed.seen + 1 === armed.params.line &&
    faults.countDown("cut_at_line", "") !== undefined
  );
};

/** One session from login to its end. */
export async function runShell(deps: ShellDeps): Promise<void> {
  const { cli, terminal, faults, ledger, session } = deps;
  ledger.append({
    session: session.id,
    user: session.user,
    kind: "login",
    line: `vty ${session.line} from ${session.from}`,
  });
  try {
    const dialog = faults.fire("login_dialog");
    if (dialog) {
      terminal.write(dialog.text);
      await terminal.readKey();
      terminal.write("\n");
    }
    terminal.write(cli.welcome());
    const banner = faults.fire("banner");
    if (banner) terminal.write(`${banner.text}\n`);
    const io = conversation(deps);
    for (let goes = true; goes;) {
      await showPrompt(deps);
      if (cutBeforeNext(deps)) deps.line.cut();
      goes = await oneLine(deps, io);
    }
  } catch (error) {
    if (!(error instanceof Disconnected)) throw error;
  } finally {
    cli.ended();
  }
}

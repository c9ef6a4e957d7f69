import { setTimeout as sleep } from "node:timers/promises";
import type { FaultBook } from "../fault-book.ts";
import type { Ledger } from "../ledger.ts";
import type { SessionInfo } from "../types.ts";
import { conversation } from "./conversation.ts";
import {
  answerTo,
  arrival,
  endsBeforeNext,
  holdsEcho,
  logLine,
  outputWithFaults,
  withLogLines,
  type Arrival,
} from "./line-faults.ts";
import { page } from "./pager.ts";
import { Disconnected, type Terminal } from "./terminal.ts";
import type { Answer, Cli, Io, Paging } from "./types.ts";

/** What a shell may do to its own connection. */
export type Line = {
  cut: () => void;
  /** Resolves when the dead connection is taken away at last. */
  freeze: () => Promise<void>;
  close: () => void;
  /** The router restarts, and the connection with it. */
  reload: () => void;
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

async function showPrompt({ cli, terminal, faults }: ShellDeps): Promise<void> {
  const slow = faults.fire("slow_prompt");
  if (slow) await sleep(slow.delay_ms);
  if (faults.armed("log_lines")?.where === "before_prompt")
    terminal.write(`\n${logLine(faults.fire("log_lines")?.text ?? "")}\n`);
  terminal.write(cli.prompt());
}

async function readLine({ cli, terminal, faults }: ShellDeps): Promise<Arrival & { line: string }> {
  let arrived: Arrival = { ending: undefined, echo: undefined, acted: [] };
  const used = cli.prompt().split("\n").at(-1)?.length ?? 0;
  const line = await terminal.readLine({
    echo: true,
    scroll: { used, width: cli.paging().style === "ios" ? cli.width() : 0 },
    help: cli.help,
    holdEcho: () => holdsEcho(faults),
    arrived: (complete) => {
      arrived = arrival(faults, cli, complete);
      return { echo: arrived.echo, cut: arrived.ending?.phase === "before_echo" };
    },
  });
  return { ...arrived, line };
}

async function print(
  { cli, terminal, faults, line: connection }: ShellDeps,
  line: string,
  answer: Answer,
): Promise<void> {
  const text = withLogLines(faults, line, outputWithFaults(faults, line, answer.output ?? ""));
  const cut = text === "" ? undefined : faults.fire("cut_output", line);
  if (cut) {
    terminal.write(text.slice(0, (text.length * cut.percent) / 100));
    connection.cut();
    return;
  }
  if (text !== "" && faults.fire("binary_output", line))
    terminal.writeRaw(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0d, 0x0a]));
  const paging: Paging = cli.paging();
  const stuck = paging.length === 0 && faults.fire("pager_stuck") !== undefined;
  const slow = text === "" ? undefined : faults.fire("trickle", line);
  if (slow) await trickle(terminal, text, slow);
  else if (answer.unpaged) terminal.write(text);
  else await page(terminal, text, stuck ? { ...paging, length: 24 } : paging);
}

/** What is written is whole characters: where the network cuts it is not the lab's business. */
async function trickle(
  terminal: Terminal,
  text: string,
  { bytes, delay_ms }: { bytes: number; delay_ms: number },
): Promise<void> {
  for (let at = 0; at < text.length && !terminal.broken(); at += bytes) {
    terminal.write(text.slice(at, at + bytes));
    await sleep(delay_ms);
  }
}

/** One line from prompt to answer; false when it was the last. */
async function oneLine(deps: ShellDeps, io: Io): Promise<boolean> {
  const { cli, ledger, session, line: connection } = deps;
  const { line, ending, acted } = await readLine(deps);
  if (deps.faults.fire("reload", line)) {
    ledger.append({ session: session.id, user: session.user, kind: "event", line, faults: ["reload"] });
    connection.reload();
    return false;
  }
  const { name, config, section } = cli.mode();
  let answer: Answer = {};
  if (ending && ending.late > 0) {
    // The box goes on with what it was told, though nobody is there any more.
    connection.cut();
    await sleep(ending.late);
  }
  try {
    if (!ending || ending.applied) answer = await answerTo(deps, line, io, acted);
  } finally {
    const { changed = false, refused = false } = answer;
    const kind = config ? "config" : "exec";
    const entry = { session: session.id, user: session.user, kind, mode: name, section, line } as const;
    if (line.trim() !== "") ledger.append({ ...entry, changed, refused, faults: acted });
  }
  if (ending && ending.phase !== "before_prompt") {
    if (ending.freeze) await connection.freeze();
    else connection.cut();
    return false;
  }
  await print(deps, line, answer);
  if (ending) connection.cut();
  else if (answer.close) connection.close();
  return !ending && !answer.close;
}

async function greet({ cli, terminal, faults }: ShellDeps): Promise<void> {
  const dialog = faults.fire("login_dialog");
  if (dialog) {
    terminal.write(dialog.text);
    await terminal.readKey();
    terminal.write("\n");
  }
  terminal.write(cli.welcome());
  const banner = faults.fire("banner");
  if (banner) terminal.write(`${banner.text}\n`);
}

/** One session from login to its end. */
export async function runShell(deps: ShellDeps): Promise<void> {
  const { cli, terminal, faults, ledger, session, line } = deps;
  ledger.append({
    session: session.id,
    user: session.user,
    kind: "login",
    line: `vty ${session.line} from ${session.from}`,
  });
  const io = conversation(cli, terminal, ledger, session);
  try {
    await greet(deps);
    for (let goes = true; goes;) {
      await showPrompt(deps);
      if (endsBeforeNext(faults, cli)) line.cut();
      goes = await oneLine(deps, io);
    }
  } catch (error) {
    if (!(error instanceof Disconnected)) throw error;
  } finally {
    cli.ended();
  }
}

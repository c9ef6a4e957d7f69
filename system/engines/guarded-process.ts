import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { z } from "zod";
import { StartError } from "../start-error.ts";
import { endProcess, markOf, type ProcessMark } from "../processes.ts";

/** A program that runs beside us until it is stopped, dies, or we die. */
export type GuardedProcess = {
  mark: ProcessMark;
  /** How it ended, in words. */
  exited: Promise<string>;
  stop(): Promise<void>;
};

export type GuardedCommand = {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Both of its outputs are appended to this file. */
  logFile: string;
  user: { uid: number; gid: number } | undefined;
  /** Signals that stop it, each with the time it has before the next. */
  stopSignals: readonly (readonly [NodeJS.Signals, number])[];
};

// The engines are not ours, so they do not notice our death. A shell between us does: when the pipe that we hold closes,
// its reader signals the engine. The shell tells the engine's own pid on fd 3 and passes its exit code on.
const GUARD = `
signal=$1; shift
exec 4<&0
"$@" </dev/null 3>&- 4<&- & engine=$!
echo "$engine" >&3
exec 3>&-
{ read -r _ <&4; kill -s "$signal" "$engine"; } 2>/dev/null & reader=$!
exec 4<&-
wait "$engine"; code=$?
kill "$reader" 2>/dev/null
exit "$code"`;

/** Starts the program in its own session: Ctrl+C in the terminal reaches the one who decides about the order, not it. */
export async function startGuarded(it: GuardedCommand): Promise<GuardedProcess> {
  const log = openLog(it.logFile);
  const firstSignal = it.stopSignals[0]?.[0] ?? "SIGTERM";
  const shell = spawn("/bin/sh", ["-c", GUARD, "sh", firstSignal.slice(3), it.command, ...it.args], {
    cwd: it.cwd,
    env: it.env,
    detached: true,
    stdio: ["pipe", log, log, "pipe"],
    ...(it.user === undefined ? {} : { uid: it.user.uid, gid: it.user.gid }),
  });
  closeSync(log);
  const exited = new Promise<string>((done) => {
    shell.on("error", (error) => done(`could not be started (${error.message})`));
    shell.on("exit", (code, signal) => done(describeExit(code, signal)));
  });
  const pid = await Promise.race([readPid(shell.stdio[3]), exited]);
  const mark = typeof pid === "number" ? markOf(pid) : undefined;
  if (mark === undefined)
    throw new StartError(`${it.command} ${typeof pid === "string" ? pid : await exited}: ${lastWords(it.logFile)}.`);
  return {
    mark,
    exited,
    async stop() {
      await endProcess(mark, it.stopSignals);
      await exited;
    },
  };
}

/** Gives up waiting when the process ends first, and stops the process when the waiting takes too long. */
export async function waitUntilReady(
  engine: GuardedProcess,
  what: string,
  it: { logFile: string; seconds: number; ready(): Promise<boolean> },
): Promise<void> {
  let ended: string | undefined;
  void engine.exited.then((how) => {
    ended = how;
  });
  const until = Date.now() + it.seconds * 1000;
  while (!(await it.ready())) {
    if (ended !== undefined) throw new StartError(`${what} ${ended} while it started: ${lastWords(it.logFile)}.`);
    if (Date.now() > until) {
      await engine.stop();
      throw new StartError(`${what} did not answer within ${it.seconds} seconds: ${lastWords(it.logFile)}.`);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
      );
    });
  });
}

export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `was ended by ${signal}`;
  // A shell tells the signal that ended its child as 128 + its number.
  if (code !== null && code > 128) return `was ended by signal ${code - 128}`;
  return `exited with code ${code}`;
}

const LOG_LIMIT = 20_000_000;

/** Opens a part's log to append; one that has grown large becomes `.1` first, in the place of an older `.1`. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}

/** The last line of a log that tells of trouble, else its last line; and where the rest is. */
export function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-40);
  const line = lines.findLast((text) => /error|fatal|cannot|could not|must be/i.test(text)) ?? lines.at(-1) ?? "";
  return `${messageOf(line).slice(0, 240)} (more in ${logFile})`;
}

/** Of a line that is JSON, as our own parts write them, the sentence. */
function messageOf(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const { msg, err } = LogLine.parse(JSON.parse(line));
    return err === undefined ? msg : `${msg}: ${err.message}`;
  } catch {
    return line; // another program's form, or a line that a kill cut off
  }
}

const LogLine = z.object({ msg: z.string(), err: z.object({ message: z.string() }).optional() });

function readPid(pipe: unknown): Promise<number | undefined> {
  // Node's types know only that an extra pipe is a stream of some kind; asked for as "pipe", it is always readable.
  const stream = pipe as NodeJS.ReadableStream;
  return new Promise((done) => {
    let text = "";
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    stream.on("end", () => done(/^\d+\n$/.test(text) ? Number(text) : undefined));
  });
}

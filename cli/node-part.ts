import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { z } from "zod";
import { describeExit, lastWords, openLog } from "../system/engines/guarded-process.ts";
import { endProcess, markOf, type ProcessMark } from "../system/processes.ts";
import { StartError, explainDataFolderError } from "../system/start-error.ts";

/** A running part of the platform; the engines have the same shape. */
export type RunningPart = {
  mark: ProcessMark;
  /** How it ended, in words. */
  exited: Promise<string>;
  address?: string;
  stop(): Promise<void>;
};

/** What a part tells its supervisor when it does its work: see serve-part.ts. */
const Ready = z.object({ ready: z.literal(true), address: z.string().optional() });

const READY_SECONDS = 60;
/** How long a part may finish what it holds: a worker's window on a device among them. */
const DRAIN_MS = 20_000;

/** Starts one of our own programs and waits until it says that it is ready. It ends when the channel to us closes. */
export async function startNodePart(it: {
  name: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  dataDir: string;
}): Promise<RunningPart> {
  let log: number;
  try {
    log = openLog(it.logFile);
  } catch (error) {
    throw explainDataFolderError(error, it.dataDir);
  }
  // Its own session: Ctrl+C in the terminal reaches the supervisor alone, which knows the order of stopping.
  const child = spawn(process.execPath, it.args, { env: it.env, detached: true, stdio: ["ignore", log, log, "ipc"] });
  closeSync(log);
  const exited = new Promise<string>((done) => {
    child.on("error", (error) => done(`could not be started (${error.message})`));
    child.on("exit", (code, signal) => done(describeExit(code, signal)));
  });
  const mark = child.pid === undefined ? undefined : markOf(child.pid);
  if (mark === undefined) throw new StartError(`The ${it.name} ${await exited}: ${lastWords(it.logFile)}.`);
  const stop = async () => {
    await endProcess(mark, [
      ["SIGTERM", DRAIN_MS],
      ["SIGKILL", 5_000],
    ]);
    await exited;
  };
  const answer = await Promise.race([firstReady(child), exited, after(READY_SECONDS)]);
  if (typeof answer === "object")
    return { mark, exited, stop, ...(answer.address === undefined ? {} : { address: answer.address }) };
  await stop();
  throw new StartError(`The ${it.name} ${answer} while it started: ${lastWords(it.logFile)}.`);
}

function firstReady(child: NodeJS.EventEmitter): Promise<z.infer<typeof Ready>> {
  return new Promise((done) => {
    child.on("message", (message: unknown) => {
      const ready = Ready.safeParse(message);
      if (ready.success) done(ready.data);
    });
  });
}

function after(seconds: number): Promise<string> {
  return new Promise((done) => {
    setTimeout(() => done(`was not ready within ${seconds} seconds`), seconds * 1000).unref();
  });
}

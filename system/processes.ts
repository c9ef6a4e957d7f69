import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { systemErrorCode } from "./start-error.ts";

/** A process that cannot be confused with a later one that got the same number. */
export type ProcessMark = { pid: number; started: string };

/** The mark of a live process, or undefined when there is none of that number. */
export function markOf(pid: number): ProcessMark | undefined {
  const started = process.platform === "linux" ? startTicks(pid) : startText(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.started === mark.started;
}

/**
 * Ends a process by the signals in order, giving each its time before the next.
 * Returns the last signal that was needed; undefined if the process was gone already.
 */
export async function endProcess(
  mark: ProcessMark,
  signals: readonly (readonly [NodeJS.Signals, number])[],
): Promise<NodeJS.Signals | undefined> {
  let used: NodeJS.Signals | undefined;
  for (const [signal, milliseconds] of signals) {
    if (!isAlive(mark)) return used;
    sendSignal(mark.pid, signal);
    used = signal;
    const until = Date.now() + milliseconds;
    while (isAlive(mark) && Date.now() < until) await sleep(25);
  }
  return used;
}

/** A process that ended in the meantime needs no signal. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== "ESRCH") throw error;
  }
}

/** Clock ticks from boot to the process's start; a zombie counts as gone: it only waits to be collected. */
function startTicks(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT" || systemErrorCode(error) === "ESRCH") return undefined;
    throw error;
  }
  // The name in parentheses may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function startText(pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return text === "" ? undefined : text;
  } catch {
    // ps exits with 1 when no such process exists.
    return undefined;
  }
}

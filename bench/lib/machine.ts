import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./paths.ts";
import { peerVersions } from "./peers.ts";

/** Clock ticks a second in /proc; Linux has told programs 100 since long ago. */
const TICKS = 100;

const read = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended in the meantime, or belongs to somebody else.
    return null;
  }
};

/** Seconds of CPU that all processors together have worked since the machine started. */
export function busySeconds(): number {
  const fields = (read("/proc/stat")?.split("\n")[0] ?? "").split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, wait = 0] = fields;
  return (fields.reduce((a, b) => a + b, 0) - idle - wait) / TICKS;
}

/** Other work below this many cores disturbs nothing. */
const QUIET_CORES = 0.15;

/** Waits until other work leaves the machine alone: at most 20 s, or 2 s where there is little time. */
export async function untilQuiet({ quick }: { quick: boolean }): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const [before, since] = [busySeconds(), performance.now()];
    await sleep(quick ? 100 : 1000);
    if ((busySeconds() - before) / ((performance.now() - since) / 1000) < QUIET_CORES) return;
  }
}

type Stat = { pid: number; parent: number; cpuS: number; childrenS: number; name: string };

function statOf(pid: string): Stat | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const at = (n: number): number => Number(fields[n]);
  return {
    pid: Number(pid),
    parent: at(1),
    cpuS: (at(11) + at(12)) / TICKS,
    childrenS: (at(13) + at(14)) / TICKS,
    name: text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")),
  };
}

/** A process and all that it started. */
function treeOf(root: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(name) ?? []);
  const found = all.filter((each) => each.pid === root);
  for (const each of found) found.push(...all.filter((other) => other.parent === each.pid));
  return found;
}

/** Seconds of CPU of these processes and all that they started, those that have ended included. */
export const treeCpuSeconds = (roots: readonly number[]): number =>
  roots.flatMap(treeOf).reduce((sum, each) => sum + each.cpuS + each.childrenS, 0);

/** Proportional memory in MiB of these processes and all that they started: pages that several share count once. */
export function treePssMib(roots: readonly number[]): number {
  const kib = roots.flatMap(treeOf).map(({ pid }) => {
    const found = /^Pss: +(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? "");
    return Number(found?.[1] ?? 0);
  });
  return kib.reduce((a, b) => a + b, 0) / 1024;
}

export const processCount = (roots: readonly number[]): number => roots.flatMap(treeOf).length;

export type Machine = {
  date: string;
  cpu: string;
  cores: number;
  memory_gib: number;
  kernel: string;
  node: string;
  commit: string;
  versions: Record<string, string>;
};

/** What the figures were measured on and with. */
export function describeMachine(): Machine {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--", ":!docs", ":!bench/results") === "" ? "" : " with changes";
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    commit: `${git("rev-parse", "--short", "HEAD")}${changed}`,
    versions: peerVersions(),
  };
}

import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemErrorCode } from "../../system/start-error.ts";
import { describeInjury, PARTS, type Injury, type Part, type Planned } from "./plan.ts";
import type { Rig } from "./rig.ts";

/** What was done, and when by the clock: the plan says when it was due. */
export type Inflicted = {
  at: string;
  offsetMs: number;
  what: string;
  kind: Injury["kind"];
  part: string;
  outcome: string;
};

const BALLAST = "ballast";
const MB = 1024 * 1024;
const WRITING_MS = 15_000;

/** Carries out the plan from now on. Resolves when the last injury is over and everything has been let go of. */
export async function inflict(rig: Rig, plan: readonly Planned[], say: (line: string) => void): Promise<Inflicted[]> {
  const start = Date.now();
  const done: Inflicted[] = [];
  const note = (injury: Injury, outcome: string): void => {
    const what = describeInjury(injury);
    done.push({
      at: new Date().toISOString(),
      offsetMs: Date.now() - start,
      what,
      kind: injury.kind,
      part: "part" in injury ? injury.part : "router" in injury ? injury.router : "postgres",
      outcome,
    });
    say(`${what}${outcome === "" ? "" : ` (${outcome})`}`);
  };
  await Promise.all(
    plan.map(async ({ at, injury }) => {
      await sleep(at);
      const { outcome, over } = await begin(rig, injury, start + at);
      note(injury, outcome);
      await over;
    }),
  );
  return done;
}

type Begun = { outcome: string; /** Resolves when it has been undone. */ over?: Promise<void> };

async function begin(rig: Rig, injury: Injury, due: number): Promise<Begun> {
  const { lab } = rig.product;
  switch (injury.kind) {
    case "kill": {
      const [pid] = await rig.pids(injury.part);
      if (pid === undefined) return { outcome: "was down already" };
      return { outcome: signal(pid, "SIGKILL") ? `pid ${pid}` : "was down already" };
    }
    case "stop": {
      const lines = injury.writing ? await untilWriting(rig, injury.part) : 0;
      const stopped = (await rig.pids(injury.part)).filter((pid) => signal(pid, "SIGSTOP"));
      if (stopped.length === 0) return { outcome: "was down already" };
      const wake = async (): Promise<void> => {
        await sleep(Math.max(0, due + injury.ms - Date.now()));
        for (const pid of stopped) signal(pid, "SIGCONT");
      };
      const writing = injury.writing ? `, waiting for the answers to ${lines} lines` : "";
      return { outcome: `pid ${stopped.join(", ")}${writing}`, over: wake() };
    }
    case "refuse":
      return {
        outcome: await attempt(() => refuseConnections(rig)),
        over: sleep(injury.ms).then(() => allowConnections(rig)),
      };
    case "disk_full": {
      if ("missing" in rig.disk) return { outcome: "skipped" };
      const { folder } = rig.disk;
      const size = await fillDisk(join(folder, BALLAST));
      const outcome = injury.wal ? await attempt(() => useUpLog(rig)) : "";
      return {
        outcome: [`${Math.round(size / MB)} MB`, outcome].filter((part) => part !== "").join(", "),
        over: sleep(injury.ms).then(() => rm(join(folder, BALLAST), { force: true })),
      };
    }
    case "cut": {
      const { router, line, phase, applied } = injury;
      await lab.addFault(router, { kind: "cut_at_line", line, phase, applied, once: true });
      return { outcome: "" };
    }
    case "half_open": {
      const { router, line, applied, ms } = injury;
      const { id } = await lab.addFault(router, { kind: "half_open", line, applied, once: true });
      // Taking the fault away also takes the dead connection away.
      return { outcome: "", over: sleep(ms).then(() => lab.clearFaults(router, id)) };
    }
    case "away": {
      const { id } = await lab.addFault(injury.router, { kind: "refuse_connection" });
      return { outcome: "", over: sleep(injury.ms).then(() => lab.clearFaults(injury.router, id)) };
    }
  }
}

/** Waits, but not for ever, until the worker has a line on its way to a device; gives how many it has. */
async function untilWriting(rig: Rig, part: Part): Promise<number> {
  for (const end = Date.now() + WRITING_MS; ; await sleep(10)) {
    const [pid = 0] = await rig.pids(part);
    const [row] = await rig.pool()<
      { n: number }[]
    >`select count(*)::int as n from journal j join device_locks l on l.device_id = j.device_id and l.epoch = j.epoch
        where j.state = 'sent' and l.holder like ${`%-${pid}-%`}`.catch(() => []);
    const lines = row?.n ?? 0;
    if (lines > 0 || Date.now() > end) return lines;
  }
}

/** False when there is no such process any more. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "ESRCH") return false;
    throw error;
  }
}

/** The database may be down just now: then there is nothing to take away from it. */
async function attempt(fn: () => Promise<void>): Promise<string> {
  try {
    await fn();
    return "";
  } catch (error) {
    return `the database said: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const DATABASE = "netstacks";

function refuseConnections(rig: Rig): Promise<void> {
  return rig.administer(async (db) => {
    await db.unsafe(`alter database ${DATABASE} with allow_connections false`);
    await db`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${DATABASE}`;
  });
}

/** Until it has worked: the server may have been killed in the meantime. */
async function allowConnections(rig: Rig): Promise<void> {
  for (;;) {
    const failed = await attempt(() =>
      rig.administer(async (db) => {
        await db.unsafe(`alter database ${DATABASE} with allow_connections true`);
      }),
    );
    if (failed === "") return;
    await sleep(500);
  }
}

/** Writes until nothing more fits; gives how much did. */
function fillDisk(file: string): Promise<number> {
  return new Promise((done, fail) => {
    const stream = createWriteStream(file);
    const block = Buffer.alloc(MB);
    const more = (): void => {
      while (stream.write(block)) if (stream.bytesWritten > 4096 * MB) return void stream.destroy();
    };
    stream.on("drain", more);
    stream.on("error", (error) => (systemErrorCode(error) === "ENOSPC" ? done(stream.bytesWritten) : fail(error)));
    stream.on("close", () => done(stream.bytesWritten));
    more();
  });
}

/** Ends piece after piece of the log, until the server wants a new one and finds no room: it stops itself then. */
function useUpLog(rig: Rig): Promise<void> {
  return rig.administer(async (db) => {
    for (let n = 0; n < 12; n += 1)
      await db`select pg_switch_wal(), pg_logical_emit_message(false, 'chaos', repeat('x', 1000))`;
  });
}

/** Lets go of whatever still holds a part or a router back, so that only what the product does counts from now on. */
export async function heal(rig: Rig): Promise<void> {
  if ("folder" in rig.disk) await rm(join(rig.disk.folder, BALLAST), { force: true });
  for (const part of PARTS) for (const pid of await rig.pids(part)) signal(pid, "SIGCONT");
  await allowConnections(rig);
  for (const { name } of rig.routers) {
    const { faults } = await rig.product.lab.router(name);
    for (const { id, kind } of faults) if (kind !== "slow_line") await rig.product.lab.clearFaults(name, id);
  }
}

/** Waits until every part runs and the API answers; gives the moment. */
export async function untilAllRun(rig: Rig, seconds: number): Promise<number> {
  const down = async (): Promise<Part[]> => {
    const found: Part[] = [];
    for (const part of PARTS) if ((await rig.pids(part)).length === 0) found.push(part);
    return found;
  };
  for (const end = Date.now() + seconds * 1000; ; await sleep(200)) {
    const missing = await down();
    const ready = await fetch(`${rig.product.address}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (missing.length === 0 && ready === 200) return Date.now();
    if (Date.now() > end)
      throw new Error(
        `after ${seconds} s not everything runs again: ${missing.join(", ")} missing, /readyz says ${ready}`,
      );
  }
}

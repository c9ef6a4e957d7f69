import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { z } from "zod";
import { startNodePart } from "../../cli/node-part.ts";
import { createSupervisor, type Supervisor } from "../../cli/supervisor.ts";
import { openPool, type Pool } from "../../db/client.ts";
import type { RouterState } from "../../lab/control.ts";
import { startPostgres } from "../../system/engines/postgres.ts";
import { isAlive } from "../../system/processes.ts";
import type { ApiClient } from "../support/api-client.ts";
import { ownDevice } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";
import type { Part } from "./plan.ts";

const NETSTACKS = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));
/** The whole disk of Postgres: room for the run, and little enough to fill it in a moment. */
const DISK_MB = 512;

/** The product with a second worker, a small disk below its Postgres, and the people and devices of the run. */
export type Rig = {
  product: Product;
  routers: RouterState[];
  /** The name of the device at a router. */
  deviceAt(router: string): string;
  /** Devices that are none of the lab's: somebody else than the asker approves. */
  isOwn(router: string): boolean;
  operator: ApiClient;
  approver: ApiClient;
  /** Reaches the database while the product's own connections are refused: it is connected to another one. */
  administer<T>(fn: (db: postgres.Sql) => Promise<T>): Promise<T>;
  /** For the checks at the end. */
  pool(): Pool;
  /** Where the workflows can be asked about. */
  temporal: { address: string; namespace: string };
  pids(part: Part): Promise<number[]>;
  /** The folder whose disk is small; null where the disk cannot be made, with the reason. */
  disk: { folder: string } | { missing: string };
  log(): string[];
  stop(): Promise<void>;
};

const OWN = ["lab-lon-1", "lab-lon-2", "lab-lon-3"];
/** A router that takes its time, so that faults fall into the middle of lines and not only between devices. */
const SLOW_LINE_MS = 60;
/** Some silent devices are given up soon; at the others a worker that was stopped still finds the answer it waited for. */
const IDLE_S = { soon: 8, late: 60 };

export async function startRig({ say }: { say(line: string): void }): Promise<Rig> {
  const dataDir = await mkdtemp(join(tmpdir(), "netstacks-chaos-"));
  const disk = await smallDisk(dataDir);
  const log: string[] = [];
  let product: Product | undefined;
  let second: Supervisor | undefined;
  let pool: Pool | undefined;
  const stop = async (): Promise<void> => {
    await pool?.end({ timeout: 2 });
    await second?.stop(["worker-2"]);
    await product?.stopProcesses();
    if ("folder" in disk) spawnSync("umount", ["-l", disk.folder]);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const started = await startProduct({ dataDir });
    product = started;
    const env = await environmentOf(await started.pid("worker"));
    const url = env.DATABASE_URL ?? "";
    second = createSupervisor({
      dataDir,
      say: (line) => void log.push(`${new Date().toISOString().slice(11, 19)} ${line}`),
    });
    await second.run({
      name: "worker-2",
      start: () =>
        startNodePart({
          name: "worker-2",
          args: [NETSTACKS, "worker"],
          env,
          logFile: join(dataDir, "logs", "worker-2.log"),
          dataDir,
        }),
    });
    const { admin } = started;
    const operator = await admin.newUser("olga", ["operator"]);
    const approver = await admin.newUser("adam", ["approver"]);
    for (const router of OWN) await ownDevice(started, `own-${router}`, router);
    const isOwn = (router: string): boolean => OWN.includes(router);
    const deviceAt = (router: string): string => (isOwn(router) ? `own-${router}` : router);
    const routers = await started.lab.routers();
    for (const { name } of routers) {
      await admin.call("PATCH", `/devices/${deviceAt(name)}`, {
        timeouts: { idle: name.startsWith("lab-fra") ? IDLE_S.soon : IDLE_S.late },
      });
      await started.lab.addFault(name, { kind: "slow_line", delay_ms: SLOW_LINE_MS });
    }
    if ("missing" in disk) say(disk.missing);
    const admins = new URL(url);
    admins.pathname = "/postgres";
    return {
      product: started,
      routers,
      deviceAt,
      isOwn,
      operator,
      approver,
      disk,
      async administer(fn) {
        const sql = postgres(admins.href, { max: 1, connect_timeout: 3, onnotice: () => undefined });
        try {
          return await fn(sql);
        } finally {
          await sql.end({ timeout: 1 });
        }
      },
      temporal: { address: env.TEMPORAL_ADDRESS ?? "", namespace: env.TEMPORAL_NAMESPACE ?? "default" },
      pool: () => (pool ??= openPool(url, { max: 4, name: "chaos-checks" })),
      pids: (part) => pidsOf(dataDir, part),
      log: () =>
        [
          ...started
            .output()
            .split("\n")
            .map((l) => l.trim()),
          ...log,
        ].filter((l) => /^\d\d:\d\d:\d\d /.test(l)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A disk of its own below the database, small enough to be filled: a tmpfs, mounted over a cluster that was made before.
 * Only root may mount; others run without that fault, and the report says so.
 */
async function smallDisk(dataDir: string): Promise<Rig["disk"]> {
  const folder = join(dataDir, "disk");
  const first = await startPostgres({ dataDir });
  const sql = postgres(first.url, { max: 1 });
  // Little log is kept ahead, so that a full disk is felt at once and not after the next gigabyte.
  for (const [name, value] of [
    ["max_wal_size", "96MB"],
    ["min_wal_size", "32MB"],
  ])
    await sql.unsafe(`alter system set ${name} = '${value}'`);
  await sql.end();
  await first.stop();
  await mkdir(folder, { mode: 0o711 });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m,mode=711`, "chaos", folder], {
    encoding: "utf8",
  });
  if (mounted.status !== 0)
    return {
      missing: `[skipped: full disk] no small disk can be mounted here: ${(mounted.stderr ?? "mount is missing").trim()}`,
    };
  const cluster = join(dataDir, "postgres");
  const moved = spawnSync("cp", ["-a", cluster, join(folder, "cluster")], { encoding: "utf8" });
  if (moved.status !== 0) throw new Error(`the cluster could not be moved: ${moved.stderr}`);
  await rm(cluster, { recursive: true });
  await symlink(join(folder, "cluster"), cluster);
  return { folder };
}

async function environmentOf(pid: number): Promise<Record<string, string>> {
  const text = await readFile(`/proc/${pid}/environ`, "utf8");
  return Object.fromEntries(
    text
      .split("\0")
      .filter((pair) => pair.includes("="))
      .map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

/** The process of a part, and those it has made: the backends of Postgres are what holds its connections. None: it is down. */
async function pidsOf(dataDir: string, part: Part): Promise<number[]> {
  const text = await readFile(join(dataDir, "run", `${part}.json`), "utf8").catch(() => "{}");
  const mark = Mark.safeParse(JSON.parse(text)).data;
  if (mark === undefined || !isAlive(mark)) return [];
  return part === "postgres" ? [mark.pid, ...childrenOf(mark.pid)] : [mark.pid];
}

const Mark = z.object({ pid: z.number(), started: z.string() });

function childrenOf(parent: number): number[] {
  const found = spawnSync("ps", ["-o", "pid=", "--ppid", String(parent)], { encoding: "utf8" });
  return (found.stdout ?? "")
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0);
}

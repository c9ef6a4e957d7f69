import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { openPool, type Pool } from "../../db/client.ts";
import { getBlob } from "../../db/queries/blobs.ts";
import { ENDED, type Run, type RunStatus } from "../../domain/contract/run.ts";
import { PERMISSIONS } from "../../domain/contract/user.ts";
import { labControl, type LabControl } from "../../lab/control.ts";
import { startLab, type Lab } from "../../lab/lab.ts";
import type { RouterSpec } from "../../lab/types.ts";
import type { Ctx } from "../../services/context.ts";
import { getRun } from "../../services/runs.ts";
import { openTemporalEngine } from "../../services/temporal-engine.ts";
import { readConfig, requireEngines } from "../../system/config.ts";
import { newId } from "../../system/ids.ts";
import { createLog } from "../../system/log.ts";
import { openVault } from "../../system/vault.ts";
import { runWorker } from "../../worker/main.ts";
import { createTestDatabase, testTemporalAddress } from "./engines.ts";

/** Virtual routers known as devices, and a worker that reads them: everything but the REST front. */
export type BackupWorld = {
  pool: Pool;
  ctx: Ctx;
  lab: Lab;
  control: LabControl;
  /** Waits until the run has ended, or is as asked. */
  until(run: Run, is?: (run: Run) => boolean): Promise<Run>;
  /** Events in the run's workflow history. */
  historyLength(run: Run): Promise<number>;
  /** The whole text of every version of a device, oldest first, as it would be restored. */
  texts(device: string): Promise<string[]>;
  addDevice(device: NewDevice): Promise<string>;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  stop(): Promise<void>;
};
type NewDevice = {
  name: string;
  host: string;
  port: number;
  device_type: string;
  username: string;
  password: string;
  enable_password: string;
  host_key_sha256: string;
  /** In seconds. */
  timeouts?: Record<string, number>;
};

export async function startBackupWorld({
  routers,
  timeouts = {},
}: {
  routers: readonly RouterSpec[];
  timeouts?: Record<string, number>;
}): Promise<BackupWorld> {
  const dir = await mkdtemp(join(tmpdir(), "netstacks-backups-"));
  const database = await createTestDatabase();
  const pool = openPool(database.url, { max: 6, name: "test" });
  const key = Buffer.alloc(32, 9);
  const vault = openVault(key);
  const log = createLog("test", "silent");
  const taskQueue = `backups-${randomUUID()}`;
  const config = requireEngines(
    readConfig({
      NETSTACKS_DATA_DIR: join(dir, "data"),
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: testTemporalAddress(),
      NETSTACKS_MASTER_KEY: key.toString("base64"),
      LOG_LEVEL: "silent",
    }),
    "worker",
  );
  const engine = await openTemporalEngine({ config, vault, log, taskQueue });
  let worker: Awaited<ReturnType<typeof runWorker>> | null = await runWorker(config, { taskQueue });
  const lab = await startLab({ dir: join(dir, "lab"), routers, timeScale: 60 });
  const userId = newId();
  await pool`insert into users (id, username, password_hash, roles) values (${userId}, 'olga', 'x', '{admin}')`;
  const ctx: Ctx = {
    pool,
    vault,
    log,
    engine,
    actor: { id: userId, username: "olga", roles: ["admin"], permissions: new Set(PERMISSIONS), via: "session" },
    requestId: "test",
    ip: null,
  };
  const world: BackupWorld = {
    pool,
    ctx,
    lab,
    control: labControl(lab.control),
    until: async (run, is = ({ status }) => (ENDED as readonly RunStatus[]).includes(status)) => {
      for (let tries = 0; tries < 1200; tries += 1) {
        const now = await getRun(ctx, run.id);
        if (is(now)) return now;
        await sleep(50);
      }
      throw new Error(`the run came no further: ${JSON.stringify(await getRun(ctx, run.id))}`);
    },
    historyLength: async (run) => {
      const connection = await Connection.connect({ address: testTemporalAddress() });
      try {
        return (await new Client({ connection }).workflow.getHandle(run.id).describe()).historyLength ?? 0;
      } finally {
        await connection.close();
      }
    },
    texts: async (device) => {
      const rows = await pool<{ blob_ref: string }[]>`
        select blob_ref from config_backups where device_name = ${device} order by created_at, id`;
      return Promise.all(rows.map((row) => getBlob(pool, vault, row.blob_ref)));
    },
    addDevice: async (device) => {
      const id = newId();
      const { password, enable_password } = device;
      const sealed = vault.seal(JSON.stringify({ password, enable_password }), `device:${id}`);
      await pool`insert into devices (id, name, host, port, device_type, username, sealed, has_password, has_enable_password, timeouts)
        values (${id}, ${device.name}, ${device.host}, ${device.port}, ${device.device_type}, ${device.username}, ${sealed}, true, true, ${pool.json(device.timeouts ?? {})})`;
      await pool`insert into host_keys (id, device_id, algorithm, fingerprint, status)
        values (${newId()}, ${id}, 'ssh-ed25519', ${device.host_key_sha256}, 'accepted')`;
      return id;
    },
    startWorker: async () => {
      worker ??= await runWorker(config, { taskQueue });
    },
    stopWorker: async () => {
      await worker?.stop();
      worker = null;
    },
    stop: async () => {
      await worker?.stop();
      await engine.close();
      await lab.stop();
      await pool.end({ timeout: 5 });
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  for (const router of lab.routers) await world.addDevice({ ...router, timeouts });
  return world;
}

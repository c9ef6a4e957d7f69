import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { apiClient, type ApiClient } from "../../test/support/api-client.ts";
import { startBenchDatabase, type BenchDatabase } from "../engine/database.ts";
import { CACHE, ROOT } from "../lib/paths.ts";

const PASSWORD = "correct-horse-battery-1";

export type RunningProduct = { address: string; pid: number; stop(): Promise<void> };

/** `netstacks up`, with a data folder of its own. */
export async function startUp(env: Record<string, string> = {}): Promise<RunningProduct> {
  mkdirSync(CACHE, { recursive: true });
  const dataDir = await mkdtemp(join(CACHE, "product-"));
  const child = spawn(process.execPath, [join(ROOT, "cli", "netstacks.ts"), "up"], {
    cwd: ROOT,
    env: { ...process.env, PORT: "0", NETSTACKS_DATA_DIR: dataDir, NETSTACKS_ADMIN_PASSWORD: PASSWORD, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (output = `${output}${bytes.toString()}`.slice(-20_000)));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await Promise.race([ended, sleep(40_000, undefined, { ref: false }).then(() => child.kill("SIGKILL"))]);
    }
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    return { address: await untilAddress(child, () => output), pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilAddress(child: ChildProcess, output: () => string): Promise<string> {
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(50)) {
    const address = /Address\s+(http\S+)/.exec(output())?.[1];
    if (address !== undefined) return address;
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}:\n${output()}`);
  }
  throw new Error(`the product did not start within two minutes:\n${output()}`);
}

/** The product over a database that the bench can write to, so that devices and stored volumes come by SQL. */
export type BenchProduct = RunningProduct & {
  database: BenchDatabase;
  /** The processes whose trees are the whole of it, the database's included. */
  roots: readonly number[];
  admin: ApiClient;
  /** Two people who may decide about what the admin asks for. */
  approvers: readonly ApiClient[];
};

export async function startBenchProduct(): Promise<BenchProduct> {
  const database = await startBenchDatabase();
  try {
    const product = await startUp({
      DATABASE_URL: database.url,
      NETSTACKS_MASTER_KEY: Buffer.alloc(32, 7).toString("hex"),
      NETSTACKS_LAB: "off",
    });
    const admin = apiClient(product.address);
    await admin.signIn("admin", PASSWORD);
    const approvers = [
      await admin.newUser("bench-approver-1", ["approver"]),
      await admin.newUser("bench-approver-2", ["approver"]),
    ];
    return {
      ...product,
      database,
      roots: [product.pid, database.pid],
      admin,
      approvers,
      stop: async () => {
        await product.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** What an open session does not know: the next use connects anew. */
export async function forgetSessions({ pool }: BenchDatabase): Promise<void> {
  await pool`update devices set updated_at = clock_timestamp()`;
}

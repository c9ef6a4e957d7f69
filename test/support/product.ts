import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { labControl, type LabControl } from "../../lab/control.ts";
import { apiClient, type ApiClient } from "./api-client.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ADMIN_PASSWORD = "correct-horse-battery-1";

export type Part = "api" | "worker" | "temporal" | "postgres" | "lab";

/** The product as a user has it: `netstacks up` with a data folder of its own and a free port. */
export type Product = {
  address: string;
  dataDir: string;
  adminPassword: string;
  /** Milliseconds from the start of the command until it printed its address. */
  startedInMs: number;
  output(): string;
  admin: ApiClient;
  lab: LabControl;
  pid(part: Part): Promise<number>;
  /** SIGKILL; the supervisor starts the part again. */
  kill(part: Part): Promise<number>;
  /** SIGTERM to the supervisor, and waits for it; the data stay. */
  stopProcesses(): Promise<void>;
  /** Ends everything and removes the data. */
  stop(): Promise<void>;
};

export async function startProduct({
  env = {},
  dataDir,
  keepPassword = false,
}: { env?: Record<string, string>; dataDir?: string; keepPassword?: boolean } = {}): Promise<Product> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "netstacks-product-")));
  const before = Date.now();
  let output = "";
  const child = spawn(process.execPath, [join(ROOT, "cli/netstacks.ts"), "up"], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: "0",
      NETSTACKS_DATA_DIR: folder,
      ...(keepPassword ? {} : { NETSTACKS_ADMIN_PASSWORD: ADMIN_PASSWORD }),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const address = await untilAddress(child, () => output);
  const startedInMs = Date.now() - before;
  const password = keepPassword ? (/Password\s+(\S+)/.exec(output)?.[1] ?? "") : ADMIN_PASSWORD;
  const admin = apiClient(address);
  if (!keepPassword) await admin.signIn("admin", password);
  const lab = labControl(JSON.parse(await readFile(join(folder, "lab", "lab.json"), "utf8")));
  const pid = async (part: Part): Promise<number> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const mark = await readFile(join(folder, "run", `${part}.json`), "utf8").then(JSON.parse, () => undefined);
      if (mark?.pid && isAlive(mark.pid)) return mark.pid as number;
      await sleep(100);
    }
    throw new Error(`${part} does not run:\n${output}`);
  };
  const stopProcesses = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await Promise.race([ended, sleep(40_000).then(() => child.kill("SIGKILL"))]);
  };
  return {
    address,
    dataDir: folder,
    adminPassword: password,
    startedInMs,
    output: () => output,
    admin,
    lab,
    pid,
    async kill(part) {
      const victim = await pid(part);
      process.kill(victim, "SIGKILL");
      return victim;
    },
    stopProcesses,
    async stop() {
      await stopProcesses();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilAddress(child: ChildProcess, output: () => string): Promise<string> {
  for (let waited = 0; waited < 120_000; waited += 50) {
    const address = /Address\s+(http\S+)/.exec(output())?.[1];
    if (address) return address;
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}:\n${output()}`);
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error(`the product did not start within two minutes:\n${output()}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { makePrivateFolder } from "../folders.ts";
import { StartError, explainDataFolderError, systemErrorCode } from "../start-error.ts";
import { endProcess, markOf } from "../processes.ts";
import { endWhenStuck } from "./postgres-stuck.ts";
import { freePort, startGuarded, waitUntilReady, type GuardedProcess } from "./guarded-process.ts";
import { preparePostgresBinaries } from "./postgres-binaries.ts";
import { canReach, unprivilegedUser, type SystemUser } from "./unprivileged-user.ts";

export type Postgres = GuardedProcess & { address: string; port: number; url: string };

/** `port`: the one it had before, so that its clients find it again. `throwaway`: for tests, data that need not survive a power cut. */
export type PostgresOptions = { dataDir: string; port?: number | undefined; throwaway?: boolean };

/** Where root keeps the cluster when the unprivileged user may not pass through the folders above the data folder. */
const SHARED_DATA = "/var/lib/netstacks";
const NAME = "netstacks";
/** Smart shutdown waits for clients, so: fast, then immediate, then not asking. */
const STOP_SIGNALS = [
  ["SIGINT", 15_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
] as const;
/** How long the last backends of a killed postmaster may hold its shared memory. */
const PATIENCE_SECONDS = 20;

/** Starts the Postgres under the data folder, which it makes on the first start; takes over from one that was killed. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const binaries = preparePostgresBinaries();
  const user = unprivilegedUser();
  let cluster: string;
  let password: string;
  try {
    makePrivateFolder(options.dataDir);
    // Only passing through: each thing inside has its own mode.
    if (user !== undefined) chmodSync(options.dataDir, 0o711);
    password = readPassword(options.dataDir);
    cluster = await prepareCluster({ ...options, binaries, user, password });
  } catch (error) {
    throw explainDataFolderError(error, options.dataDir);
  }
  await endLeftover(cluster);

  const logFile = join(options.dataDir, "logs", "postgres.log");
  const until = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const port = options.port ?? (await freePort());
    const logFrom = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    try {
      return await launch({ binaries, cluster, user, port, password, logFile, throwaway: options.throwaway === true });
    } catch (error) {
      const words = readFileSync(logFile).subarray(logFrom).toString();
      const passing = /pre-existing shared memory block|could not bind IPv4|lock file .* already exists/.test(words);
      if (!passing || Date.now() > until) throw error;
      await sleep(200);
    }
  }
}

type Launch = {
  binaries: string;
  cluster: string;
  user: SystemUser | undefined;
  port: number;
  password: string;
  logFile: string;
  throwaway: boolean;
};

async function launch({ binaries, cluster, user, port, password, logFile, throwaway }: Launch): Promise<Postgres> {
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] ",
    ...(throwaway ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const engine = await startGuarded({
    command: join(binaries, "bin", "postgres"),
    args: ["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    env: engineEnv(),
    cwd: cluster,
    logFile,
    user,
    stopSignals: STOP_SIGNALS,
  });
  await waitUntilReady(engine, "Postgres", {
    logFile,
    seconds: 60,
    ready: async () => isReady(cluster, engine.mark.pid),
  });
  endWhenStuck(engine, port);
  return {
    ...engine,
    port,
    address: `127.0.0.1:${port}`,
    url: urlOf(`127.0.0.1:${port}`, password),
  };
}

const urlOf = (address: string, password: string): string => `postgres://${NAME}:${password}@${address}/${NAME}`;

/** For who has access to the data folder: the URL of its Postgres, which runs at this address. */
export const embeddedPostgresUrl = (dataDir: string, address: string): string => urlOf(address, readPassword(dataDir));

/** Postgres writes its state into the eighth line of postmaster.pid; `pg_ctl` waits in the same way. */
function isReady(cluster: string, pid: number): boolean {
  const lines = readPidFile(cluster);
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

function readPidFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
    return [];
  }
}

/** A Postgres of an earlier start that still runs on this data; or its pid file, whose number may belong to anyone now. */
async function endLeftover(cluster: string): Promise<void> {
  const pid = Number(readPidFile(cluster)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const mark = markOf(pid);
  if (mark === undefined) return;
  if (workingFolder(pid) === realpathSync(cluster)) await endProcess(mark, STOP_SIGNALS);
  else rmSync(join(cluster, "postmaster.pid"), { force: true });
}

/** A postmaster's working folder is its data. */
function workingFolder(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      return readlinkSync(`/proc/${pid}/cwd`);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }
  const found = spawnSync("lsof", ["-a", "-d", "cwd", "-p", String(pid), "-Fn"], { encoding: "utf8" });
  return /^n(.+)$/m.exec(found.stdout ?? "")?.[1];
}

function readPassword(dataDir: string): string {
  const file = join(dataDir, "keys", "postgres.password");
  if (!existsSync(file)) {
    if (existsSync(join(dataDir, "postgres"))) {
      throw new StartError(
        `The password of the embedded Postgres, ${file}, is missing; restore it, or name an empty folder in NETSTACKS_DATA_DIR to start anew.`,
      );
    }
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flush: true });
  }
  return readFileSync(file, "utf8").trim();
}

type Cluster = PostgresOptions & { binaries: string; user: SystemUser | undefined; password: string };

async function prepareCluster(it: Cluster): Promise<string> {
  const cluster = join(it.dataDir, "postgres");
  const reachable = it.user === undefined || canReach(it.user, cluster);
  // What an earlier first start left when it was killed.
  for (const name of readdirSync(it.dataDir)) {
    if (name.startsWith("postgres.draft-")) rmSync(join(it.dataDir, name), { recursive: true, force: true });
  }
  if (!existsSync(cluster)) {
    rmSync(cluster, { force: true });
    const real = reachable ? cluster : join(SHARED_DATA, randomUUID());
    await initialise(it, real);
    if (!reachable) symlinkSync(real, cluster);
  }
  const real = realpathSync(cluster);
  await checkVersion(it.binaries, real);
  if (it.user !== undefined && !canReach(it.user, real)) {
    throw new StartError(
      `The user ${it.user.name}, who runs Postgres for root, may not enter the folders above ${real}; name a folder they can reach in NETSTACKS_DATA_DIR.`,
    );
  }
  return real;
}

async function checkVersion(binaries: string, cluster: string): Promise<void> {
  const made = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  const ours = /\d+/.exec(await run(join(binaries, "bin", "postgres"), ["--version"], {}))?.[0];
  if (made !== ours) {
    throw new StartError(
      `The data folder was made by Postgres ${made} and this release brings Postgres ${ours}; move the data with pg_dumpall, or name an empty folder in NETSTACKS_DATA_DIR.`,
    );
  }
}

/** Makes the cluster beside its place and moves it there when it is whole. */
async function initialise({ binaries, user, password, throwaway }: Cluster, target: string): Promise<void> {
  const parent = dirname(target);
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true, mode: 0o711 });
  const draft = join(parent, `postgres.draft-${process.pid}`);
  mkdirSync(draft, { mode: 0o700 });
  try {
    const secret = join(draft, "password");
    writeFileSync(secret, password, { mode: 0o600 });
    if (user !== undefined) for (const path of [draft, secret]) chownSync(path, user.uid, user.gid);
    const data = join(draft, "data");
    const as = { user, cwd: draft };
    const sync = throwaway === true ? ["--no-sync"] : [];
    await run(
      join(binaries, "bin", "initdb"),
      ["-D", data, "-U", NAME, `--pwfile=${secret}`, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", ...sync],
      as,
    );
    await run(
      join(binaries, "bin", "postgres"),
      ["--single", ...(throwaway === true ? ["-F"] : []), "-D", data, "postgres"],
      { ...as, input: `create database ${NAME}\n` },
    );
    renameSync(data, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

type RunOptions = { user?: SystemUser | undefined; cwd?: string; input?: string };

/** What the program wrote to its output; a failure becomes a sentence with the line in which the program gives its reason. */
async function run(command: string, args: readonly string[], { user, cwd, input }: RunOptions): Promise<string> {
  const child = spawn(command, args, {
    env: engineEnv(),
    ...(cwd === undefined ? {} : { cwd }),
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  child.stdin.end(input);
  const [out, words, code] = await Promise.all([text(child.stdout), text(child.stderr), exitCode(child)]);
  if (code === 0) return out;
  const lines = words.trim().split("\n");
  const cause = lines.find((line) => /error|fatal|could not/i.test(line)) ?? lines.at(-1) ?? "";
  throw new StartError(
    `Postgres could not make its data folder: ${cause.replace(/^.*?(FATAL|ERROR|error): +/, "")}; mend that, or set DATABASE_URL to a Postgres of your own.`,
  );
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
}

/** Settings of the person's own Postgres tools (PGPORT, PGDATA, …) are none of the engine's. */
function engineEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: "C", LC_ALL: "C", TZ: "UTC" };
}

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostInUrl, readConfig, requireEngines, type Config } from "../system/config.ts";
import { startPostgres } from "../system/engines/postgres.ts";
import { startTemporal } from "../system/engines/temporal.ts";
import { makePrivateFolder } from "../system/folders.ts";
import { createLog } from "../system/log.ts";
import { loadMasterKey } from "../system/master-key.ts";
import { explainDataFolderError } from "../system/start-error.ts";
import { lockDataFolder, refuseSecondInstance } from "./instance-lock.ts";
import { claimPort } from "./listening.ts";
import { startNodePart, type RunningPart } from "./node-part.ts";
import { prepareDatabase, type Prepared } from "./prepare.ts";
import { endLeftovers } from "./run-files.ts";
import { stage } from "./stage.mjs";
import { createSupervisor, type Supervisor } from "./supervisor.ts";

/** Parts of one row stop side by side, before those of the next: nothing loses an engine that it still needs. */
const STOP_ORDER = [["api", "worker"], ["lab"], ["temporal"], ["postgres"]] as const;
const NETSTACKS = fileURLToPath(new URL("netstacks.ts", import.meta.url));

/** Runs the whole platform on this machine until it is told to stop. */
export async function up(): Promise<void> {
  const config = readConfig(process.env);
  refuseSecondInstance(config.dataDir);
  const port = await claimPort(config);
  try {
    makePrivateFolder(config.dataDir);
  } catch (error) {
    throw explainDataFolderError(error, config.dataDir);
  }
  const unlock = lockDataFolder(config.dataDir);
  const log = createLog("up", config.logLevel, join(config.dataDir, "logs", "up.log"));
  log.info({ port }, "the platform starts");
  const supervisor = createSupervisor({
    dataDir: config.dataDir,
    say(line) {
      say(line);
      log.warn(line);
    },
  });
  const told = signalsToStop(supervisor, unlock);
  try {
    const started = start({ ...config, port, publicUrl: publicUrl(config, port) }, supervisor, told.signal);
    await Promise.race([started, told.first]);
    if (told.signal.aborted) say("stopping while it starts");
    else await told.first;
    await stopAll(supervisor);
    // A stage that was under way fails or ends now; what it started in the meantime is stopped as well.
    await Promise.allSettled([started]);
  } finally {
    await stopAll(supervisor);
    unlock();
  }
  log.info("the platform stopped");
  say("stopped");
}

async function start(config: Config, supervisor: Supervisor, told: AbortSignal): Promise<void> {
  const { dataDir } = config;
  process.stdout.write("\nNetStacks\n");
  const left = await endLeftovers(dataDir, STOP_ORDER.flat());
  if (left.length > 0) say(`ended what an earlier start had left running: ${left.join(", ")}`);
  const masterKey = await loadMasterKey(config);

  let { databaseUrl } = config;
  let temporalAddress = config.temporal.address;
  const nodePart = (name: string, env: NodeJS.ProcessEnv) =>
    supervisor.run({
      name,
      start: () =>
        startNodePart({ name, args: [NETSTACKS, name], env, logFile: join(dataDir, "logs", `${name}.log`), dataDir }),
    });

  await allOrFirstError([
    stage("Postgres", async () => {
      if (databaseUrl !== undefined) return `${new URL(databaseUrl).host} (DATABASE_URL)`;
      let at: number | undefined;
      await supervisor.run({
        name: "postgres",
        async start(): Promise<RunningPart> {
          const postgres = await startPostgres({ dataDir, port: at });
          at = postgres.port;
          databaseUrl = postgres.url;
          return postgres;
        },
      });
      return `127.0.0.1:${at}`;
    }),
    stage("Temporal", async () => {
      if (temporalAddress !== undefined) return `${temporalAddress} (TEMPORAL_ADDRESS)`;
      let at: number | undefined;
      await supervisor.run({
        name: "temporal",
        async start(): Promise<RunningPart> {
          const temporal = await startTemporal({ dataDir, namespace: config.temporal.namespace, port: at });
          at = temporal.port;
          temporalAddress = temporal.address;
          return temporal;
        },
      });
      return `127.0.0.1:${at}`;
    }),
    ...(config.lab
      ? [
          stage("lab", async () => {
            const { address } = await nodePart("lab", process.env);
            return `virtual routers, control on ${address}`;
          }),
        ]
      : []),
  ]);
  if (told.aborted) return;

  const ready = requireEngines(
    { ...config, databaseUrl, temporal: { ...config.temporal, address: temporalAddress } },
    "up",
  );
  let prepared: Prepared | undefined;
  await stage("database", async () => {
    prepared = await prepareDatabase(ready, masterKey);
    return prepared.detail;
  });

  const env = environmentOf(ready);
  try {
    await allOrFirstError([
      stage("worker", async () => `pid ${(await nodePart("worker", env)).mark.pid}`),
      stage("API", async () => `pid ${(await nodePart("api", env)).mark.pid}`),
    ]);
  } catch (error) {
    tellPassword(prepared);
    throw error;
  }
  if (told.aborted) tellPassword(prepared);
  else announce(config, prepared);
}

/** The admin is made, whatever became of the start: the next one has no password to show. */
function tellPassword(prepared: Prepared | undefined): void {
  const made = prepared?.admin.madePassword;
  if (made !== undefined)
    process.stdout.write(
      `\n  The account ${prepared?.admin.username} was made; its password, shown only here: ${made}\n`,
    );
}

/** Waits for all, so that a failure leaves no other stage under way; then throws the first one's error. */
async function allOrFirstError(stages: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(stages)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** What the parts read with `readConfig`: the same config, with the engines that were started. */
function environmentOf(config: ReturnType<typeof requireEngines>): NodeJS.ProcessEnv {
  const { NETSTACKS_ADMIN_PASSWORD: _, ...rest } = process.env;
  return {
    ...rest,
    PORT: String(config.port),
    NETSTACKS_DATA_DIR: config.dataDir,
    NETSTACKS_PUBLIC_URL: config.publicUrl,
    NETSTACKS_LAB: config.lab ? "on" : "off",
    DATABASE_URL: config.databaseUrl,
    TEMPORAL_ADDRESS: config.temporal.address,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
  };
}

function publicUrl(config: Config, port: number): string {
  return process.env.NETSTACKS_PUBLIC_URL ? config.publicUrl : `http://${hostInUrl(config.host)}:${port}`;
}

function announce(config: Config, prepared: Prepared | undefined): void {
  const lines = [["Address", config.publicUrl]];
  if (prepared !== undefined) lines.push(["Sign in as", prepared.admin.username]);
  const made = prepared?.admin.madePassword;
  if (made !== undefined) lines.push(["Password", `${made}   (made now and shown only here)`]);
  lines.push(["Logs", join(config.dataDir, "logs")]);
  process.stdout.write(
    `\n${lines.map(([name = "", value = ""]) => `  ${name.padEnd(12)}${value}\n`).join("")}\n  Ctrl+C stops it.\n\n`,
  );
}

async function stopAll(supervisor: Supervisor): Promise<void> {
  for (const row of STOP_ORDER) await supervisor.stop(row);
}

/** npm passes Ctrl+C on to us although the terminal sent it already: the same press, not a second one. */
const SAME_PRESS_MS = 1_000;

function signalsToStop(supervisor: Supervisor, unlock: () => void): { first: Promise<void>; signal: AbortSignal } {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const first = new Promise<void>((done) => {
    const onSignal = () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        say("stopping: what is under way is finished first (Ctrl+C again ends it at once)");
        controller.abort();
        done();
      } else if (Date.now() - firstAt > SAME_PRESS_MS) {
        supervisor.kill();
        unlock();
        process.exit(130);
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  });
  return { first, signal: controller.signal };
}

function say(line: string): void {
  process.stdout.write(`  ${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Connection } from "@temporalio/client";
import { msToTs } from "@temporalio/common/lib/time.js";
import { StartError, explainDataFolderError } from "../start-error.ts";
import { freePort, startGuarded, waitUntilReady, type GuardedProcess } from "./guarded-process.ts";
import { findTemporal } from "./temporal-binary.ts";

export type Temporal = GuardedProcess & { address: string; port: number };

/** `port`: the one it had before, so that workers and clients find it again. */
export type TemporalOptions = { dataDir: string; namespace: string; port?: number | undefined };

/** Closed runs stay readable this long; the dev server's own default is one day. */
const RETENTION_DAYS = 90;

/** Starts the Temporal server on its file database under the data folder. */
export async function startTemporal({ dataDir, namespace, port: wanted }: TemporalOptions): Promise<Temporal> {
  const program = findTemporal(process.env);
  if (program === undefined) {
    throw new StartError(
      "The Temporal CLI is missing; run `node setup.mjs`, or set TEMPORAL_ADDRESS to a server of your own.",
    );
  }
  const folder = join(dataDir, "temporal");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainDataFolderError(error, dataDir);
  }
  const port = wanted ?? (await freePort());
  const address = `127.0.0.1:${port}`;
  const logFile = join(dataDir, "logs", "temporal.log");
  const engine = await startGuarded({
    command: program,
    args: [
      "server start-dev --headless --ip 127.0.0.1 --log-format json --log-level warn".split(" "),
      ["--port", String(port), "--namespace", namespace, "--db-filename", join(folder, "temporal.db")],
      "--sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=NORMAL".split(" "),
    ].flat(),
    // Settings of the person's own Temporal tools (TEMPORAL_ADDRESS, a profile under HOME, …) are none of the engine's.
    env: { PATH: process.env.PATH, HOME: folder },
    cwd: folder,
    logFile,
    user: undefined,
    stopSignals: [
      ["SIGTERM", 10_000],
      ["SIGKILL", 5_000],
    ],
  });
  await waitUntilReady(engine, "Temporal", {
    logFile,
    seconds: 60,
    ready: async () => (await listens(port)) && (await keepsRuns(address, namespace)),
  });
  return { ...engine, port, address };
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Whether the namespace answers; if so, its retention is raised. */
async function keepsRuns(address: string, namespace: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 2_000 });
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) !== RETENTION_DAYS * 86_400) {
      await connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: msToTs(`${RETENTION_DAYS} days`) },
      });
    }
    return true;
  } catch {
    // Not up yet: whoever waits asks again, and gives up by its own clock.
    return false;
  } finally {
    await connection?.close();
  }
}

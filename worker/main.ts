import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import type { Registry } from "prom-client";
import { createActivities } from "../activities/index.ts";
import { TASK_QUEUE, type TookMessage } from "../domain/contract/messages.ts";
import { openPool, type Pool } from "../db/client.ts";
import { sawWorker } from "../db/queries/workers.ts";
import { openJournal } from "../devices/journal.ts";
import { createSessions } from "../devices/sessions.ts";
import { traceJournal, traceSessions } from "../devices/traced.ts";
import type { EngineConfig } from "../system/config.ts";
import { createLog, type Logger } from "../system/log.ts";
import { loadMasterKey } from "../system/master-key.ts";
import { payloadCodec } from "../system/payload-codec.ts";
import { startTelemetry } from "../system/telemetry.ts";
import { temporalTls } from "../system/temporal-connection.ts";
import { pastSpan } from "../system/tracing.ts";
import { openVault } from "../system/vault.ts";
import { aroundActivities } from "./around-activity.ts";
import { workflowBundle } from "./bundle.ts";
import { createMeters } from "./meters.ts";

const SEEN_EVERY_MS = 5000;
/** The journal's own, so that no other work can hold up a window. */
const JOURNAL_CONNECTIONS = 2;

/**
 * Runs one worker until it is stopped. Stopping lets activities end at their next safe place: a device being written to
 * stops before its next window, and the run goes on from there with another worker.
 */
export async function runWorker(
  config: EngineConfig,
  { taskQueue = TASK_QUEUE } = {},
): Promise<{ stop(): Promise<void> }> {
  const log = createLog("worker", config.logLevel);
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const telemetry = await startTelemetry(config, { part: "worker", instance: id });
  const meters = createMeters(id);
  const vault = openVault(await loadMasterKey(config));
  const pool = openPool(config.databaseUrl, { max: 12, name: "netstacks-worker" });
  quietRuntime(log);
  const tls = await temporalTls(config);
  const connection = await NativeConnection.connect({ address: config.temporal.address, ...(tls ? { tls } : {}) });
  const sessions = traceSessions(createSessions({ pool, vault, log, events: meters.sessions }));
  const journalPool = openPool(config.databaseUrl, { max: JOURNAL_CONNECTIONS, name: "netstacks-journal" });
  const journal = traceJournal(
    openJournal(journalPool, vault, { connections: JOURNAL_CONNECTIONS, events: meters.journal }),
  );
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue,
    identity: id,
    workflowBundle: await workflowBundle(join(config.dataDir, "cache")),
    activities: createActivities({ pool, vault, log, sessions, journal, holder: id }),
    interceptors: { activity: [aroundActivities(log, meters.activities)] },
    sinks: { traces: { took: { fn: (_info, message: TookMessage) => showMessage(message) } } },
    dataConverter: { payloadCodecs: [payloadCodec(vault)] },
    maxConcurrentActivityTaskExecutions: 200,
    shutdownGraceTime: "10 seconds",
    shutdownForceTime: "15 seconds",
  });
  const seen = keepSeen(pool, { id, log, registry: meters.registry });
  const running = worker.run();
  running.catch((error: unknown) => {
    log.fatal({ err: error }, "the worker ended");
    // Whoever started it starts it again.
    process.exit(1);
  });
  return {
    async stop() {
      worker.shutdown();
      await running.catch(() => undefined);
      clearInterval(seen);
      await sessions.closeAll();
      await journal.close();
      await journalPool.end({ timeout: 2 });
      await pool`delete from workers where id = ${id}`.catch((error: unknown) =>
        log.warn({ err: error }, "the worker's row stays until it is old"),
      );
      await connection.close();
      await telemetry.stop();
      await pool.end({ timeout: 2 });
    },
  };
}

/** The engine's own messages, in our log and our form. */
function quietRuntime(log: Logger): void {
  const levels = { TRACE: "trace", DEBUG: "debug", INFO: "debug", WARN: "warn", ERROR: "error" } as const;
  Runtime.install({
    logger: new DefaultLogger("WARN", ({ level, message, meta }) => log[levels[level]]({ temporal: meta }, message)),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: "WARN", other: "ERROR" }), forward: {} },
    },
  });
}

/** Tells that the worker is alive, and what it has measured. */
function keepSeen(pool: Pool, { id, log, registry }: { id: string; log: Logger; registry: Registry }): NodeJS.Timeout {
  const see = (): void => {
    registry
      .metrics()
      .then((metrics) => sawWorker(pool, id, metrics))
      .catch((error: unknown) => log.warn({ err: error }, "the worker could not say that it is alive"));
  };
  see();
  return setInterval(see, SEEN_EVERY_MS);
}

/** A workflow's own spans: it knows no clock and no exporter, so it tells what it took, and we write it down. */
function showMessage({ name, runId, ...where }: TookMessage): void {
  pastSpan(name, { run_id: runId }, where);
}

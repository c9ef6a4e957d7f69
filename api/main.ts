import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { openPool } from "../db/client.ts";
import { startAuditSealer } from "../services/audit-sealer.ts";
import { watchDatabase } from "../services/database-watch.ts";
import { startSweeper } from "../services/sweeper.ts";
import { openTemporalEngine } from "../services/temporal-engine.ts";
import { hostInUrl, type EngineConfig } from "../system/config.ts";
import { createLog } from "../system/log.ts";
import { loadMasterKey } from "../system/master-key.ts";
import { StartError, systemErrorCode } from "../system/start-error.ts";
import { startTelemetry } from "../system/telemetry.ts";
import { openVault } from "../system/vault.ts";
import { createApp } from "./app.ts";
import { createHub } from "./hub.ts";

const WEB_DIR = fileURLToPath(new URL("../web/dist/", import.meta.url));
/** How long requests under way may take when the server stops. */
const DRAIN_MS = 10_000;

/** Serves the API until it is told to stop; then ends live views at once and lets requests under way finish. */
export async function runApi(config: EngineConfig): Promise<{ address: string; stop(): Promise<void> }> {
  const log = createLog("api", config.logLevel);
  const telemetry = await startTelemetry(config, { part: "api", instance: `${hostname()}-${process.pid}` });
  const vault = openVault(await loadMasterKey(config));
  const pool = openPool(config.databaseUrl, { max: 20, name: "netstacks-api" });
  const database = watchDatabase(() => openPool(config.databaseUrl, { max: 1, name: "netstacks-watch" }), pool, log);
  const engine = await openTemporalEngine({ config, vault, log });
  const hub = await createHub(pool, log);
  const app = createApp({ config, pool, database, vault, log, engine, hub, webDir: WEB_DIR });
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 15_000, keepAliveTimeout: 30_000, maxHeaderSize: 16_384 },
    getRequestListener(app.fetch),
  );
  const address = await listen(server, config);
  const sealer = startAuditSealer(pool, vault, log);
  const sweeper = startSweeper({ pool, vault, engine, log });
  log.info({ address }, "the API listens");
  return {
    address,
    async stop() {
      log.info("the API stops");
      const ended = new Promise<void>((done) => server.close(() => done()));
      await hub.close();
      // A connection that is kept alive becomes idle only when its last answer is out.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await ended;
      clearInterval(idle);
      clearTimeout(late);
      await sealer.stop();
      await sweeper.stop();
      await engine.close();
      await database.stop();
      await telemetry.stop();
      await pool.end({ timeout: 5 });
    },
  };
}

async function listen(server: Server, { host, port }: Pick<EngineConfig, "host" | "port">): Promise<string> {
  try {
    await new Promise<void>((done, failed) => {
      server.once("error", failed);
      server.listen(port, host, done);
    });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EADDRINUSE")
      throw new StartError(
        `Port ${port} on ${host} is taken by another program; stop that one, or set PORT to a free port.`,
        { cause: error },
      );
    if (code === "EACCES")
      throw new StartError(`This user may not listen on port ${port}; set PORT to one above 1023.`, { cause: error });
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new StartError(`HOST ${host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all.`, {
        cause: error,
      });
    throw error;
  }
  return `http://${hostInUrl(host)}:${boundPort(server)}`;
}

function boundPort(server: Server): number {
  // A server that listens on host and port, and not on a pipe, has such an address.
  return (server.address() as AddressInfo).port;
}

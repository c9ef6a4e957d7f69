import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { Box, BoxContext } from "./box.ts";
import type { Terminal } from "./cli/terminal.ts";
import { createEosBox } from "./eos/box.ts";
import { openHole, type Hole } from "./black-hole.ts";
import { createFaultBook, type FaultBook } from "./fault-book.ts";
import { createIosBox } from "./ios/box.ts";
import { createJunosBox } from "./junos/box.ts";
import { openLedger, type Ledger } from "./ledger.ts";
import type { Member, Network } from "./network.ts";
import { serveConnection } from "./ssh/connection.ts";
import { hostKey } from "./ssh/host-key.ts";
import { openStore } from "./store.ts";
import type { LabPlatform, RouterInfo, RouterSpec, SessionInfo } from "./types.ts";

const BOXES: Record<LabPlatform, (context: BoxContext) => Box> = {
  cisco_ios: createIosBox,
  arista_eos: createEosBox,
  juniper_junos: createJunosBox,
};
/** How long a reload takes, in lab time. */
const RELOAD_MS = 5000;

export type Router = {
  info: () => RouterInfo;
  box: Box;
  faults: FaultBook;
  ledger: Ledger;
  member: Member;
  start: (preferredPort: number) => Promise<number>;
  reload: () => void;
  reset: () => void;
  /** Ends one fault or all of them, and what they keep half-open. */
  clearFaults: (id?: number) => void;
  sessions: () => SessionInfo[];
  /** Resolves when the faults that stand have taken effect on the port. */
  settled: () => Promise<void>;
  stop: () => Promise<void>;
};

export type RouterDeps = { dir: string; host: string; now: () => number; timeScale: number; network: () => Network };

export function createRouter(spec: RouterSpec, { dir, host, now, timeScale, network }: RouterDeps): Router {
  const store = openStore(join(dir, "routers", spec.name));
  const ledger = openLedger(join(dir, "routers", spec.name, "ledger.jsonl"), now);
  const faults = createFaultBook();
  const key = hostKey(store);
  /** Open connections and their vty lines. */
  const sockets = new Map<Socket, number>();
  const halfOpen = new Set<Socket>();
  const live = new Map<string, { info: SessionInfo; terminal: Terminal }>();
  const event = (line: string): void => ledger.append({ session: "", user: "", kind: "event", line });
  let connections = 0;
  let port = 0;
  let listener: Server | undefined;
  let rebooting: NodeJS.Timeout | undefined;
  let stopped = false;
  let hole: Hole | undefined;

  const bootText = store.read("booted_at");
  const booted = { at: bootText === undefined ? now() : Number(bootText) };
  const rememberBoot = (): void => {
    booted.at = now();
    store.write("booted_at", String(booted.at));
  };
  if (bootText === undefined) rememberBoot();

  const freeLine = (): number => {
    const taken = new Set(sockets.values());
    let line = 0;
    while (taken.has(line)) line++;
    return line;
  };
  const accept = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    const line = freeLine();
    const id = `${spec.name}-${booted.at.toString(36)}-${++connections}`;
    sockets.set(socket, line);
    socket.on("close", () => {
      sockets.delete(socket);
      halfOpen.delete(socket);
    });
    const full = faults.fire("vty_full");
    if (full || sockets.size > (spec.vty_lines ?? 16)) {
      ledger.append({
        session: id,
        user: "",
        kind: "connect",
        line: "refused: all VTY lines are in use",
        refused: true,
        faults: full ? ["vty_full"] : [],
      });
      if (full?.how === "message") socket.end("% All VTY lines busy\r\n");
      else socket.destroy();
      return;
    }
    if (faults.fire("silent_connect")) return;
    const changedKey = faults.fire("host_key_changed");
    const privateKey = changedKey ? hostKey(store, "other_host_key").private : key.private;
    const enter = (info: SessionInfo, terminal: Terminal): void => void live.set(info.id, { info, terminal });
    const leave = (info: SessionInfo): void => void live.delete(info.id);
    serveConnection(socket, {
      spec,
      box,
      faults,
      ledger,
      privateKey,
      now,
      enter,
      leave,
      reload,
      frozen: (one) => halfOpen.add(one),
      id,
      line,
    });
  };
  const listen = (wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createServer(accept);
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE" && wanted !== 0) listen(0).then(resolve, reject);
        else reject(error);
      });
      server.listen({ port: wanted, host }, () => {
        const address = server.address();
        if (address === null || typeof address === "string")
          return reject(new Error("the router listens on no TCP port"));
        listener = server;
        port = address.port;
        resolve(port);
      });
    });
  const closeAll = (): void => sockets.forEach((_line, socket) => socket.destroy());
  const unlisten = (): Promise<void> =>
    new Promise((resolve) => {
      const server = listener;
      listener = undefined;
      if (server) server.close(() => resolve());
      else resolve();
    });
  /** Listens exactly while the router is up and nothing keeps it from answering. */
  const settle = async (): Promise<void> => {
    const lost = faults.armed("unanswered_connect") !== undefined;
    const up = !stopped && rebooting === undefined;
    const wanted = up && !lost && !faults.armed("refuse_connection");
    // Nothing new is taken from now on; what is connected stays, and nobody waits for its end.
    if (!wanted) void unlisten();
    if (hole && !(up && lost)) {
      const { close } = hole;
      hole = undefined;
      await close();
    }
    if (up && lost && !hole) hole = await openHole(host, port);
    if (wanted && !listener) await listen(port);
  };
  /** One after the other: what is being opened must be there before it is closed. */
  let settled: Promise<void> = Promise.resolve();
  const settleSoon = (): void => {
    settled = settled.then(settle).catch((error: unknown) => event(`cannot listen: ${String(error)}`));
  };

  const reload = (): void => {
    if (rebooting) return;
    event("reload");
    rebooting = setTimeout(() => {
      rebooting = undefined;
      rememberBoot();
      box.boot();
      event("booted");
      settleSoon();
    }, RELOAD_MS / timeScale);
    // The last words reach the person who asked for it.
    setImmediate(() => {
      closeAll();
      settleSoon();
    });
  };

  const member: Member = {
    name: spec.name,
    get up() {
      return rebooting === undefined;
    },
    get bootedAt() {
      return booted.at;
    },
    facts: () => box.facts(),
    heldDown: (address, protocol) =>
      faults
        .active()
        .some(
          (f) =>
            f.kind === "neighbor_down" &&
            f.params.neighbor === address &&
            (f.params.protocol === "both" || f.params.protocol === protocol),
        ),
  };
  const box = BOXES[spec.device_type]({
    spec,
    store,
    faults,
    now,
    timeScale,
    bootedAt: () => booted.at,
    sessions: () => [...live.values()].map(({ info }) => info),
    reload,
    network,
    member: () => member,
    broadcast: (text) => live.forEach(({ terminal }) => terminal.write(text)),
  });
  faults.onChange(settleSoon);

  return {
    info: () => ({
      name: spec.name,
      host,
      port,
      device_type: spec.device_type,
      site: spec.site,
      username: spec.username,
      password: spec.password,
      enable_password: spec.enable_password,
      host_key_sha256: key.sha256,
    }),
    box,
    faults,
    ledger,
    member,
    start: listen,
    reload,
    reset: () => {
      event("reset to the initial config");
      closeAll();
      box.reset();
    },
    clearFaults: (id) => {
      faults.clear(id);
      halfOpen.forEach((socket) => socket.destroy());
    },
    sessions: () => [...live.values()].map(({ info }) => info),
    settled: () => settled,
    stop: async () => {
      stopped = true;
      clearTimeout(rebooting);
      const ends = [...sockets.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
      closeAll();
      settleSoon();
      await Promise.all([settled, unlisten(), ...ends]);
      box.stop();
      ledger.close();
    },
  };
}

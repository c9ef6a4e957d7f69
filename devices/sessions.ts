import type { Duplex } from "node:stream";
import { AppError } from "../domain/contract/errors.ts";
import type { Pool } from "../db/client.ts";
import { pausedUntil, recordRefusal } from "../db/queries/credential-refusals.ts";
import { dropOfferedKey, recordOfferedKey } from "../db/queries/host-keys.ts";
import { newId } from "../system/ids.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import type { DeviceAccess } from "./access.ts";
import { HostKeyFailure, abortReason, failure, isFailure } from "./failures.ts";
import { openSession, type Session } from "./session.ts";
import { maskedRecorder, type Recorder } from "./session/transcript.ts";
import { connect, type Connection } from "./transport.ts";

/** A write session carries a change; a read session serves everything else. Each device has at most one of both. */
export type Purpose = "read" | "write";

export type UseOptions = {
  signal?: AbortSignal | undefined;
  record?: Recorder | undefined;
  /** When the device is out of VTY lines: wait and try again, up to five times. Otherwise it is told at once. */
  patient?: boolean | undefined;
};

export type Sessions = {
  /** Runs `fn` with a session at the device's prompt; callers for the same device and purpose take turns. */
  use<T>(
    access: DeviceAccess,
    purpose: Purpose,
    fn: (session: Session, facts: { latencyMs: number }) => Promise<T>,
    options?: UseOptions,
  ): Promise<T>;
  closeAll(): Promise<void>;
};

const KEEP_MS = 30_000;
/** Idle for longer than this, a kept session is asked for a sign of life before it is used again. */
const PROBE_AFTER_MS = 3000;
const PROBE_MS = 5000;
const BACK_OFF_MS = [30_000, 60_000, 120_000, 120_000];

type Kept = { session: Session; latencyMs: number; version: string; timer: NodeJS.Timeout; since: number };
type Slot = { queue: (() => void)[]; busy: boolean; kept: Kept | null; recorder: Recorder | null };
type Jump = { connection: Promise<Connection>; users: number; timer: NodeJS.Timeout | undefined; version: string };

type Deps = {
  pool: Pool;
  vault: Vault;
  log: Logger;
  /** Milliseconds between tries at a device that is out of lines. */ backOffMs?: readonly number[];
};

export function createSessions({ pool, vault, log, backOffMs = BACK_OFF_MS }: Deps): Sessions {
  const slots = new Map<string, Slot>();
  const jumps = new Map<string, Jump>();
  const open = new Set<Session>();
  let closing = false;

  const slotFor = (key: string): Slot => {
    const slot = slots.get(key) ?? { queue: [], busy: false, kept: null, recorder: null };
    slots.set(key, slot);
    return slot;
  };

  const enter = (slot: Slot, device: string, signal: AbortSignal | undefined): Promise<void> => {
    if (!slot.busy) {
      slot.busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        slot.queue.splice(slot.queue.indexOf(turn), 1);
        if (signal) reject(abortReason(signal, device));
      };
      const turn = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      slot.queue.push(turn);
    });
  };
  const leave = (key: string, slot: Slot): void => {
    const next = slot.queue.shift();
    if (next) next();
    else {
      slot.busy = false;
      if (slot.kept === null) slots.delete(key);
    }
  };

  /** Checks the pause before anything is sent, and remembers what the device showed or refused. */
  const login = async (access: DeviceAccess, signal: AbortSignal | undefined): Promise<Connection> => {
    const paused = await pausedUntil(pool, access.credential);
    if (paused !== null) {
      const seconds = Math.max(1, Math.ceil((paused.getTime() - Date.now()) / 1000));
      throw failure(
        "credential_paused",
        `the credential ${access.credentialName} was refused twice within 10 minutes; ${access.name} was not tried`,
        { retryAfter: seconds },
      );
    }
    const way = access.jump === null ? null : await through(access.jump, access);
    try {
      const connection = await connect(access, { through: way?.stream, signal });
      if (way !== null) void connection.ended.then(() => way.release());
      return connection;
    } catch (error) {
      way?.release();
      if (isFailure(error, "auth_failed")) await recordRefusal(pool, access.credential, access.id);
      if (error instanceof HostKeyFailure)
        await recordOfferedKey(pool, { id: newId(), device_id: access.id, ...error.offered });
      throw error;
    }
  };

  /** A stream through the jump host. Its connection is shared by the devices behind it, and kept for a while. */
  const through = async (jump: DeviceAccess, to: DeviceAccess): Promise<{ stream: Duplex; release: () => void }> => {
    const known = jumps.get(jump.id);
    const usable = known !== undefined && known.version === jump.version ? known : null;
    const host: Jump = usable ?? {
      connection: login(jump, undefined),
      users: 0,
      timer: undefined,
      version: jump.version,
    };
    if (usable === null) {
      jumps.set(jump.id, host);
      const forget = (): void => {
        if (jumps.get(jump.id) === host) jumps.delete(jump.id);
      };
      host.connection.then((c) => void c.ended.then(forget), forget);
    }
    host.users += 1;
    clearTimeout(host.timer);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      host.users -= 1;
      if (host.users > 0) return;
      host.timer = setTimeout(
        () =>
          void host.connection.then(
            (c) => c.close(),
            () => undefined,
          ),
        closing ? 0 : KEEP_MS,
      ).unref();
    };
    try {
      const connection = await host.connection;
      return { stream: await connection.forward({ device: to.name, host: to.host, port: to.port }), release };
    } catch (error) {
      release();
      throw error;
    }
  };

  const start = async (
    access: DeviceAccess,
    slot: Slot,
    { signal, patient }: UseOptions,
  ): Promise<{ session: Session; latencyMs: number }> => {
    for (let attempt = 0; ; attempt++) {
      try {
        const connection = await login(access, signal);
        try {
          const session = await openSession(connection, access, () => slot.recorder);
          open.add(session);
          void connection.ended.then(() => open.delete(session));
          await dropOfferedKey(pool, access.id);
          return { session, latencyMs: connection.latencyMs };
        } catch (error) {
          connection.close();
          throw error;
        }
      } catch (error) {
        const wait = backOffMs[attempt];
        if (patient !== true || wait === undefined || !isFailure(error, "vty_lines_exhausted")) throw error;
        log.info({ device: access.name, wait_s: wait / 1000 }, "the device is out of VTY lines; waiting");
        await sleep(wait, access.name, signal);
      }
    }
  };

  const reuse = async (slot: Slot, access: DeviceAccess): Promise<Kept | null> => {
    const { kept } = slot;
    slot.kept = null;
    if (kept === null) return null;
    clearTimeout(kept.timer);
    if (kept.version === access.version && kept.session.isOpen() && (await stillAnswers(kept))) return kept;
    kept.session.close();
    return null;
  };

  return {
    use: async (access, purpose, fn, options = {}) => {
      if (closing) throw failure("stopped", `this worker is closing its sessions; ${access.name} was not connected`);
      const key = `${access.id} ${purpose}`;
      const slot = slotFor(key);
      await enter(slot, access.name, options.signal);
      try {
        slot.recorder = options.record === undefined ? null : maskedRecorder(options.record, access.platform.id, vault);
        const { session, latencyMs } = (await reuse(slot, access)) ?? (await start(access, slot, options));
        try {
          const result = await fn(session, { latencyMs });
          keep(slot, key, session, latencyMs, access.version);
          return result;
        } catch (error) {
          // Where the session stands now is not known for sure.
          session.close();
          throw error;
        }
      } finally {
        slot.recorder = null;
        leave(key, slot);
      }
    },
    closeAll: async () => {
      closing = true;
      for (const slot of slots.values()) if (slot.kept !== null) clearTimeout(slot.kept.timer);
      for (const session of open) session.close();
      await Promise.all(
        [...jumps.values()].map(async (jump) => {
          clearTimeout(jump.timer);
          await jump.connection.then(
            (c) => c.close(),
            () => undefined,
          );
        }),
      );
    },
  };

  function keep(slot: Slot, key: string, session: Session, latencyMs: number, version: string): void {
    // One that was left in another mode would take the next command for something else.
    if (closing || !session.isAtRest()) {
      session.close();
      return;
    }
    const timer = setTimeout(() => {
      session.close();
      slot.kept = null;
      if (!slot.busy) slots.delete(key);
    }, KEEP_MS).unref();
    slot.kept = { session, latencyMs, version, timer, since: performance.now() };
  }
}

/** A session that lay idle may have died without a word: an empty line shows whether anybody is still there. */
async function stillAnswers({ session, since }: Kept): Promise<boolean> {
  if (performance.now() - since < PROBE_AFTER_MS) return true;
  try {
    await session.exchange([""], { limits: { idleMs: PROBE_MS, totalMs: PROBE_MS } });
    return session.isAtRest();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return false;
  }
}

function sleep(ms: number, device: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      if (signal) reject(abortReason(signal, device));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}

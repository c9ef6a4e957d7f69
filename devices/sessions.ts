import type { Duplex } from "node:stream";
import { AppError } from "../domain/contract/errors.ts";
import type { Pool } from "../db/client.ts";
import { recentRefusals, recordRefusal } from "../db/queries/credential-refusals.ts";
import { keepLoginMethod } from "../db/queries/device-access.ts";
import { dropOfferedKey, recordOfferedKey } from "../db/queries/host-keys.ts";
import { newId } from "../system/ids.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import type { DeviceAccess } from "./access.ts";
import { createTrials, credentialPaused } from "./credential-trials.ts";
import { HostKeyFailure, SecretRefused, abortReason, failure, isFailure } from "./failures.ts";
import { openSession, type Session } from "./session.ts";
import type { Tap } from "./session/shell.ts";
import { maskedRecorder, type Recorder } from "./session/transcript.ts";
import { connect, type Connection } from "./transport.ts";

/**
 * A write session carries a change; a read session serves everything else. Each device has at most one of both, and one that
 * lies idle serves for the other too: a change that reads, writes and reads again logs in once.
 */
export type Purpose = "read" | "write";

export type UseOptions = {
  signal?: AbortSignal | undefined;
  record?: Recorder | undefined;
  /** Hears everything that crosses the wire, secrets too; it gets a session of its own, from the opening of the shell on. */
  tap?: Tap | undefined;
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

/** Shorter ones stand in too many words to be looked for. */
const SHORTEST_SECRET = 4;
const KEEP_MS = 30_000;
/** Idle for longer than this, a kept session is asked for a sign of life before it is used again. */
const PROBE_AFTER_MS = 3000;
const PROBE_MS = 5000;
/** Between the five tries at a device that is out of lines, or says nothing when it is connected to. */
const BACK_OFF_MS = [30_000, 60_000, 120_000, 120_000];

/** What goes along with a session, whoever uses it. */
type Post = { purpose: Purpose; recorder: Recorder | null };
type Opened = { session: Session; latencyMs: number; post: Post };
type Kept = Opened & { version: string; timer: NodeJS.Timeout; since: number };
type Slot = { queue: (() => void)[]; busy: boolean; kept: Kept | null };
type Jump = { connection: Promise<Connection>; users: number; timer: NodeJS.Timeout | undefined; version: string };

/** What becomes of connections, for who counts them. */
export type SessionEvents = {
  opened(purpose: Purpose, seconds: number): void;
  closed(purpose: Purpose): void;
  reused(): void;
  /** An idle session serves for the other purpose from now on. */
  moved(from: Purpose, to: Purpose): void;
  /** It came to no session, by a named failure. */
  failed(code: string): void;
};

type Deps = {
  pool: Pool;
  vault: Vault;
  log: Logger;
  events?: SessionEvents;
  wait?: typeof sleep;
};

export function createSessions({ pool, vault, log, events, wait = sleep }: Deps): Sessions {
  const trials = createTrials(pool);
  const slots = new Map<string, Slot>();
  const jumps = new Map<string, Jump>();
  const open = new Set<Session>();
  let closing = false;

  const slotFor = (key: string): Slot => {
    const slot = slots.get(key) ?? { queue: [], busy: false, kept: null };
    slots.set(key, slot);
    return slot;
  };

  const enter = (slot: Slot, device: string, signal: AbortSignal | undefined): Promise<void> => {
    if (!slot.busy) {
      slot.busy = true;
      return Promise.resolve();
    }
    if (signal?.aborted) return Promise.reject(abortReason(signal, device));
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
  const login = async (
    access: DeviceAccess,
    signal: AbortSignal | undefined,
    opened: string[],
  ): Promise<Connection> => {
    const [, paused] = await recentRefusals(pool, access.credential);
    if (paused !== undefined) throw credentialPaused(access, paused);
    const way = access.jump === null ? null : await through(access.jump, access);
    const sent = guarded(access, "login", opened);
    try {
      const connection = await connect(sent.access, { through: way?.stream, signal });
      sent.accepted();
      if (way !== null) void connection.ended.then(() => way.release());
      if (connection.loginMethod !== null && connection.loginMethod !== access.loginMethod)
        await keepLoginMethod(pool, access.id, connection.loginMethod);
      return connection;
    } catch (error) {
      way?.release();
      if (isFailure(error, "login_method_changed")) await keepLoginMethod(pool, access.id, null);
      if (error instanceof HostKeyFailure)
        await recordOfferedKey(pool, { id: newId(), device_id: access.id, ...error.offered });
      await sent.failed(error);
      throw error;
    }
  };

  /** The same device, whose secrets go out only when the credential may be tried, and whose refusal is counted. */
  const guarded = (access: DeviceAccess, secret: "login" | "enable", opened: string[]) => {
    const trial = trials.open(access, secret);
    return {
      access: {
        ...access,
        openSecrets: async () => {
          await trial.begin();
          const secrets = await access.openSecrets();
          opened.push(...Object.values(secrets).filter((value) => value.length >= SHORTEST_SECRET));
          return secrets;
        },
      },
      accepted: (): void => trial.end("accepted"),
      failed: async (error: unknown): Promise<void> => {
        try {
          if (error instanceof SecretRefused) await recordRefusal(pool, access.credential, access.id);
        } finally {
          trial.end(error instanceof SecretRefused ? "refused" : null);
        }
      },
    };
  };

  /** A stream through the jump host. Its connection is shared by the devices behind it, and kept for a while. */
  const through = async (jump: DeviceAccess, to: DeviceAccess): Promise<{ stream: Duplex; release: () => void }> => {
    const known = jumps.get(jump.id);
    const usable = known !== undefined && known.version === jump.version ? known : null;
    const host: Jump = usable ?? {
      connection: login(jump, undefined, []),
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

  const start = async (access: DeviceAccess, post: Post, { signal, patient, tap }: UseOptions): Promise<Opened> => {
    for (let attempt = 0; ; attempt++) {
      const opened: string[] = [];
      const since = performance.now();
      try {
        const connection = await login(access, signal, opened);
        const raised = guarded(access, "enable", opened);
        try {
          const session = await openSession(
            connection,
            raised.access,
            () => {
              const { recorder } = post;
              return recorder === null ? null : (direction, text) => recorder(direction, hide(opened, text));
            },
            tap,
          );
          raised.accepted();
          opened.length = 0;
          open.add(session);
          events?.opened(post.purpose, (performance.now() - since) / 1000);
          log.info(
            { device: access.name, purpose: post.purpose, ms: Math.round(performance.now() - since) },
            "session opened",
          );
          void connection.ended.then(() => {
            open.delete(session);
            events?.closed(post.purpose);
          });
          if (access.keyOffered) await dropOfferedKey(pool, access.id);
          return { session, latencyMs: connection.latencyMs, post };
        } catch (error) {
          connection.close();
          await raised.failed(error);
          throw error;
        }
      } catch (error) {
        // What a device says about a login may repeat what it was given: that goes no further.
        if (error instanceof AppError) error.message = hide(opened, error.message);
        const code = error instanceof AppError ? error.code : "unknown";
        events?.failed(code);
        log.warn({ device: access.name, purpose: post.purpose, code }, "no session");
        const ms = BACK_OFF_MS[attempt];
        const full = isFailure(error, "vty_lines_exhausted", "session_refused");
        if (patient !== true || ms === undefined || !full) throw error;
        log.info({ device: access.name, wait_s: ms / 1000 }, "the device takes no session now; waiting");
        await wait(ms, access.name, signal);
      }
    }
  };

  /** Its own session, or else the other one of the device while nobody uses it. */
  const takeKept = (slot: Slot, id: string, purpose: Purpose): Kept | null => {
    const otherKey = keyOf(id, purpose === "read" ? "write" : "read");
    const other = slots.get(otherKey);
    const from = slot.kept === null && other?.busy === false ? other : slot;
    const { kept } = from;
    from.kept = null;
    if (kept !== null) clearTimeout(kept.timer);
    if (from === other) slots.delete(otherKey);
    return kept;
  };

  const reuse = async (
    slot: Slot,
    access: DeviceAccess,
    purpose: Purpose,
    tap: Tap | undefined,
  ): Promise<Kept | null> => {
    const kept = takeKept(slot, access.id, purpose);
    if (kept === null) return null;
    if (kept.post.purpose !== purpose) events?.moved(kept.post.purpose, purpose);
    kept.post.purpose = purpose;
    if (tap === undefined && kept.version === access.version && kept.session.isOpen() && (await stillAnswers(kept))) {
      events?.reused();
      return kept;
    }
    kept.session.close();
    return null;
  };

  return {
    use: async (access, purpose, fn, options = {}) => {
      if (closing) throw failure("stopped", `this worker is closing its sessions; ${access.name} was not connected`);
      const key = keyOf(access.id, purpose);
      const slot = slotFor(key);
      await enter(slot, access.name, options.signal);
      try {
        if (options.signal?.aborted) throw abortReason(options.signal, access.name);
        const record = recorder(access, options);
        const opened =
          (await reuse(slot, access, purpose, options.tap)) ??
          (await start(access, { purpose, recorder: record }, options));
        const { session, latencyMs, post } = opened;
        post.recorder = record;
        try {
          const result = await fn(session, { latencyMs });
          if (options.tap !== undefined) session.close();
          else keep(slot, key, opened, access.version);
          return result;
        } catch (error) {
          // Where the session stands now is not known for sure.
          session.close();
          throw error;
        } finally {
          post.recorder = null;
        }
      } finally {
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

  function recorder(access: DeviceAccess, { record }: UseOptions): Recorder | null {
    return record === undefined ? null : maskedRecorder(record, access.platform.id, vault);
  }

  function keep(slot: Slot, key: string, opened: Opened, version: string): void {
    const { session } = opened;
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
    slot.kept = { ...opened, version, timer, since: performance.now() };
  }
}

const keyOf = (deviceId: string, purpose: Purpose): string => `${deviceId} ${purpose}`;

const hide = (secrets: readonly string[], text: string): string =>
  // a secret may be a part of a longer one, of which nothing must be left
  secrets.toSorted((a, b) => b.length - a.length).reduce((all, each) => all.replaceAll(each, "********"), text);

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

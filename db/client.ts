import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

/** A connection pool, or the transaction of a caller: queries take either. */
export type Db = postgres.ISql<{ bigint: number }>;
export type Pool = postgres.Sql<{ bigint: number }>;

const RECONNECT_S = 0.2;
/** Once a query has failed because its connection died, the driver has ended the transaction within this time. */
const LOSS_KNOWN_MS = 1000;

/**
 * A pool. bigint columns come back as numbers: sequences and epochs stay far below 2^53. Undefined is refused by the
 * driver, so that a forgotten field is an error and not a null.
 */
export function openPool(url: string, { max = 10, name = "netstacks" } = {}): Pool {
  return postgres(url, {
    max,
    connect_timeout: 5,
    // A database that was away for a moment is wanted back at once; the driver's own waits grow to 20 s.
    backoff: () => RECONNECT_S,
    idle_timeout: 60,
    max_lifetime: 60 * 30,
    onnotice: () => undefined,
    // Compiling a statement takes PostgreSQL some 25 ms, and it guesses that of statements over JSON which take one.
    connection: {
      application_name: name,
      statement_timeout: 30_000,
      lock_timeout: 15_000,
      idle_in_transaction_session_timeout: 60_000,
      jit: "off",
    },
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
  });
}

const abandoned = new AsyncLocalStorage<AbortSignal>();

/** Transactions that `fn` begins are rolled back instead of committed once the signal has aborted. */
export function abandonable<T>(signal: AbortSignal, fn: () => T): T {
  return abandoned.run(signal, fn);
}

/**
 * Runs `fn` in one transaction; a throw rolls it back. When the connection dies, the caller hears so at once, and `fn`
 * is left where it stands: the driver would send its rollback, and whatever `fn` sends next, to a socket that is gone,
 * which ends the process, or to the connection that takes its place, outside of any transaction.
 */
export async function transaction<T>(pool: Pool, fn: (db: Db) => Promise<T>): Promise<T> {
  let gone = false;
  const given = abandoned.getStore();
  // The driver calls back out of whatever its connection did before; `fn` goes on in its caller's context.
  const asCaller = AsyncLocalStorage.snapshot();
  const whileConnected = async (db: Db): Promise<T> => {
    try {
      const result = await asCaller(
        fn,
        refusing(db, () => gone || given?.aborted === true),
      );
      if (given?.aborted) throw new Error("the request that began this transaction was given up");
      return result;
    } catch (error) {
      // It may have been another connection: then this one is still there, holds its locks, and must be rolled back.
      if (!gone && isConnectionLoss(error)) await sleep(LOSS_KNOWN_MS, undefined, { ref: false });
      if (gone) return new Promise<never>(() => undefined);
      throw error;
    }
  };
  try {
    // begin() gives UnwrapPromiseArray<T>, which is T for everything but arrays of promises; ours never are.
    return await (pool.begin(whileConnected) as Promise<T>);
  } catch (error) {
    gone = true;
    throw error;
  }
}

/** The same connection, until it is gone. */
function refusing(db: Db, gone: () => boolean): Db {
  return new Proxy(db, {
    apply(target, self, args) {
      if (gone()) throw new Error("the connection of this transaction is gone");
      return Reflect.apply(target, self, args);
    },
  });
}

const isConnectionLoss = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  /^(CONNECTION_|ECONN|EPIPE|ETIMEDOUT|57P0)/.test(error.code);

/** What a jsonb column takes: the value, typed as the driver wants it. */
export function json(db: Db, value: unknown): postgres.Parameter {
  // JSONValue refuses interfaces with optional members; everything given here comes out of a zod schema.
  return db.json(value as postgres.JSONValue);
}

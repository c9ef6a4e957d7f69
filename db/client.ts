import postgres from "postgres";

/** A connection pool, or the transaction of a caller: queries take either. */
export type Db = postgres.ISql<{ bigint: number }>;
export type Pool = postgres.Sql<{ bigint: number }>;

/**
 * A pool. bigint columns come back as numbers: sequences and epochs stay far below 2^53. Undefined is refused by the
 * driver, so that a forgotten field is an error and not a null.
 */
export function openPool(url: string, { max = 10, name = "netstacks" } = {}): Pool {
  return postgres(url, {
    max,
    connect_timeout: 5,
    idle_timeout: 60,
    max_lifetime: 60 * 30,
    onnotice: () => undefined,
    connection: { application_name: name, statement_timeout: 30_000, lock_timeout: 15_000 },
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
  });
}

/** Runs `fn` in one transaction; a throw rolls it back. */
export function transaction<T>(pool: Pool, fn: (db: Db) => Promise<T>): Promise<T> {
  // begin() gives UnwrapPromiseArray<T>, which is T for everything but arrays of promises; ours never are.
  return pool.begin(fn) as Promise<T>;
}

/** What a jsonb column takes: the value, typed as the driver wants it. */
export function json(db: Db, value: unknown): postgres.Parameter {
  // JSONValue refuses interfaces with optional members; everything given here comes out of a zod schema.
  return db.json(value as postgres.JSONValue);
}

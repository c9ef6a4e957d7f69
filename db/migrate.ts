import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { openPool } from "./client.ts";

const FOLDER = new URL("./migrations/", import.meta.url);
/** Any number that is only used for this: the lock that makes several starters take turns. */
const LOCK = 7_306_111;

/**
 * Applies the files of `migrations/` that this database has not seen, in order, each in its own transaction.
 * Throws when a file that was applied has changed since. Several callers at once take turns.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const pool = openPool(url, { max: 1, name: "netstacks-migrate" });
  try {
    const db = await pool.reserve();
    try {
      await db`select pg_advisory_lock(${LOCK})`;
      await db`create table if not exists migrations (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
      const known = new Map(
        (await db<{ name: string; sha256: string }[]>`select name, sha256 from migrations`).map((m) => [
          m.name,
          m.sha256,
        ]),
      );
      const applied: string[] = [];
      for (const name of (await readdir(FOLDER)).filter((f) => f.endsWith(".sql")).sort()) {
        const text = await readFile(new URL(name, FOLDER), "utf8");
        const sha256 = createHash("sha256").update(text).digest("hex");
        const before = known.get(name);
        if (before === sha256) continue;
        if (before !== undefined)
          throw new Error(
            `the migration ${name} was applied in another form; restore the file, or start with an empty database`,
          );
        await db.unsafe(`begin;\n${text}\ncommit;`);
        await db`insert into migrations (name, sha256) values (${name}, ${sha256})`;
        applied.push(name);
      }
      return { applied };
    } finally {
      await db`select pg_advisory_unlock(${LOCK})`.catch(() => undefined);
      db.release();
    }
  } finally {
    await pool.end({ timeout: 5 });
  }
}

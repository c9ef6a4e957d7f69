import type { Db } from "../client.ts";

/** Another value after each write to a table that lists of devices are made of. */
export async function listVersion(db: Db): Promise<string> {
  const [row] = await db<
    { version: string }[]
  >`select last_value::text || is_called::text as version from list_version`;
  if (!row) throw new Error("the sequence list_version is missing; run netstacks migrate");
  return row.version;
}

/** The tables whose triggers move the version. */
const TABLES = [
  "devices",
  "device_overrides",
  "credentials",
  "host_keys",
  "device_locks",
  "runs",
  "changes",
  "change_devices",
];

/**
 * Is a transaction under way that writes to one of them? It has moved the version, perhaps, but what it wrote cannot be
 * seen yet. A writer holds the lock that is looked for from before its trigger until its commit can be seen.
 */
export async function listsAreBeingWritten(db: Db): Promise<boolean> {
  const [row] = await db<{ writing: boolean }[]>`
    select exists (
      select from pg_locks l join pg_class c on c.oid = l.relation
      where l.locktype = 'relation' and l.granted and l.database = (select oid from pg_database where datname = current_database())
        and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') and c.relname = any(${TABLES})
    ) as writing`;
  return row?.writing ?? true;
}

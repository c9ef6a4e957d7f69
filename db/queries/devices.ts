import type { Device, PlatformId } from "../../domain/contract/device.ts";
import type { Db } from "../client.ts";
import { iso, isoOrNull } from "./times.ts";
import { escapeLike } from "./users.ts";

type KeyColumns = { algorithm: string; fingerprint: string; accepted_by: string | null; accepted_at: string | null };
type DeviceRow = Omit<
  Device,
  "state_since" | "disabled_until" | "created_at" | "updated_at" | "host_key" | "offered_host_key" | "last_change"
> & {
  state_since: Date | null;
  disabled_until: Date | null;
  created_at: Date;
  updated_at: Date;
  accepted_key: KeyColumns | null;
  offered_key: KeyColumns | null;
  change: { change_id: string; title: string; at: string; status: string } | null;
};

const state = (db: Db) => db`case when d.enabled then d.state else 'disabled' end`;
const overridden = (db: Db) => db`(
  select coalesce(array_remove(array[case when o.host is not null then 'host' end, case when o.port is not null then 'port' end,
    case when o.device_type is not null then 'device_type' end, case when o.timeouts <> '{}' then 'timeouts' end,
    case when o.username is not null or o.credential_id is not null or o.sealed is not null then 'login' end], null), '{}')
  from (select 1) one left join device_overrides o on o.device_id = d.id)`;
const key = (db: Db, status: string) => db`(
  select jsonb_build_object('algorithm', k.algorithm, 'fingerprint', k.fingerprint, 'accepted_by', k.accepted_by, 'accepted_at', k.accepted_at)
  from host_keys k where k.device_id = d.id and k.status = ${status})`;

/** Changes that reached devices, or may have. */
const CARRIED_OUT = ["applying", "verifying", "applied", "interrupted", "failed", "rolled_back"];

const columns = (db: Db) => db`
  d.id, d.name, d.host, d.port, d.device_type, d.site, d.tags, d.description, d.username, d.has_password, d.has_enable_password, d.has_private_key,
  d.credential_id, c.name as credential_name, j.name as jump_device, d.weak_algorithms, d.timeouts, d.enabled, d.disabled_reason, d.disabled_until, d.disabled_by, d.is_lab,
  ${overridden(db)} as overridden,
  ${state(db)} as state, d.state_since, d.last_error, d.latency_ms::float8 as latency_ms, d.facts, d.created_at, d.updated_at,
  ${key(db, "accepted")} as accepted_key, ${key(db, "offered")} as offered_key,
  (select jsonb_build_object('run_id', r.id, 'title', r.title) from device_locks l join runs r on r.id = l.run_id where l.device_id = d.id) as held_by,
  (select jsonb_build_object('change_id', ch.id, 'title', ch.title, 'at', ch.updated_at, 'status', ch.status)
   from change_devices cd join changes ch on ch.id = cd.change_id
   where cd.device_id = d.id and ch.status = any(${CARRIED_OUT}) order by cd.change_id desc limit 1) as change`;
const joins = (db: Db) =>
  db`devices d left join credentials c on c.id = d.credential_id left join devices j on j.id = d.jump_device_id`;

function toDevice({ accepted_key, offered_key, change, ...row }: DeviceRow): Device {
  return {
    ...row,
    state_since: isoOrNull(row.state_since),
    disabled_until: isoOrNull(row.disabled_until),
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    host_key: accepted_key && { ...accepted_key, accepted_at: inUtc(accepted_key.accepted_at), status: "accepted" },
    offered_host_key: offered_key && {
      ...offered_key,
      accepted_at: null,
      status: accepted_key === null ? "unknown" : "changed",
    },
    last_change: change && { ...change, at: new Date(change.at).toISOString() },
  };
}

/** Times inside of jsonb come as text, in the zone of the connection. */
const inUtc = (at: string | null): string | null => (at === null ? null : new Date(at).toISOString());

export const DEVICE_SORTS = ["name", "host", "device_type", "site", "state", "updated_at"] as const;
export type DeviceSort = (typeof DEVICE_SORTS)[number];
export type DeviceFilter = {
  search?: string | undefined;
  /** Of each, any of the values. */
  site?: string[] | undefined;
  tag?: string[] | undefined;
  device_type?: PlatformId[] | undefined;
  state?: Device["state"][] | undefined;
  enabled?: boolean | undefined;
  is_lab?: boolean | undefined;
};

const filtered = (db: Db, filter: DeviceFilter) => {
  const like = filter.search === undefined ? null : `%${escapeLike(filter.search)}%`;
  return db`
    (${like}::text is null or d.name ilike ${like} or d.host ilike ${like} or d.description ilike ${like} or d.site ilike ${like}
      or exists (select from unnest(d.tags) t where t ilike ${like}))
    and (${filter.site ?? null}::text[] is null or d.site = any(${filter.site ?? null}::text[]))
    and (${filter.tag ?? null}::text[] is null or d.tags && ${filter.tag ?? null}::text[])
    and (${filter.device_type ?? null}::text[] is null or d.device_type = any(${filter.device_type ?? null}::text[]))
    and (${filter.state ?? null}::text[] is null or ${state(db)} = any(${filter.state ?? null}::text[]))
    and (${filter.enabled ?? null}::boolean is null or d.enabled = ${filter.enabled ?? null})
    and (${filter.is_lab ?? null}::boolean is null or d.is_lab = ${filter.is_lab ?? null})`;
};

export async function listDevices(
  db: Db,
  filter: DeviceFilter,
  page: { limit: number; offset: number; sort: { column: DeviceSort; descending: boolean } },
): Promise<{ devices: Device[]; total: number }> {
  const { column, descending } = page.sort;
  const by = column === "state" ? state(db) : column === "name" ? db`lower(d.name)` : db`d.${db(column)}`;
  const rows = await db<DeviceRow[]>`
    select ${columns(db)} from ${joins(db)} where ${filtered(db, filter)}
    order by ${by} ${descending ? db`desc nulls last` : db`asc nulls last`}, d.id limit ${page.limit} offset ${page.offset}`;
  const [count] = await db<
    { total: number }[]
  >`select count(*)::int as total from devices d where ${filtered(db, filter)}`;
  return { devices: rows.map(toDevice), total: count?.total ?? 0 };
}

export async function findDevice(db: Db, idOrName: string): Promise<Device | undefined> {
  const [row] = await db<DeviceRow[]>`select ${columns(db)} from ${joins(db)} where ${called(db, [idOrName])}`;
  return row && toDevice(row);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A name never has the form of an id, so a text is one or the other. */
export const looksLikeId = (text: string): boolean => UUID.test(text);

export const called = (db: Db, idsOrNames: readonly string[]) => {
  const ids = idsOrNames.filter(looksLikeId);
  const names = idsOrNames.filter((text) => !looksLikeId(text)).map((n) => n.toLowerCase());
  return db`(d.id = any(${ids}::uuid[]) or lower(d.name) = any(${names}::text[]))`;
};

/** What others need to know of devices that they name. */
export type NamedDevice = {
  id: string;
  name: string;
  device_type: PlatformId;
  enabled: boolean;
  disabled_reason: string | null;
};

export async function findDevicesByName(db: Db, names: readonly string[]): Promise<NamedDevice[]> {
  return db<
    NamedDevice[]
  >`select id, name, device_type, enabled, disabled_reason from devices d where ${called(db, names)}`;
}

export async function listNamedDevices(db: Db): Promise<NamedDevice[]> {
  return db<NamedDevice[]>`select id, name, device_type, enabled, disabled_reason from devices order by lower(name)`;
}

export type Facets = Record<"sites" | "tags" | "device_types" | "states", { value: string; count: number }[]>;

export async function deviceFacets(db: Db): Promise<Facets> {
  const rows = await db<{ facet: keyof Facets; value: string; count: number }[]>`
    select 'sites' as facet, d.site as value, count(*)::int as count from devices d where d.site is not null group by d.site
    union all select 'tags', t, count(*)::int from devices d, unnest(d.tags) t group by t
    union all select 'device_types', d.device_type, count(*)::int from devices d group by d.device_type
    union all select 'states', ${state(db)}, count(*)::int from devices d group by 2
    order by 1, 3 desc, 2`;
  const facets: Facets = { sites: [], tags: [], device_types: [], states: [] };
  for (const { facet, value, count } of rows) facets[facet].push({ value, count });
  return facets;
}

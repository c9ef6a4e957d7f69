import { NotFound } from "../../domain/contract/errors.ts";
import type { Check, OnInterrupted, PlanGroup, PlanTarget } from "../../domain/contract/change.ts";
import { json, type Db } from "../client.ts";

/** What was hashed, whole, so that it can be hashed again before the first byte; groups are only for reading. */
export type PlanBody = {
  targets: PlanTarget[];
  groups: PlanGroup[];
  verify: Check[];
  on_interrupted: OnInterrupted;
  window: { from: string; to: string } | null;
  policy_version: string;
};

export type PlanRow = {
  id: string;
  change_id: string;
  version: number;
  content_version: number;
  hash: string | null;
  body: PlanBody;
  risk: "low" | "medium" | "high";
  devices: string[];
  added: number;
  removed: number;
  diffs: number;
  created_at: Date;
};

export async function insertPlan(db: Db, plan: Omit<PlanRow, "created_at">): Promise<void> {
  await db`insert into plans (id, change_id, version, content_version, hash, body, risk, devices, added, removed, diffs)
    values (${plan.id}, ${plan.change_id}, ${plan.version}, ${plan.content_version}, ${plan.hash}, ${json(db, plan.body)}, ${plan.risk},
      ${plan.devices}, ${plan.added}, ${plan.removed}, ${plan.diffs})`;
}

export async function getPlan(db: Db, id: string): Promise<PlanRow> {
  const [row] = await db<PlanRow[]>`select * from plans where id = ${id}`;
  if (!row) throw new NotFound("plan", id);
  return row;
}

/** Another value whenever the row was written anew; null where there is none. */
export async function getPlanVersion(db: Db, id: string): Promise<string | null> {
  const [row] = await db<
    { version: string }[]
  >`select xmin::text || ' ' || ctid::text as version from plans where id = ${id}`;
  return row?.version ?? null;
}

/** The plans of many changes without their bodies, for lists. */
export async function getPlanSummaries(db: Db, ids: string[]): Promise<Map<string, Omit<PlanRow, "body">>> {
  const rows = await db<
    Omit<PlanRow, "body">[]
  >`select id, change_id, version, content_version, hash, risk, devices, added, removed, diffs, created_at
    from plans where id = any(${ids})`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** What a plan touches, without its lines: those devices that it would send to, and their sites. */
export type PlanReach = Pick<PlanRow, "id" | "devices" | "diffs" | "added" | "removed"> & { sites: string[] };

export async function getPlanReaches(db: Db, ids: string[]): Promise<Map<string, PlanReach>> {
  const rows = await db<PlanReach[]>`
    select p.id, p.diffs, p.added, p.removed, coalesce(t.devices, '{}') as devices, coalesce(t.sites, '{}') as sites
      from plans p left join lateral (
        select array_agg(e.target->>'device' order by e.n) as devices,
               array_agg(distinct e.target->>'site') filter (where e.target->>'site' <> '') as sites
          from jsonb_array_elements(p.body->'targets') with ordinality as e(target, n)
         where e.target->>'state' = 'planned') t on true
     where p.id = any(${ids})`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Stores what planning found on one device; a repeat of the activity overwrites its own round. */
export async function putPlanPart(db: Db, changeId: string, round: number, target: PlanTarget): Promise<void> {
  await db`insert into plan_parts (change_id, round, device_id, body) values (${changeId}, ${round}, ${target.device_id}, ${json(db, target)})
    on conflict (change_id, round, device_id) do update set body = excluded.body`;
}

export async function getPlanParts(db: Db, changeId: string, round: number): Promise<PlanTarget[]> {
  const rows = await db<
    { body: PlanTarget }[]
  >`select body from plan_parts where change_id = ${changeId} and round = ${round}`;
  return rows.map((row) => row.body);
}

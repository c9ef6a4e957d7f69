import { NotFound } from "../../domain/contract/errors.ts";
import type { FetchedVariable } from "../../domain/contract/api-resource.ts";
import type { ChangeStatus, Drift } from "../../domain/contract/change.ts";
import type { RunStatus } from "../../domain/contract/run.ts";
import type { DeployBody, DeployStatus, FrozenVariables, OnFailure, ServiceWork } from "../../domain/contract/stack.ts";
import { json, type Db } from "../client.ts";

export type DeployRow = {
  id: string;
  run_id: string;
  stack_id: string | null;
  stack_name: string;
  stack_version: number;
  action: "deploy" | "delete";
  status: DeployStatus;
  on_failure: OnFailure;
  request_approval: boolean;
  self_approve: boolean;
  dry_run: boolean;
  reason: string | null;
  requested_by: string;
  requested_by_name: string;
  edited_by: string[];
  given: { variables?: Record<string, unknown>; devices?: string[] };
  variables: FrozenVariables;
  fetched: FetchedVariable[];
  body: DeployBody | null;
  hash: string | null;
  approval_id: string | null;
  error: { code: string; message: string } | null;
  created_at: Date;
  updated_at: Date;
};

export type NewDeploy = Pick<
  DeployRow,
  | "id"
  | "run_id"
  | "stack_id"
  | "stack_name"
  | "stack_version"
  | "action"
  | "on_failure"
  | "request_approval"
  | "self_approve"
  | "dry_run"
  | "reason"
  | "requested_by"
  | "edited_by"
  | "given"
  | "variables"
  | "fetched"
>;

export async function insertDeploy(db: Db, deploy: NewDeploy): Promise<void> {
  const { given, variables, fetched, ...rest } = deploy;
  await db`insert into stack_deploys ${db({ ...rest, status: "planning" })}`;
  await db`update stack_deploys set given = ${JSON.stringify(given)}::text::json, variables = ${JSON.stringify(variables)}::text::json,
    fetched = ${JSON.stringify(fetched)}::text::json
    where id = ${deploy.id}`;
}

export type DeployServiceRow = {
  deploy_id: string;
  position: number;
  service: string;
  action: "deploy" | "remove";
  template: string;
  template_version: number | null;
  needs: number[];
  after: number[];
  change_id: string;
  released_at: Date | null;
  held_at: Date | null;
  verdict: "stay" | "undo" | null;
  skipped: string | null;
};

export type NewDeployService = Omit<DeployServiceRow, "released_at" | "held_at" | "verdict" | "skipped">;

export async function insertDeployService(db: Db, service: NewDeployService): Promise<void> {
  await db`insert into stack_deploy_services ${db(service)}`;
}

const selected = (db: Db) =>
  db`select d.*, u.username as requested_by_name from stack_deploys d join users u on u.id = d.requested_by`;

export async function getDeployRow(db: Db, id: string, { lock = false } = {}): Promise<DeployRow> {
  const [row] = await db<DeployRow[]>`${selected(db)} where d.id = ${id} ${lock ? db`for update of d` : db``}`;
  if (!row) throw new NotFound("deploy", id);
  return row;
}

export async function getDeployOfRun(db: Db, runId: string, { lock = false } = {}): Promise<DeployRow> {
  const [row] = await db<DeployRow[]>`${selected(db)} where d.run_id = ${runId} ${lock ? db`for update of d` : db``}`;
  if (!row) throw new NotFound("deploy of run", runId);
  return row;
}

/** Newest first. */
export async function listDeployRows(
  db: Db,
  filter: { stackId: string; limit: number; offset: number },
): Promise<{ rows: DeployRow[]; total: number }> {
  const rows = await db<DeployRow[]>`${selected(db)} where d.stack_id = ${filter.stackId}
    order by d.created_at desc, d.id desc limit ${filter.limit} offset ${filter.offset}`;
  const [count] = await db<
    { n: number }[]
  >`select count(*)::int as n from stack_deploys where stack_id = ${filter.stackId}`;
  return { rows, total: count?.n ?? 0 };
}

/** Of each stack the newest deploy that was more than a plan, and the newest that is under way. */
export async function lastDeploys(
  db: Db,
  stackIds: readonly string[],
): Promise<Map<string, Pick<DeployRow, "id" | "run_id" | "status" | "action" | "created_at"> & { stack_id: string }>> {
  const rows = await db<
    (Pick<DeployRow, "id" | "run_id" | "status" | "action" | "created_at"> & { stack_id: string })[]
  >`select distinct on (stack_id) stack_id, id, run_id, status, action, created_at from stack_deploys
    where stack_id = any(${[...stackIds]}) and request_approval and not dry_run
    order by stack_id, (status in ('pending_approval', 'approved', 'deploying')) desc, created_at desc`;
  return new Map(rows.map((row) => [row.stack_id, row]));
}

/** Is another deploy of this stack waiting for its approval or being sent? */
export async function activeDeploy(db: Db, stackId: string, except: string): Promise<{ id: string } | undefined> {
  const [row] = await db<{ id: string }[]>`select id from stack_deploys where stack_id = ${stackId} and id <> ${except}
    and status in ('pending_approval', 'approved', 'deploying') limit 1`;
  return row;
}

export async function setDeploy(
  db: Db,
  id: string,
  to: { status: DeployStatus; error?: DeployRow["error"]; approvalId?: string; requestApproval?: boolean },
): Promise<void> {
  await db`update stack_deploys set status = ${to.status}, error = ${to.error ? json(db, to.error) : null}, updated_at = now(),
    approval_id = coalesce(${to.approvalId ?? null}, approval_id), request_approval = ${to.requestApproval ?? db`request_approval`} where id = ${id}`;
}

export async function setDeployPlan(db: Db, id: string, body: DeployBody, hash: string | null): Promise<void> {
  await db`update stack_deploys set body = ${json(db, body)}, hash = ${hash}, updated_at = now() where id = ${id}`;
}

/** A service of a deploy with where its change stands. */
export type ServiceStandRow = DeployServiceRow & {
  run_id: string;
  title: string;
  change_status: ChangeStatus;
  run_status: RunStatus;
  run_message: string | null;
  error: { code: string; message: string } | null;
  plan_id: string | null;
  drift: Drift[];
  /** Of the plan: devices to which something is sent, and those that could not be reached. */
  planned: number;
  left_out: number;
  hash: string | null;
  /** A line of it may be on a device. */
  sent: boolean;
};

export async function listServiceStands(db: Db, deployId: string): Promise<ServiceStandRow[]> {
  return db<
    ServiceStandRow[]
  >`select s.*, c.run_id, c.title, c.status as change_status, c.plan_id, c.drift, c.error, r.status as run_status, r.message as run_message, p.hash,
      coalesce((select count(*) from jsonb_array_elements(p.body->'targets') t where t->>'state' = 'planned'), 0)::int as planned,
      coalesce((select count(*) from jsonb_array_elements(p.body->'targets') t where t->>'state' = 'left_out'), 0)::int as left_out,
      exists (select 1 from journal j where j.change_id = c.id and j.direction = 'apply' and j.state in ('sent', 'taken', 'present')) as sent
    from stack_deploy_services s join changes c on c.id = s.change_id join runs r on r.id = c.run_id left join plans p on p.id = c.plan_id
    where s.deploy_id = ${deployId} order by s.position`;
}

export async function markService(
  db: Db,
  at: { deployId: string; position: number },
  set: { released?: true; held?: true; verdict?: "stay" | "undo"; skipped?: string },
): Promise<void> {
  await db`update stack_deploy_services set
      released_at = case when ${set.released ?? false} then coalesce(released_at, clock_timestamp()) else released_at end,
      held_at = case when ${set.held ?? false} then coalesce(held_at, clock_timestamp()) else held_at end,
      verdict = coalesce(verdict, ${set.verdict ?? null}), skipped = coalesce(skipped, ${set.skipped ?? null})
    where deploy_id = ${at.deployId} and position = ${at.position}`;
}

/** The deploy that a change is a service of. */
export type DeployOfChange = Pick<
  DeployRow,
  | "id"
  | "run_id"
  | "stack_id"
  | "status"
  | "on_failure"
  | "body"
  | "hash"
  | "approval_id"
  | "requested_by"
  | "edited_by"
> &
  Pick<DeployServiceRow, "position" | "service" | "action" | "verdict" | "held_at">;

export async function findDeployOfChange(db: Db, changeId: string): Promise<DeployOfChange | undefined> {
  const [row] = await db<
    DeployOfChange[]
  >`select d.id, d.run_id, d.stack_id, d.status, d.on_failure, d.body, d.hash, d.approval_id, d.requested_by,
      d.edited_by, s.position, s.service, s.action, s.verdict, s.held_at
    from stack_deploy_services s join stack_deploys d on d.id = s.deploy_id where s.change_id = ${changeId}`;
  return row;
}

export async function getDeployOfChange(db: Db, changeId: string): Promise<DeployOfChange> {
  const row = await findDeployOfChange(db, changeId);
  if (!row) throw new NotFound("deploy of change", changeId);
  return row;
}

/** Has a line of any service of the deploy been committed for sending? */
export async function hasDeployBegun(db: Db, deployId: string): Promise<boolean> {
  const rows = await db`select 1 from stack_deploy_services s join journal j on j.change_id = s.change_id
    where s.deploy_id = ${deployId} and j.direction = 'apply' limit 1`;
  return rows.length > 0;
}

/** What planning one service on one device has to know of the others. */
export type ServicePlace = {
  /** Services that come before it on this device and have not been sent yet, in their order. */
  before: ServiceWork[];
  work: ServiceWork;
};

type WorkRow = {
  position: number;
  action: "deploy" | "remove";
  change_id: string;
  service: string;
  status: ChangeStatus;
  lines: string[];
  reverse: string[] | null;
};

/**
 * The service of a change on a device, and those before it that are still to be sent there: what stands on the device when
 * its turn comes is what they leave.
 */
export async function loadServicePlace(db: Db, changeId: string, deviceId: string): Promise<ServicePlace> {
  const mine = await getDeployOfChange(db, changeId);
  const rows = await db<WorkRow[]>`
    select s.position, s.action, s.change_id, s.service, c.status, t->'lines' as lines, o.reverse
    from stack_deploy_services s join stack_deploys d on d.id = s.deploy_id join changes c on c.id = s.change_id
    cross join lateral jsonb_array_elements(c.content->'targets') t
    left join stack_owned o on o.stack_id = d.stack_id and o.service = s.service and o.device_id = (t->>'device_id')::uuid
    where s.deploy_id = ${mine.id} and t->>'device_id' = ${deviceId} order by s.position`;
  const elsewhere = await db<{ stack_id: string; service: string; lines: string[] }[]>`
    select stack_id, service, lines from stack_owned where device_id = ${deviceId} order by stack_id, service`;
  const workOf = (row: WorkRow): ServiceWork => ({
    lines: row.lines,
    // What a delete template takes away is not taken away a second time.
    reverse: row.reverse === null || (row.action === "remove" && row.lines.length > 0) ? [] : row.reverse,
    others: [
      ...rows.filter((r) => r.change_id !== row.change_id && r.action === "deploy").map((r) => r.lines),
      ...elsewhere
        .filter((e) => e.stack_id !== mine.stack_id || !rows.some((r) => r.service === e.service))
        .map((e) => e.lines),
    ],
  });
  const own = rows.find((row) => row.change_id === changeId);
  if (!own) throw new NotFound("device of the service", deviceId);
  const waiting = rows.filter((row) => row.position < own.position && ["planning", "draft"].includes(row.status));
  return { before: waiting.map(workOf), work: workOf(own) };
}

export type StackPart = { removes: string[]; reverse: string[] };

export async function putStackPart(db: Db, changeId: string, deviceId: string, part: StackPart): Promise<void> {
  await db`insert into stack_parts (change_id, device_id, removes, reverse)
    values (${changeId}, ${deviceId}, ${json(db, part.removes)}, ${json(db, part.reverse)})
    on conflict (change_id, device_id) do update set removes = excluded.removes, reverse = excluded.reverse`;
}

export async function listStackParts(
  db: Db,
  changeIds: readonly string[],
): Promise<(StackPart & { change_id: string; device_id: string })[]> {
  return db<(StackPart & { change_id: string; device_id: string })[]>`
    select change_id, device_id, removes, reverse from stack_parts where change_id = any(${[...changeIds]})`;
}

/** Another text whenever the deploy, or one of its services, has moved. */
export async function deployMark(db: Db, runId: string): Promise<string> {
  const [row] = await db<{ mark: string | null }[]>`
    select concat(d.status, ' ', o.status, o.pause_requested, o.cancel_requested, ' ',
      string_agg(concat(c.status, ' ', c.plan_id, ' ', r.status, ' ', s.held_at, s.verdict), ',' order by s.position)) as mark
    from stack_deploys d join runs o on o.id = d.run_id join stack_deploy_services s on s.deploy_id = d.id
    join changes c on c.id = s.change_id join runs r on r.id = c.run_id
    where d.run_id = ${runId} group by d.status, o.status, o.pause_requested, o.cancel_requested`;
  return row?.mark ?? "";
}

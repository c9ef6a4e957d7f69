import { NotFound } from "../../domain/contract/errors.ts";
import type { ChangeStatus, Check, Drift, OnInterrupted } from "../../domain/contract/change.ts";
import { json, type Db } from "../client.ts";
import { totalOf } from "../totals.ts";

/** What a person or program asked for; secrets in lines are references already. */
export type ChangeContent = {
  /** `delete_lines`: of a service of a stack, what its delete template gives now, for the day when it is taken off. */
  targets: { device_id: string; device: string; lines: string[]; delete_lines?: string[] }[];
  verify: Check[];
  on_interrupted: OnInterrupted;
  window: { from: string; to: string } | null;
  confirm_minutes: number;
};

export type Origin = { kind: "ad_hoc" | "undo" | "welcome" | "stack"; change_id: string | null };

export type ChangeRow = {
  id: string;
  run_id: string;
  title: string;
  description: string;
  reason: string | null;
  status: ChangeStatus;
  content: ChangeContent;
  content_version: number;
  edited_by: string[];
  origin: Origin;
  request_approval: boolean;
  plan_round: number;
  plan_wanted: number;
  requested_by: string;
  requested_by_name: string;
  plan_id: string | null;
  approval_id: string | null;
  drift: Drift[];
  error: { code: string; message: string } | null;
  undone_by: string | null;
  created_at: Date;
  updated_at: Date;
};

export type NewChangeRow = Pick<
  ChangeRow,
  "id" | "run_id" | "title" | "description" | "reason" | "content" | "origin" | "request_approval" | "requested_by"
>;

export async function insertChange(db: Db, change: NewChangeRow): Promise<void> {
  await db`insert into changes (id, run_id, title, description, reason, status, content, origin, request_approval, requested_by, edited_by)
    values (${change.id}, ${change.run_id}, ${change.title}, ${change.description}, ${change.reason}, 'planning', ${json(db, change.content)},
      ${json(db, change.origin)}, ${change.request_approval}, ${change.requested_by}, ${[change.requested_by]})`;
  await linkDevices(db, change.id, change.content);
}

async function linkDevices(db: Db, changeId: string, content: ChangeContent): Promise<void> {
  await db`delete from change_devices where change_id = ${changeId}`;
  await db`insert into change_devices ${db(content.targets.map((t) => ({ change_id: changeId, device_id: t.device_id })))}`;
}

/** Reads a change; `lock` holds its row until the transaction ends. */
export async function getChangeRow(db: Db, id: string, { lock = false } = {}): Promise<ChangeRow> {
  const [row] = await db<
    ChangeRow[]
  >`select c.*, u.username as requested_by_name from changes c join users u on u.id = c.requested_by
    where c.id = ${id} ${lock ? db`for update of c` : db``}`;
  if (!row) throw new NotFound("change", id);
  return row;
}

/** What leads from a change to its plan and its approval; its content can be megabytes. */
export type ChangeHead = Pick<
  ChangeRow,
  "id" | "run_id" | "title" | "status" | "requested_by" | "edited_by" | "plan_id" | "approval_id"
>;

export async function getChangeHead(db: Db, id: string): Promise<ChangeHead> {
  const [row] = await db<
    ChangeHead[]
  >`select id, run_id, title, status, requested_by, edited_by, plan_id, approval_id from changes where id = ${id}`;
  if (!row) throw new NotFound("change", id);
  return row;
}

export async function listChangeRows(
  db: Db,
  filter: {
    status?: string | undefined;
    device?: string | undefined;
    search?: string | undefined;
    sort: string;
    limit: number;
    offset: number;
  },
): Promise<{ rows: ChangeRow[]; total: number }> {
  const where = db`where true
    ${filter.status ? db`and c.status = any(${filter.status.split(",")})` : db``}
    ${filter.search ? db`and (c.title ilike ${`%${escapeLike(filter.search)}%`} or c.id::text = ${filter.search})` : db``}
    ${filter.device ? db`and exists (select 1 from change_devices cd join devices d on d.id = cd.device_id where cd.change_id = c.id and lower(d.name) = lower(${filter.device}))` : db``}`;
  const column = filter.sort.replace(/^-/, "");
  const order =
    column === "title"
      ? db`c.title`
      : column === "status"
        ? db`c.status`
        : column === "updated_at"
          ? db`c.updated_at`
          : db`c.created_at`;
  const rows = await db<
    ChangeRow[]
  >`select c.*, u.username as requested_by_name from changes c join users u on u.id = c.requested_by ${where}
    order by ${order} ${filter.sort.startsWith("-") ? db`desc` : db`asc`}, c.id desc limit ${filter.limit} offset ${filter.offset}`;
  const { limit: _limit, offset: _offset, sort: _sort, ...which } = filter;
  const total = await totalOf(db, `changes ${JSON.stringify(which)}`, async () => {
    const [count] = await db<{ n: number }[]>`select count(*)::int as n from changes c ${where}`;
    return count?.n ?? 0;
  });
  return { rows, total };
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** Moves a change along, only from where it is expected to be; false when it is elsewhere. */
export async function moveChange(
  db: Db,
  id: string,
  from: readonly ChangeStatus[],
  to: ChangeStatus,
  error: ChangeRow["error"] = null,
): Promise<boolean> {
  const rows = await db`update changes set status = ${to}, error = ${error ? json(db, error) : null}, updated_at = now()
    where id = ${id} and status = any(${[...from]}) returning id`;
  return rows.length > 0;
}

/** Takes new content, and asks for another round of planning. What moved on before the plan of before is told no more. */
export async function editChange(
  db: Db,
  id: string,
  edit: { title: string; description: string; content: ChangeContent; editedBy: string[]; contentChanged: boolean },
): Promise<void> {
  await db`update changes set title = ${edit.title}, description = ${edit.description}, content = ${json(db, edit.content)}, edited_by = ${edit.editedBy},
    content_version = content_version + ${edit.contentChanged ? 1 : 0}, plan_wanted = plan_wanted + 1, status = 'planning', drift = '[]', updated_at = now() where id = ${id}`;
  await linkDevices(db, id, edit.content);
}

/** What was found on one device now takes the place of what was found there before; null: it is as planned. */
export async function putDrift(db: Db, id: string, device: string, drift: Drift | null): Promise<void> {
  await db`update changes set drift = coalesce((select jsonb_agg(d) from jsonb_array_elements(drift) d where d->>'device' <> ${device}), '[]')
    || ${json(db, drift ? [drift] : [])} where id = ${id} and status = 'approved' and (${drift !== null} or drift <> '[]')`;
}

import { Conflict, Invalid } from "../domain/contract/errors.ts";
import {
  ENDED,
  type JournalLine,
  type Run,
  type RunEvent,
  type StepChoice,
  type StepControl,
  type TranscriptEntry,
} from "../domain/contract/run.ts";
import { countBackups } from "../db/queries/backup-results.ts";
import { getBlob } from "../db/queries/blobs.ts";
import { getChangeRow } from "../db/queries/changes.ts";
import { getPlan } from "../db/queries/plans.ts";
import { appendEvent } from "./run-events.ts";
import { getRunRow, listRunRows, wantNudge, type RunRow } from "../db/queries/runs.ts";
import { getDeployOfRun } from "../db/queries/stack-deploys.ts";
import type { Db } from "../db/client.ts";
import { requestBackupCancel } from "./backup-runs.ts";
import { requestCancel } from "./change-cancel.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { afterCommit } from "./nudge.ts";
import { cancelDeploy, controlServices } from "./stack-control.ts";
import { showEvent, showLines, showRun, type EventRow, type JournalRow, type StepRow } from "./run-view.ts";

export async function getRun(ctx: Ctx, id: string): Promise<Run> {
  requirePermission(ctx, "runs:read");
  return (await withSteps(ctx.pool, [await getRunRow(ctx.pool, id)]))[0] ?? never(id);
}

/** A row that was just read cannot be missing. */
function never(id: string): never {
  throw new Error(`run ${id} vanished while it was read`);
}

export async function listRuns(
  ctx: Ctx,
  filter: Parameters<typeof listRunRows>[1],
): Promise<{ runs: Run[]; total: number }> {
  requirePermission(ctx, "runs:read");
  const { rows, total } = await listRunRows(ctx.pool, filter);
  return { runs: await withSteps(ctx.pool, rows, { short: true }), total };
}

/** `short`: without the devices and steps of backup runs, of which there may be thousands. */
async function withSteps(db: Db, rows: RunRow[], { short = false } = {}): Promise<Run[]> {
  const backups = rows.filter((r) => r.kind === "backup").map((r) => r.id);
  const ids = rows.filter((r) => !short || r.kind !== "backup").map((r) => r.id);
  const counts = await countBackups(db, backups);
  const steps = await db<
    StepRow[]
  >`select run_id, step, device, attempt, status, message, error, started_at, completed_at from run_steps where run_id = any(${ids})`;
  const devices = await db<{ run_id: string; name: string; approval_id: string | null }[]>`
    select c.run_id, d.name, c.approval_id from changes c join change_devices cd on cd.change_id = c.id join devices d on d.id = cd.device_id
    where c.run_id = any(${ids})
    union all select b.run_id, b.device_name, null from backup_results b where b.run_id = any(${ids})
    union all select distinct s.run_id, d.name, s.approval_id from stack_deploys s join stack_deploy_services v on v.deploy_id = s.id
      join change_devices cd on cd.change_id = v.change_id join devices d on d.id = cd.device_id where s.run_id = any(${ids}) order by 2`;
  return rows.map((row) => {
    const mine = devices.filter((d) => d.run_id === row.id);
    return showRun(
      row,
      steps.filter((s) => s.run_id === row.id),
      mine.map((d) => d.name),
      mine[0]?.approval_id ?? null,
      counts.get(row.id) ?? null,
    );
  });
}

/** Events after `after`, in order. */
export async function listRunEvents(ctx: Ctx, runId: string, after: number, limit: number): Promise<RunEvent[]> {
  requirePermission(ctx, "runs:read");
  const rows = await ctx.pool<EventRow[]>`select seq, at, kind, step, device, attempt, actor, status, message, error
    from run_events where run_id = ${runId} and seq > ${after} order by seq limit ${limit}`;
  return rows.map(showEvent);
}

/** Every line of the run with what is known of it, those not sent yet included. */
export async function listRunLines(ctx: Ctx, runId: string, device: string | undefined): Promise<JournalLine[]> {
  requirePermission(ctx, "runs:read");
  const run = await getRunRow(ctx.pool, runId);
  const change = run.change_id ? await getChangeRow(ctx.pool, run.change_id) : undefined;
  const plan = change?.plan_id ? await getPlan(ctx.pool, change.plan_id) : undefined;
  const rows = await ctx.pool<
    JournalRow[]
  >`select j.device_id, j.direction, j.seq, j.attempt, j.window_no, j.line, j.state, j.answer, j.sent_at, j.answered_at
    from journal j where j.change_id = ${run.change_id} order by j.seq, j.attempt`;
  const targets = (plan?.body.targets ?? []).filter(
    (t) => t.state === "planned" && (device === undefined || t.device === device),
  );
  return targets.flatMap((target) => {
    const of = (direction: JournalLine["direction"]) =>
      rows.filter((r) => r.device_id === target.device_id && r.direction === direction);
    // Of the way back only what is still needed is sent, and nothing at all where it was not used.
    const back = of("rollback");
    return [
      ...showLines(target.device, "apply", target.lines, of("apply")),
      ...showLines(target.device, "keep", [], of("keep")),
      ...(back.length === 0 ? [] : showLines(target.device, "rollback", target.rollback_lines, back, "not_needed")),
    ];
  });
}

export type LineCounts = {
  device: string;
  direction: string;
  taken: number;
  in_doubt: number;
  refused: number;
  total: number;
};

/** How far each device is, for live pages: cheap, counted by the database. */
export async function countRunLines(db: Db, runId: string): Promise<LineCounts[]> {
  return db<LineCounts[]>`select d.name as device, j.direction,
      count(*) filter (where j.state in ('taken', 'present'))::int as taken,
      count(*) filter (where j.state = 'sent')::int as in_doubt,
      count(*) filter (where j.state = 'refused')::int as refused,
      count(*)::int as total
    from (select distinct on (device_id, direction, seq) * from journal
      where change_id = (select change_id from runs where id = ${runId}) order by device_id, direction, seq, attempt desc) j
    join devices d on d.id = j.device_id group by 1, 2 order by 1, 2`;
}

export async function listTranscript(
  ctx: Ctx,
  runId: string,
  device: string | undefined,
  offset: number,
  limit: number,
): Promise<{ entries: TranscriptEntry[]; total: number }> {
  requirePermission(ctx, "runs:read");
  await getRunRow(ctx.pool, runId);
  const pieces = await ctx.pool<
    { device: string; step: string; blob_ref: string }[]
  >`select d.name as device, t.step, t.blob_ref
    from transcripts t join devices d on d.id = t.device_id
    where t.run_id = ${runId} ${device ? ctx.pool`and d.name = ${device}` : ctx.pool``} order by t.at, t.attempt`;
  const all: TranscriptEntry[] = [];
  for (const piece of pieces)
    for (const line of (await getBlob(ctx.pool, ctx.vault, piece.blob_ref)).split("\n"))
      if (line !== "") all.push({ device: piece.device, step: piece.step, ...readEntry(line) });
  return { entries: all.slice(offset, offset + limit), total: all.length };
}

/** A transcript blob holds one JSON object a line, as the activities wrote it. */
function readEntry(line: string): Pick<TranscriptEntry, "at" | "direction" | "text"> {
  return JSON.parse(line) as Pick<TranscriptEntry, "at" | "direction" | "text">;
}

/** Stops before the next window on every device. The row alone does it: the journal asks it before each send. */
export async function pauseRun(ctx: Ctx, id: string, reason: string | undefined): Promise<Run> {
  const run = await control(ctx, id, "run.pause", reason, async (db, row) => {
    if (row.pause_requested) throw new Conflict("paused", "this run is paused already");
    await db`update runs set pause_requested = true where id = ${id}`;
    if (row.kind === "stack_deploy") await controlServices(db, id, "pause");
    await appendEvent(db, {
      runId: id,
      kind: "person",
      actor: ctx.actor.username,
      status: "paused",
      message: said("paused it", reason),
      key: `pause:${row.last_seq}`,
    });
  });
  return run;
}

export async function cancelRun(ctx: Ctx, id: string, reason: string | undefined): Promise<Run> {
  return control(ctx, id, "run.cancel", reason, async (db, row) => {
    if (row.cancel_requested) throw new Conflict("cancelled", "this run is being cancelled already");
    if (row.change_id) await requestCancel(ctx, db, await getChangeRow(db, row.change_id, { lock: true }), reason);
    else if (row.kind === "stack_deploy") await cancelDeploy(ctx, db, row, reason);
    else await requestBackupCancel(ctx, db, row, reason);
  });
}

/** Lets a paused run go on; with a device, says how an interrupted one goes on. */
export async function resumeRun(ctx: Ctx, id: string, input: StepControl): Promise<Run> {
  if (input.device !== undefined || input.choice !== undefined)
    return decideStep(ctx, id, input, input.choice ?? "verify");
  return control(ctx, id, "run.resume", input.reason, async (db, row) => {
    if (!row.pause_requested)
      throw new Conflict("not_paused", "this run is not paused; an interrupted device needs device and choice");
    await db`update runs set pause_requested = false where id = ${id}`;
    if (row.kind === "stack_deploy") await controlServices(db, id, "resume");
    await appendEvent(db, {
      runId: id,
      kind: "person",
      actor: ctx.actor.username,
      status: "running",
      message: said("resumed it", input.reason),
      key: `resume:${row.last_seq}`,
    });
  });
}

/**
 * Says how one device that waits goes on. The wish is audited first; the run's workflow accepts or refuses it, and
 * records what it accepted.
 */
export async function decideStep(ctx: Ctx, id: string, input: StepControl, choice: StepChoice): Promise<Run> {
  const device = input.device;
  if (device === undefined)
    throw new Invalid("device_missing", "device: name the device that is to go on", {
      details: [{ path: "device", message: "is missing" }],
    });
  await mutate(ctx, "runs:control", `run.${choice}`, async (db, note) => {
    const row = await getRunRow(db, id);
    if (ENDED.includes(row.status))
      throw new Conflict("run_ended", `this run has ended: ${row.status.replaceAll("_", " ")}`);
    note(id, { device, reason: input.reason ?? null });
  });
  await ctx.engine.decide(
    id,
    { device, choice, actor: ctx.actor.username, reason: input.reason ?? null, requestId: ctx.requestId },
    ctx.requestId,
  );
  return getRun(ctx, id);
}

async function control(
  ctx: Ctx,
  id: string,
  action: string,
  reason: string | undefined,
  fn: (db: Db, row: RunRow) => Promise<void>,
): Promise<Run> {
  await mutate(ctx, "runs:control", action, async (db, note) => {
    // The change's row is locked before the run's everywhere, so that two acts cannot wait for each other.
    const { change_id, kind } = await getRunRow(db, id);
    if (kind === "stack_deploy") await getDeployOfRun(db, id, { lock: true });
    if (change_id) await getChangeRow(db, change_id, { lock: true });
    const row = await getRunRow(db, id, { lock: true });
    if (ENDED.includes(row.status))
      throw new Conflict("run_ended", `this run has ended: ${row.status.replaceAll("_", " ")}`);
    await fn(db, row);
    await wantNudge(db, id);
    note(id, { reason: reason ?? null });
  });
  await afterCommit(ctx, id);
  return getRun(ctx, id);
}

const said = (what: string, reason: string | undefined): string => (reason ? `${what}: ${reason}` : what);

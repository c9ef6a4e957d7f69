import { json, type Db } from "../client.ts";

export type Direction = "apply" | "keep" | "rollback";

/** A window of lines that is about to be sent, and by what right. */
export type WindowRow = {
  change_id: string;
  device_id: string;
  run_id: string;
  direction: Direction;
  attempt: number;
  window_no: number;
  epoch: number;
  holder: string;
  /** A pause or cancel of the run stops it. */
  stoppable: boolean;
  /** Not to be begun later than this. */
  not_after: string | null;
  /** `line` masked, `hmac` as hex. */
  lines: { seq: number; line: string; hmac: string }[];
};

/** What a device answered to a line, or what is known instead. */
export type AnswerRow = {
  change_id: string;
  device_id: string;
  direction: Direction;
  seq: number;
  attempt: number;
  epoch: number;
  holder: string;
  state: "taken" | "refused" | "absent";
  answer: string | null;
};

export type WindowVerdict =
  | "committed"
  | "epoch_lost"
  | "paused"
  | "cancelled"
  | "too_late"
  | "no_read_back"
  | "duplicate";

/**
 * One statement for the windows of many devices: stores the answers to the windows before, and inserts the rows of each
 * new window only if its lock is held now by this epoch and holder, its run goes on, and an attempt after the first has
 * the record of a read-back before it. What it gives back is committed.
 */
export async function commitWindows(
  db: Db,
  windows: readonly WindowRow[],
  answers: readonly AnswerRow[],
): Promise<WindowVerdict[]> {
  const numbered = windows.map((w, n) => ({ ...w, n }));
  const rows = await db<{ n: number; verdict: WindowVerdict; wanted: number; stored: number }[]>`
    with answered as (
      update journal j set state = a.state, answer = a.answer, answered_at = clock_timestamp()
      from jsonb_to_recordset(${json(db, answers)}) as a(change_id uuid, device_id uuid, direction text, seq int, attempt int, epoch bigint, holder text, state text, answer text)
      where j.change_id = a.change_id and j.device_id = a.device_id and j.direction = a.direction and j.seq = a.seq and j.attempt = a.attempt
        and j.epoch = a.epoch and j.holder = a.holder and j.state = 'sent'
    ), wanted as (
      select * from jsonb_to_recordset(${json(db, numbered)}) as w(n int, change_id uuid, device_id uuid, run_id uuid, direction text, attempt int,
        window_no int, epoch bigint, holder text, stoppable boolean, not_after timestamptz, lines jsonb)
    ), line as (
      select w.n, l.* from wanted w, jsonb_to_recordset(w.lines) as l(seq int, line text, hmac text)
    ), known as (
      -- The limit keeps this a look into the index for each line: as a join it would be planned as one read of the whole journal.
      select distinct x.n from line x join wanted w on w.n = x.n cross join lateral (
        select 1 from journal j where j.change_id = w.change_id and j.device_id = w.device_id and j.direction = w.direction
          and j.seq = x.seq and j.attempt = w.attempt limit 1
      ) k
    ), judged as (
      select w.*, case
          when l.run_id is distinct from w.run_id or l.epoch is distinct from w.epoch or l.holder is distinct from w.holder
            or l.expires_at is null or l.expires_at <= clock_timestamp() then 'epoch_lost'
          when r.id is null or (w.stoppable and r.cancel_requested) then 'cancelled'
          when w.stoppable and r.pause_requested then 'paused'
          when w.not_after < clock_timestamp() then 'too_late'
          when w.attempt > 1 and not exists (select 1 from read_backs b where b.change_id = w.change_id and b.device_id = w.device_id
            and b.direction = w.direction and b.attempt = w.attempt - 1) then 'no_read_back'
          when exists (select 1 from known k where k.n = w.n) then 'duplicate'
          else 'committed' end as verdict
      from wanted w left join device_locks l on l.device_id = w.device_id left join runs r on r.id = w.run_id
    ), stored as (
      insert into journal (change_id, device_id, direction, seq, attempt, run_id, window_no, epoch, holder, line, line_hmac)
      select g.change_id, g.device_id, g.direction, x.seq, g.attempt, g.run_id, g.window_no, g.epoch, g.holder, x.line, decode(x.hmac, 'hex')
      from judged g join line x on x.n = g.n where g.verdict = 'committed'
      on conflict do nothing
      returning change_id, device_id, direction, attempt, window_no
    ), counted as (
      select change_id, device_id, direction, attempt, window_no, count(*)::int as stored from stored group by 1, 2, 3, 4, 5
    )
    select g.n, g.verdict, jsonb_array_length(g.lines) as wanted, coalesce(c.stored, 0) as stored
    from judged g left join counted c on c.change_id = g.change_id and c.device_id = g.device_id and c.direction = g.direction
      and c.attempt = g.attempt and c.window_no = g.window_no
    order by g.n`;
  // Somebody else inserted the same key at the same moment: then it is not ours to send.
  return rows.map((row) => (row.verdict === "committed" && row.stored !== row.wanted ? "duplicate" : row.verdict));
}

export type JournalState = {
  seq: number;
  attempt: number;
  window_no: number;
  state: "sent" | "taken" | "refused" | "present" | "absent";
  line: string;
  line_hmac: Buffer;
  answer: string | null;
};

/** The newest word on each line of one device and direction, in order. */
export async function newestRows(
  db: Db,
  where: { changeId: string; deviceId: string; direction: Direction },
): Promise<JournalState[]> {
  return db<JournalState[]>`
    select distinct on (seq) seq, attempt, window_no, state, line, line_hmac, answer from journal
    where change_id = ${where.changeId} and device_id = ${where.deviceId} and direction = ${where.direction} order by seq, attempt desc`;
}

/** How long ago, in seconds, the first line of one direction was committed for sending to a device. */
export async function secondsSinceBegun(
  db: Db,
  where: { changeId: string; deviceId: string; direction: Direction },
): Promise<number> {
  const [row] = await db<{ seconds: number | null }[]>`
    select extract(epoch from clock_timestamp() - min(sent_at))::float8 as seconds from journal
    where change_id = ${where.changeId} and device_id = ${where.deviceId} and direction = ${where.direction}`;
  return row?.seconds ?? 0;
}

/** Has a line of this change, to whatever device, been committed for sending? */
export async function hasBegun(db: Db, changeId: string): Promise<boolean> {
  const rows = await db`select 1 from journal where change_id = ${changeId} and direction = 'apply' limit 1`;
  return rows.length > 0;
}

/** Does the journal know of a line that may be on the device? What was refused or thrown away is not. */
export async function mayBeThere(
  db: Db,
  { changeId, deviceId }: { changeId: string; deviceId: string },
  direction: Direction,
): Promise<boolean> {
  const rows =
    await db`select 1 from journal where change_id = ${changeId} and device_id = ${deviceId} and direction = ${direction}
    and state in ('sent', 'taken', 'present') limit 1`;
  return rows.length > 0;
}

/** What a read-back found about lines whose answer nobody knows. */
export async function settleRows(
  db: Db,
  where: { changeId: string; deviceId: string; direction: Direction },
  found: readonly { seq: number; attempt: number; state: "present" | "absent" }[],
): Promise<void> {
  if (found.length === 0) return;
  await db`update journal j set state = f.state, answered_at = clock_timestamp()
    from jsonb_to_recordset(${json(db, found)}) as f(seq int, attempt int, state text)
    where j.change_id = ${where.changeId} and j.device_id = ${where.deviceId} and j.direction = ${where.direction} and j.seq = f.seq and j.attempt = f.attempt`;
}

/** Tells listeners that these runs have something new. */
export async function notifyRuns(db: Db, runIds: readonly string[]): Promise<void> {
  await db`select pg_notify('run_progress', id) from unnest(${[...runIds]}::text[]) as t(id)`;
}

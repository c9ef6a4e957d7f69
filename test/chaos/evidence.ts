import type { Pool } from "../../db/client.ts";
import type { NamedError, RunStatus, StepStatus } from "../../domain/contract/run.ts";
import type { StoredEvent } from "../../domain/run/fold.ts";
import type { LedgerEntry } from "../../lab/ledger.ts";
import type { RouterState } from "../../lab/control.ts";
import type { Rig } from "./rig.ts";

export type JournalRow = {
  change_id: string;
  run_id: string;
  device_id: string;
  direction: "apply" | "keep" | "rollback";
  seq: number;
  attempt: number;
  window_no: number;
  epoch: number;
  holder: string;
  line: string;
  state: "sent" | "taken" | "refused" | "present" | "absent";
  answer: string | null;
  sent_at: Date;
};
export type RunRow = {
  id: string;
  title: string;
  change_id: string;
  status: RunStatus;
  message: string | null;
  started_at: Date | null;
  completed_at: Date | null;
  error: NamedError | null;
  last_seq: number;
};
export type StepRow = {
  run_id: string;
  step: string;
  device: string;
  attempt: number;
  status: StepStatus;
  message: string | null;
  error: NamedError | null;
  started_at: Date | null;
  completed_at: Date | null;
};
export type EventRow = StoredEvent & { run_id: string; seq: number };

/** What one router says itself: everything that reached it, and its config at the end. */
export type RouterWord = { router: RouterState; deviceId: string; ledger: LedgerEntry[]; running: string };

/** All that the checks look at, read when nothing runs any more. */
export type Evidence = {
  runs: RunRow[];
  steps: StepRow[];
  events: EventRow[];
  journal: JournalRow[];
  /** Devices that the approved plan sends something to, as `change device`: others could not be read when it was planned. */
  planned: string[];
  /** Locks that somebody still holds, and places in queues that somebody still has. */
  held: string[];
  queued: number;
  routers: RouterWord[];
};

export async function collect(rig: Rig, since: ReadonlyMap<string, number>): Promise<Evidence> {
  const db: Pool = rig.pool();
  const devices = await db<{ id: string; name: string }[]>`select id, name from devices`;
  const runs = await db<
    RunRow[]
  >`select id, title, change_id, status, message, started_at, completed_at, error, last_seq
    from runs where title like 'chaos %' order by created_at`;
  const ids = runs.map(({ id }) => id);
  const routers = await Promise.all(
    rig.routers.map(async (router): Promise<RouterWord> => ({
      router,
      deviceId: devices.find(({ name }) => name === rig.deviceAt(router.name))?.id ?? "",
      ledger: await rig.product.lab.ledger(router.name, since.get(router.name)),
      running: (await rig.product.lab.running(router.name)).running,
    })),
  );
  const held = await db<{ name: string }[]>`select d.name from device_locks l join devices d on d.id = l.device_id
    where l.run_id is not null or l.expires_at > now()`;
  const [queue] = await db<{ n: number }[]>`select count(*)::int as n from device_lock_queue`;
  const planned = await db<{ change_id: string; device_id: string }[]>`
    select c.id as change_id, t->>'device_id' as device_id from changes c join plans p on p.id = c.plan_id
    cross join jsonb_array_elements(p.body->'targets') t where c.run_id = any(${ids}) and t->>'state' = 'planned'`;
  return {
    runs,
    steps: await db<StepRow[]>`select run_id, step, device, attempt, status, message, error, started_at, completed_at
      from run_steps where run_id = any(${ids})`,
    events: await db<EventRow[]>`select run_id, seq, at, kind, step, device, attempt, status, message, error
      from run_events where run_id = any(${ids}) order by run_id, seq`,
    journal: await db<
      JournalRow[]
    >`select change_id, run_id, device_id, direction, seq, attempt, window_no, epoch, holder, line, state, answer, sent_at
      from journal where run_id = any(${ids}) order by sent_at, seq`,
    planned: planned.map(({ change_id, device_id }) => `${change_id} ${device_id}`),
    held: held.map(({ name }) => name),
    queued: queue?.n ?? 0,
    routers,
  };
}

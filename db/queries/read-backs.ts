import { json, type Db } from "../client.ts";
import type { Direction } from "./journal.ts";

/** What an attempt was found to have done: the record without which the next attempt is refused. */
export type ReadBack = {
  changeId: string;
  deviceId: string;
  direction: Direction;
  attempt: number;
  epoch: number;
  /** The config that was read, as a blob; null where the answers alone told everything. */
  configRef: string | null;
  result: unknown;
};

const values = (db: Db, r: ReadBack) => db`(change_id, device_id, direction, attempt, epoch, config_ref, result)
    values (${r.changeId}, ${r.deviceId}, ${r.direction}, ${r.attempt}, ${r.epoch}, ${r.configRef}, ${json(db, r.result)})
    on conflict (change_id, device_id, direction, attempt)`;

/** A read-back that is repeated says it anew: nothing was sent in between. */
export async function putReadBack(db: Db, r: ReadBack): Promise<void> {
  await db`insert into read_backs ${values(db, r)} do update
    set epoch = excluded.epoch, config_ref = excluded.config_ref, result = excluded.result, at = now()`;
}

/** Records that the answers alone tell what an attempt did, where nothing was read back. */
export async function putAnswered(db: Db, r: ReadBack): Promise<void> {
  await db`insert into read_backs ${values(db, r)} do nothing`;
}

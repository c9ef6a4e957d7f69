import type { PlatformId } from "../domain/contract/device.ts";
import { Conflict, Invalid, NotFound, Unprocessable } from "../domain/contract/errors.ts";
import type { Run } from "../domain/contract/run.ts";
import { languages } from "../domain/platforms/index.ts";
import type { Db } from "../db/client.ts";
import { insertResults } from "../db/queries/backup-results.ts";
import { findDevicesByName, listNamedDevices, type NamedDevice } from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { insertRun } from "../db/queries/runs.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { idempotent, type IdempotencyClaim } from "./idempotency.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { afterCommit } from "./nudge.ts";
import { appendEvent } from "./run-events.ts";
import { getRun } from "./runs.ts";

export const hasNoConfig = (platform: PlatformId): boolean => languages[platform].config.style === "none";

type Wanted = { devices: NamedDevice[]; title: string };

/** One device, now. One that is disabled, or has nothing to back up, is told at once. */
export const backUpOne = (ctx: Ctx, name: string, claim: IdempotencyClaim | null): Promise<Run> =>
  start(ctx, claim, async (db) => {
    const [device] = await named(db, [name], () => "device_name");
    if (!device) throw new NotFound("device", name);
    if (!device.enabled)
      throw new Conflict(
        "device_disabled",
        `${device.name} is disabled (${device.disabled_reason ?? "no reason given"}); enable it first`,
      );
    if (hasNoConfig(device.device_type))
      throw new Unprocessable(
        "unsupported",
        `${device.name} is a ${device.device_type} device, whose platform has no running configuration to back up`,
      );
    return { devices: [device], title: `Back up ${device.name}` };
  });

/** Several, each once. Disabled ones are in the run, and skipped there. */
export const backUpSelected = (
  ctx: Ctx,
  { devices, title }: { devices: readonly string[]; title?: string | undefined },
  claim: IdempotencyClaim | null,
): Promise<Run> =>
  start(ctx, claim, async (db) => {
    const found = await named(db, devices, (i) => `devices[${i}]`);
    return { devices: found, title: title ?? `Back up ${count(found.length)}` };
  });

export const backUpAll = (ctx: Ctx, title: string | undefined, claim: IdempotencyClaim | null): Promise<Run> =>
  start(ctx, claim, async (db) => {
    const devices = await listNamedDevices(db);
    if (devices.length === 0)
      throw new Unprocessable("nothing_to_back_up", "there is no device to back up; add one first");
    return { devices, title: title ?? `Back up all ${count(devices.length)}` };
  });

const count = (n: number): string => `${n} ${n === 1 ? "device" : "devices"}`;

/** The devices that names or ids mean, each once; throws Invalid for those that mean none. */
async function named(db: Db, wanted: readonly string[], path: (i: number) => string): Promise<NamedDevice[]> {
  const known = new Map<string, NamedDevice>();
  for (const device of await findDevicesByName(db, wanted)) {
    known.set(device.id, device);
    known.set(device.name.toLowerCase(), device);
  }
  const details = wanted.flatMap((called, i) =>
    known.has(called.toLowerCase())
      ? []
      : [{ path: path(i), code: "device_unknown", message: `there is no device ${JSON.stringify(called)}` }],
  );
  const [first] = details;
  if (first) throw new Invalid("device_unknown", `${first.path}: ${first.message}`, { details });
  return [...new Set(wanted.flatMap((called) => known.get(called.toLowerCase()) ?? []))];
}

/** Keeps the run with its devices, then starts it. The same idempotency key gives the same run. */
async function start(ctx: Ctx, claim: IdempotencyClaim | null, want: (db: Db) => Promise<Wanted>): Promise<Run> {
  // The answer is the run: whoever may not see it is told so before anything is begun.
  requirePermission(ctx, "runs:read");
  const runId = await mutate(ctx, "backups:run", "backup.start", async (db, note) => {
    const make = async (): Promise<string> => {
      const { devices, title } = await want(db);
      const id = newId();
      await insertRun(db, { id, kind: "backup", title, changeId: null, startedBy: ctx.actor.username });
      await insertResults(db, id, devices);
      await appendEvent(db, {
        runId: id,
        kind: "person",
        actor: ctx.actor.username,
        message: `asked for a backup of ${devices.length === 1 ? (devices[0]?.name ?? "") : count(devices.length)}`,
        key: "created",
      });
      note(id, { title, devices: devices.length });
      return id;
    };
    const made = claim ? await idempotent(ctx, db, claim, make) : await make();
    note(made);
    return made;
  });
  await afterCommit(ctx, runId);
  await notifyHint(ctx.pool, "runs", runId);
  return getRun(ctx, runId);
}

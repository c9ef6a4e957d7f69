import type { Enrolment } from "../domain/contract/device.ts";
import { Conflict, NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { lockDevices, type StoredDevice } from "../db/queries/device-rows.ts";
import { notifyHint } from "../db/queries/hints.ts";
import {
  acceptOfferedKey,
  acceptedKey,
  insertEnrolment,
  offeredKeys,
  type StoredKey,
} from "../db/queries/host-keys.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";
import type { Ctx } from "./context.ts";
import { mutate } from "./mutate.ts";

export type Refused = { device: string; code: string; message: string };
type Asked = Enrolment["devices"][number];

/**
 * One decision of one person over the keys that devices showed: each is accepted only with the fingerprint that stands
 * on record as offered, so that nobody accepts a key which they were not shown.
 */
export async function enrolHostKeys(
  ctx: Ctx,
  { devices, reason }: Enrolment,
): Promise<{ accepted: string[]; refused: Refused[] }> {
  const { accepted, refused } = await mutate(ctx, "host-keys:accept", "host_key.accept", async (db, note) => {
    const { keys, refused } = await sortOut(db, devices);
    if (keys.length > 0) await enrol(db, ctx.vault, ctx.actor.username, reason ?? null, keys);
    note(keys.length === 1 ? (keys[0]?.device.name ?? null) : null, {
      accepted: keys.map(({ device, key, replaces }) => ({
        device: device.name,
        fingerprint: key.fingerprint,
        replaces,
      })),
      refused: refused.map(({ device, code }) => ({ device, code })),
      reason: reason ?? null,
    });
    return { accepted: keys.map(({ device }) => device), refused };
  });
  for (const device of accepted) await notifyHint(ctx.pool, "devices", device.id);
  return { accepted: accepted.map((d) => d.name), refused };
}

/** As enrolHostKeys, for one device: what would be refused is thrown. */
export async function acceptHostKey(
  ctx: Ctx,
  device: string,
  fingerprint: string,
  reason: string | undefined,
): Promise<void> {
  const { refused } = await enrolHostKeys(ctx, { devices: [{ device, fingerprint }], reason });
  const [no] = refused;
  if (no) throw no.code === "not_found" ? new NotFound("device", device) : new Conflict(no.code, no.message);
}

type Enrolled = { device: StoredDevice; key: StoredKey; replaces: string | null };

async function sortOut(db: Db, asked: readonly Asked[]): Promise<{ keys: Enrolled[]; refused: Refused[] }> {
  const known = await lockDevices(
    db,
    asked.map((a) => a.device),
  );
  const offered = await offeredKeys(
    db,
    known.map((d) => d.id),
  );
  const keys = new Map<string, Enrolled>();
  const refused: Refused[] = [];
  for (const { device: called, fingerprint } of asked) {
    const device = known.find((d) => d.id === called.toLowerCase() || d.name.toLowerCase() === called.toLowerCase());
    const refuse = (code: string, message: string) => refused.push({ device: device?.name ?? called, code, message });
    if (!device) {
      refuse("not_found", `there is no device ${JSON.stringify(called)}`);
      continue;
    }
    const accepted = await acceptedKey(db, device.id);
    const key = offered.get(device.id);
    // Accepted already, by this request's twin: the same answer.
    if (accepted?.fingerprint === fingerprint && key === undefined) continue;
    if (!key)
      refuse("host_key_not_offered", `${device.name} has shown no key that waits for a decision; test it first`);
    else if (key.fingerprint !== fingerprint)
      refuse(
        "host_key_other",
        `${device.name} now shows ${key.fingerprint}, not the fingerprint given; compare it with the device again`,
      );
    else keys.set(device.id, { device, key, replaces: accepted?.fingerprint ?? null });
  }
  return { keys: [...keys.values()], refused };
}

async function enrol(
  db: Db,
  vault: Vault,
  username: string,
  reason: string | null,
  keys: readonly Enrolled[],
): Promise<void> {
  const id = newId();
  const at = new Date().toISOString();
  const what = keys.map(({ device, key }) => `${device.id} ${key.algorithm} ${key.fingerprint}`).sort();
  await insertEnrolment(db, {
    id,
    acceptedBy: username,
    reason,
    devices: keys.length,
    hmac: vault.hmac("enrolment", id, username, reason ?? "", at, ...what),
    at,
  });
  for (const { key } of keys) await acceptOfferedKey(db, key, { username, enrolmentId: id });
}

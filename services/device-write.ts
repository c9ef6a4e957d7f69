import type { DevicePatch } from "../domain/contract/device.ts";
import { Conflict, Forbidden, Invalid, type ErrorDetail } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { clearRefusals, credentialExists } from "../db/queries/credentials.ts";
import {
  forgetDeviceState,
  heldDevices,
  insertDevice,
  jumpChain,
  nameTakenBy,
  updateDevice,
  type DeviceWrite,
  type StoredDevice,
} from "../db/queries/device-rows.ts";
import { findDevicesByName, looksLikeId } from "../db/queries/devices.ts";
import type { Ctx } from "./context.ts";
import { sealSecrets, touchesSecrets } from "./device-secrets.ts";
import { overlay } from "./override-overlay.ts";

/** Who answers at that address, and as what: not to be changed under a run, nor on a virtual router. */
const WHO_ANSWERS = ["host", "port", "device_type", "jump_device_id"] as const;
const MOST_JUMPS = 3;
/** What stands in the API's paths where a device's name may stand. */
const RESERVED = ["bulk", "export", "facets", "import"];

/** A device out of nothing: what NewDevice leaves out. */
export const blankDevice = (id: string): StoredDevice => ({
  id,
  name: "",
  host: "",
  port: 22,
  device_type: "linux",
  site: null,
  tags: [],
  description: "",
  username: null,
  sealed: null,
  has_password: false,
  has_enable_password: false,
  has_private_key: false,
  credential_id: null,
  jump_device_id: null,
  weak_algorithms: [],
  timeouts: {},
  enabled: true,
  disabled_reason: null,
  disabled_until: null,
  disabled_by: null,
  is_lab: false,
});

/** Checks and writes one device; gives the names of the fields that changed. Throws what is wrong, field by field. */
export async function writeDevice(
  db: Db,
  ctx: Pick<Ctx, "vault" | "actor">,
  before: StoredDevice,
  patch: DevicePatch,
  how: "insert" | "update",
): Promise<string[]> {
  const after = await applyPatch(db, ctx, before, patch);
  const changed = changedFields(before, after, patch);
  if (how === "insert") {
    const other = await insertDevice(db, after);
    if (other !== undefined) throw nameTaken(after.name, other);
    return changed;
  }
  if (changed.length === 0) return changed;
  const moved = WHO_ANSWERS.filter((field) => before[field] !== after[field]);
  if (moved.length > 0) await refuseToMove(db, before, moved);
  if (changed.includes("name")) {
    const other = await nameTakenBy(db, after.name, after.id);
    if (other !== undefined) throw nameTaken(after.name, other);
  }
  await updateDevice(db, after);
  await overlay(db, ctx.vault, after);
  if (moved.length > 0) await forgetDeviceState(db, after.id);
  if (touchesSecrets(patch) || changed.includes("username")) await clearRefusals(db, `device:${after.id}`);
  return changed;
}

async function applyPatch(
  db: Db,
  { vault, actor }: Pick<Ctx, "vault" | "actor">,
  before: StoredDevice,
  patch: DevicePatch,
): Promise<StoredDevice> {
  if (patch.host !== undefined && patch.ip_address !== undefined)
    throw wrong("host", "host_missing", "give the address once, as host");
  if (patch.name !== undefined && RESERVED.includes(patch.name.toLowerCase()))
    throw wrong("name", "name_reserved", "is a word of the API's own paths; choose another name");
  if (patch.name !== undefined && looksLikeId(patch.name))
    throw wrong("name", "name_is_id", "has the form of an id; choose a name that people can tell from one");
  if (patch.credential_id && !(await credentialExists(db, patch.credential_id)))
    throw wrong(
      "credential_id",
      "credential_unknown",
      `there is no credential ${patch.credential_id}; choose one of the list of credentials`,
    );
  const enabled = patch.enabled ?? before.enabled;
  const reason = patch.disabled_reason === undefined ? before.disabled_reason : patch.disabled_reason;
  if (!enabled && (reason === null || reason.trim() === ""))
    throw wrong("disabled_reason", "reason_missing", "say why the device is disabled, for those who wonder later");
  if (!enabled && patch.disabled_until && Date.parse(patch.disabled_until) <= Date.now())
    throw wrong("disabled_until", "time_past", "lies in the past; give a time to come, or null");
  return {
    ...before,
    name: patch.name ?? before.name,
    host: patch.host ?? patch.ip_address ?? before.host,
    port: patch.port ?? before.port,
    device_type: patch.device_type ?? before.device_type,
    site: given(patch.site, before.site),
    tags: patch.tags === undefined ? before.tags : [...new Set(patch.tags)],
    description: patch.description ?? before.description,
    username: given(patch.username, before.username),
    credential_id: given(patch.credential_id, before.credential_id),
    jump_device_id:
      patch.jump_device === undefined ? before.jump_device_id : await jumpDevice(db, before.id, patch.jump_device),
    weak_algorithms: patch.weak_algorithms === undefined ? before.weak_algorithms : [...new Set(patch.weak_algorithms)],
    timeouts: patch.timeouts ?? before.timeouts,
    enabled,
    disabled_reason: enabled ? null : reason,
    disabled_until: enabled ? null : given(dateOf(patch.disabled_until), before.disabled_until),
    disabled_by: enabled
      ? null
      : before.enabled || reason !== before.disabled_reason
        ? actor.username
        : before.disabled_by,
    ...(await sealSecrets(vault, `device:${before.id}`, before, patch)),
  };
}

const dateOf = (at: string | null | undefined): Date | null | undefined =>
  at === null || at === undefined ? at : new Date(at);
const given = <T>(value: T | undefined, before: T): T => (value === undefined ? before : value);

async function jumpDevice(db: Db, deviceId: string, name: string | null): Promise<string | null> {
  if (name === null) return null;
  const [jump] = await findDevicesByName(db, [name]);
  if (!jump)
    throw wrong("jump_device", "jump_device_unknown", `there is no device ${JSON.stringify(name)} to jump through`);
  const chain = await jumpChain(db, jump.id);
  if (chain.includes(deviceId))
    throw wrong("jump_device", "jump_device_loop", `${jump.name} is reached through this device itself`);
  if (chain.length > MOST_JUMPS)
    throw wrong(
      "jump_device",
      "jump_device_loop",
      `${jump.name} is itself behind ${chain.length - 1} others; at most ${MOST_JUMPS} in a row are followed`,
    );
  return jump.id;
}

function changedFields(before: StoredDevice, after: DeviceWrite, patch: DevicePatch): string[] {
  const plain = Object.keys(before).filter(
    (k): k is keyof DeviceWrite => k !== "sealed" && k !== "is_lab" && !k.startsWith("has_"),
  );
  const changed: string[] = plain.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const secrets = (["password", "enable_password", "private_key", "passphrase"] as const).filter(
    (name) => patch[name] !== undefined,
  );
  return [...changed, ...secrets];
}

/**
 * A lab device may be decided on by whoever asked, since nothing real is behind it: so nothing real may be put behind
 * it. And what a run was approved for must not move while the run holds it.
 */
export async function refuseToMove(db: Db, device: StoredDevice, moved: readonly string[]): Promise<void> {
  if (device.is_lab)
    throw new Forbidden(
      "lab_device_fixed",
      `${device.name} is a virtual router of the lab: its address and type are fixed; add a device of your own instead`,
    );
  const holder = (await heldDevices(db, [device.id])).get(device.id);
  if (holder)
    throw new Conflict(
      "device_busy",
      `the run ${JSON.stringify(holder.title)} (${holder.run_id}) holds ${device.name}; change ${moved.map(fieldName).join(", ")} when it has ended`,
      {
        details: moved.map((field) => ({
          path: fieldName(field),
          code: "device_busy",
          message: `cannot change while run ${holder.run_id} holds the device`,
        })),
      },
    );
}

const fieldName = (column: string): string => (column === "jump_device_id" ? "jump_device" : column);

function nameTaken(name: string, other: string): Conflict {
  const detail: ErrorDetail = {
    path: "name",
    code: "device_exists",
    message: `is the name of the device ${other}; choose another, or change that one`,
  };
  return new Conflict(
    "device_exists",
    `there is already a device ${name} (id ${other}); choose another name, or change that one`,
    { details: [detail] },
  );
}

const wrong = (path: string, code: string, message: string): Invalid =>
  new Invalid(code, `${path}: ${message}`, { details: [{ path, code, message }] });

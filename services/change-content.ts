import type { Check, NewChange } from "../domain/contract/change.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import { Invalid, type ErrorDetail } from "../domain/contract/errors.ts";
import { cutSecrets } from "../domain/config/secrets.ts";
import { parseLines } from "../domain/config/lines.ts";
import { parseRead } from "../domain/read/parse-read.ts";
import type { Db } from "../db/client.ts";
import type { ChangeContent } from "../db/queries/changes.ts";
import { putSecret, secretRef } from "../db/queries/secrets.ts";
import { findDevicesByName } from "../db/queries/devices.ts";
import type { Vault } from "../system/vault.ts";

const DEFAULT_CONFIRM_MINUTES = 5;
/** One workflow carries the devices of one change; its history stays below 8,000 events up to here. */
const MAX_DEVICES = 200;

type Known = { id: string; name: string; device_type: PlatformId; enabled: boolean; disabled_reason: string | null };

/**
 * What was asked for, made into what is kept: devices found, lines cleaned of what is ours to send, secrets cut out and
 * sealed. Throws Invalid with every fault at its place.
 */
export async function readContent(
  db: Db,
  vault: Vault,
  input: Pick<NewChange, "targets" | "verify" | "on_interrupted" | "window" | "confirm_minutes">,
): Promise<ChangeContent> {
  if (input.targets.length > MAX_DEVICES)
    throw new Invalid("too_many_devices", `a change may hold at most ${MAX_DEVICES} devices; split it`, {
      details: [{ path: "targets", message: `${input.targets.length} devices` }],
    });
  const known = new Map(
    (
      await findDevicesByName(
        db,
        input.targets.map((t) => t.device),
      )
    ).map((d) => [d.name.toLowerCase(), d]),
  );
  const faults: ErrorDetail[] = [];
  const secrets = new Set<string>();
  const seen = new Set<string>();
  const targets = input.targets.flatMap((target, i) => {
    const device = known.get(target.device.toLowerCase());
    const fault = deviceFault(target.device, device, seen.has(target.device.toLowerCase()));
    seen.add(target.device.toLowerCase());
    if (!device || fault) {
      faults.push({ path: `targets[${i}].device`, ...(fault ?? { code: "device_unknown", message: "is unknown" }) });
      return [];
    }
    const { lines, problems } = parseLines(device.device_type, target.lines);
    faults.push(...problems.map((p) => ({ ...p, path: `targets[${i}].${p.path}` })));
    const cut = cutSecrets(device.device_type, lines, (value) => {
      secrets.add(value);
      return secretRef(vault, value);
    });
    if (problems.length === 0 && cut.length === 0)
      faults.push({ path: `targets[${i}].lines`, code: "lines_empty", message: "holds no line to send" });
    return [{ device_id: device.id, device: device.name, lines: cut }];
  });
  const platforms = new Map([...known.values()].map((d) => [d.name.toLowerCase(), d.device_type]));
  (input.verify ?? []).forEach((check, i) => faults.push(...checkFaults(check, i, platforms)));
  checkWindow(input.window, faults);
  const [first] = faults;
  if (first)
    throw new Invalid(faults.length === 1 ? (first.code ?? "invalid") : "invalid", `${first.path}: ${first.message}`, {
      details: faults,
    });
  for (const value of secrets) await putSecret(db, vault, value, "config_line");
  return {
    targets,
    verify: input.verify ?? [],
    on_interrupted: input.on_interrupted ?? "ask",
    window: input.window ?? null,
    confirm_minutes: input.confirm_minutes ?? DEFAULT_CONFIRM_MINUTES,
  };
}

function deviceFault(name: string, device: Known | undefined, twice: boolean): Omit<ErrorDetail, "path"> | undefined {
  if (twice) return { code: "device_twice", message: `${name} stands here twice; put its lines together` };
  if (!device) return { code: "device_unknown", message: `there is no device ${JSON.stringify(name)}` };
  if (!device.enabled)
    return {
      code: "device_disabled",
      message: `${device.name} is disabled (${device.disabled_reason ?? "no reason given"}); enable it or leave it out`,
    };
  return undefined;
}

function checkFaults(check: Check, index: number, platforms: Map<string, PlatformId>): ErrorDetail[] {
  const path = `verify[${index}]`;
  if (check.device !== undefined && !platforms.has(check.device.toLowerCase()))
    return [
      {
        path: `${path}.device`,
        code: "device_unknown",
        message: `${check.device} is not one of this change's devices`,
      },
    ];
  const on =
    check.device === undefined
      ? [...new Set(platforms.values())]
      : [platforms.get(check.device.toLowerCase()) ?? "linux"];
  // A check for all devices has to be a read on each of their platforms, else its device must be named.
  return on.flatMap((platform) => {
    try {
      parseRead(platform, check.command);
      return [];
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return [{ path: `${path}.command`, code: error.code, message: error.message }];
    }
  });
}

function checkWindow(window: NewChange["window"], faults: ErrorDetail[]): void {
  if (window && Date.parse(window.from) >= Date.parse(window.to))
    faults.push({ path: "window.to", code: "window_empty", message: "must be later than window.from" });
}

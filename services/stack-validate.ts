import { DeviceFailure } from "../domain/contract/errors.ts";
import type { StackCheck, StackValidation } from "../domain/contract/stack.ts";
import { parseConfig } from "../domain/config/parse.ts";
import { lackingLines } from "../domain/stack/holds.ts";
import { getBlob } from "../db/queries/blobs.ts";
import { listNamedDevices, type NamedDevice } from "../db/queries/devices.ts";
import { getStackRow, listOwned, type OwnedRow } from "../db/queries/stacks.ts";
import type { Ctx } from "./context.ts";
import { requirePermission } from "./mutate.ts";

/** Devices that are read at once. */
const AT_ONCE = 8;

/** Reads every device that the stack has put lines on, and compares them section by section with what the stack owns there; `only`: one of them. */
export async function validateStack(ctx: Ctx, idOrName: string, only?: string): Promise<StackValidation> {
  requirePermission(ctx, "changes:read");
  requirePermission(ctx, "devices:read");
  const stack = await getStackRow(ctx.pool, idOrName);
  const all = await listOwned(ctx.pool, [stack.id]);
  const owned = only === undefined ? all : all.filter((o) => o.device === only);
  const known = new Map((await listNamedDevices(ctx.pool)).map((d) => [d.id, d]));
  const byDevice = [...Map.groupBy(owned, (o) => o.device_id)];
  const checks: StackCheck[] = [];
  const lanes = Array.from({ length: Math.min(AT_ONCE, byDevice.length) }, async () => {
    for (let next = byDevice.shift(); next !== undefined; next = byDevice.shift()) {
      const device = known.get(next[0]);
      if (device) checks.push(...(await checkDevice(ctx, device, next[1])));
    }
  });
  await Promise.all(lanes);
  const there = new Set(all.map((o) => `${o.service}\u0000${o.device.toLowerCase()}`));
  return {
    valid: checks.every((c) => c.state === "holds"),
    checked_at: new Date().toISOString(),
    checks: checks.sort((a, b) => a.device.localeCompare(b.device) || a.service.localeCompare(b.service)),
    not_deployed: stack.definition.services.flatMap((s) =>
      s.devices
        .filter((device) => !there.has(`${s.name}\u0000${device.toLowerCase()}`))
        .map((device) => ({ service: s.name, device })),
    ),
  };
}

async function checkDevice(ctx: Ctx, device: NamedDevice, owned: readonly OwnedRow[]): Promise<StackCheck[]> {
  const show = (of: OwnedRow, found: Pick<StackCheck, "state" | "missing" | "diff" | "error">): StackCheck => ({
    service: of.service,
    device: device.name,
    device_type: device.device_type,
    ...found,
  });
  try {
    const { ref } = await ctx.engine.readConfig(device.id);
    const actual = parseConfig(device.device_type, await getBlob(ctx.pool, ctx.vault, ref));
    const ordered = owned.toSorted((a, b) => a.position - b.position);
    return ordered.map((of, i) => {
      const later = ordered.slice(i + 1).flatMap((o) => o.lines);
      const { missing, diff } = lackingLines(device.device_type, actual, { lines: of.lines, later });
      return show(of, { state: missing === 0 ? "holds" : "drifted", missing, diff, error: null });
    });
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    const { code, message } = error;
    return owned.map((of) => show(of, { state: "unreachable", missing: 0, diff: [], error: { code, message } }));
  }
}

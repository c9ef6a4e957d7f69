import { NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { listDevicesForTemplates, type DeviceForTemplates } from "../db/queries/template-devices.ts";
import { effectiveVariables } from "./variables.ts";

/**
 * What templates know of devices, by the name that was asked for: texts of JSON objects, those that come later standing
 * before those that come earlier. `device` is always there. Secrets are `secret://` references.
 */
export async function deviceLayers(
  db: Db,
  names: readonly string[],
): Promise<Map<string, { device: DeviceForTemplates; layers: string[] }>> {
  const rows = await listDevicesForTemplates(db, names);
  const byName = new Map(rows.flatMap((d) => [[d.id, d] as const, [d.name.toLowerCase(), d] as const]));
  const found = new Map<string, { device: DeviceForTemplates; layers: string[] }>();
  for (const name of names) {
    const device = byName.get(name.toLowerCase());
    if (!device) throw new NotFound("device", name);
    const known = {
      origin: { kind: "built_in", id: device.id, name: device.name },
      variables: { device: factsOf(device) },
    } as const;
    const { values } = await effectiveVariables(db, device.id, [known]);
    found.set(name, { device, layers: [JSON.stringify(values)] });
  }
  return found;
}

/** What a device says of itself is one line of plain text here, whatever it said. */
const oneLine = (text: string | null): string | null =>
  text === null
    ? null
    : text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu, " ");

function factsOf({ id: _id, facts, ...device }: DeviceForTemplates): object {
  return {
    ...device,
    facts: facts && {
      vendor: oneLine(facts.vendor),
      os_version: oneLine(facts.os_version),
      model: oneLine(facts.model),
      serial: oneLine(facts.serial),
      hostname: oneLine(facts.hostname),
    },
  };
}

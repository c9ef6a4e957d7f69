import type { Device } from "../../domain/contract/device.ts";
import type { Db } from "../client.ts";
import { called } from "./devices.ts";

/** What a template may know of a device. */
export type DeviceForTemplates = Pick<
  Device,
  "id" | "name" | "host" | "port" | "device_type" | "site" | "tags" | "facts"
>;

export async function listDevicesForTemplates(db: Db, idsOrNames: readonly string[]): Promise<DeviceForTemplates[]> {
  return db<DeviceForTemplates[]>`
    select d.id, d.name, d.host, d.port, d.device_type, d.site, d.tags, d.facts from devices d where ${called(db, idsOrNames)}`;
}

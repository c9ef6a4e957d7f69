import { z } from "zod";
import { CSV_COLUMNS, ImportRow, type Device } from "../../domain/contract/device.ts";
import { importDevices } from "../../services/device-import.ts";
import { getOwnDevices } from "../../services/devices.ts";
import { csvHeaders, csvLine } from "../csv.ts";
import { yesOrNo } from "../query.ts";
import { route } from "../route.ts";
import { deviceFilter } from "./devices.ts";

const tag = "devices";
const PAGE = 500;

const cellsOf = (d: Device): Record<(typeof CSV_COLUMNS)[number], string | number | boolean | null> => ({
  name: d.name,
  host: d.host,
  port: d.port,
  device_type: d.device_type,
  site: d.site,
  tags: d.tags.join(" "),
  username: d.username,
  description: d.description,
  credential: d.credential_name,
  enabled: d.enabled,
});

export const deviceFileRoutes = [
  route(
    {
      method: "post",
      path: "/api/devices/import",
      access: "devices:write",
      tag,
      summary: "Add and change devices by a CSV file: all rows or none",
      query: z.strictObject({ dry_run: yesOrNo.optional() }),
      text: "text/csv",
      answer: z.object({
        rows: z.array(ImportRow),
        created: z.number().int(),
        updated: z.number().int(),
        unchanged: z.number().int(),
        errors: z.number().int(),
      }),
    },
    async ({ ctx, query, text }) => ({ data: await importDevices(ctx, text, { dryRun: query.dry_run ?? false }) }),
  ),
  route(
    {
      method: "get",
      path: "/api/devices/export",
      access: "devices:read",
      tag,
      summary: "Devices as CSV, as import reads it; without secrets",
      query: z.strictObject(deviceFilter),
      answer: "text/csv",
    },
    async ({ c, ctx, query }) => {
      const lines = [csvLine(CSV_COLUMNS)];
      for (let offset = 0; ; offset += PAGE) {
        const devices = await getOwnDevices(ctx, query, {
          limit: PAGE,
          offset,
          sort: { column: "name", descending: false },
        });
        for (const device of devices) {
          const cells = cellsOf(device);
          lines.push(csvLine(CSV_COLUMNS.map((column) => cells[column])));
        }
        if (devices.length < PAGE) return c.body(lines.join(""), 200, csvHeaders("netstacks-devices.csv"));
      }
    },
  ),
];

import { Egress } from "../domain/contract/api-resource.ts";
import { Invalid } from "../domain/contract/errors.ts";
import { parseEntry, parseList, type EgressList } from "../connectors/egress-list.ts";
import type { Db } from "../db/client.ts";
import { getSetting, putSetting } from "../db/queries/settings.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";

const KEY = "egress";

/** Nothing is allowed until somebody says so. */
async function readEgress(db: Db): Promise<Egress> {
  const stored = await getSetting(db, KEY);
  return stored === undefined ? { allow: [] } : Egress.parse(stored);
}

export const loadEgress = async (db: Db): Promise<EgressList> => parseList((await readEgress(db)).allow);

export async function getEgress(ctx: Ctx): Promise<Egress> {
  requirePermission(ctx, "settings:read");
  return readEgress(ctx.pool);
}

export async function setEgress(ctx: Ctx, { allow }: Egress): Promise<Egress> {
  const entries = [...new Set(allow.map((entry) => entry.trim()))];
  const details = allow.flatMap((entry, i) =>
    parseEntry(entry)
      ? []
      : [
          {
            path: `allow[${i}]`,
            code: "egress_entry_invalid",
            message:
              "is neither a host name (netbox.example.net, *.example.net) nor an address or network (10.1.0.0/16)",
          },
        ],
  );
  const [first] = details;
  if (first) throw new Invalid("egress_entry_invalid", `${first.path} ${first.message}`, { details });
  return mutate(ctx, "settings:write", "egress.update", async (db, note) => {
    const before = (await readEgress(db)).allow;
    await putSetting(db, KEY, { allow: entries });
    note(null, {
      added: entries.filter((e) => !before.includes(e)),
      removed: before.filter((e) => !entries.includes(e)),
    });
    return { allow: entries };
  });
}

import { getChangeRow } from "../db/queries/changes.ts";
import { getPlan } from "../db/queries/plans.ts";
import { listStackParts, type DeployRow, type ServiceStandRow } from "../db/queries/stack-deploys.ts";
import { dropOwned, putOwned } from "../db/queries/stacks.ts";
import type { Db } from "../db/client.ts";

/**
 * Writes down what services own that were kept, and that those which were taken off own nothing any more. Of a service that
 * sent nothing too: what it wants is there, and it is the one that wants it.
 */
export async function keepOwned(db: Db, deploy: DeployRow, kept: readonly ServiceStandRow[]): Promise<void> {
  const stackId = deploy.stack_id;
  if (stackId === null) return;
  for (const service of kept) {
    const [known] =
      await db`select 1 from stack_owned where stack_id = ${stackId} and change_id = ${service.change_id} limit 1`;
    if (known || service.plan_id === null) continue;
    const plan = await getPlan(db, service.plan_id);
    const targets = plan.body.targets.filter((t) => t.state !== "left_out");
    if (service.action === "remove") {
      await dropOwned(
        db,
        stackId,
        service.service,
        targets.map((t) => t.device_id),
      );
      continue;
    }
    const { content } = await getChangeRow(db, service.change_id);
    const wanted = new Map(content.targets.map((t) => [t.device_id, t]));
    const parts = new Map((await listStackParts(db, [service.change_id])).map((p) => [p.device_id, p]));
    const empty = targets.filter((t) => (wanted.get(t.device_id)?.lines ?? []).length === 0);
    await dropOwned(
      db,
      stackId,
      service.service,
      empty.map((t) => t.device_id),
    );
    await putOwned(
      db,
      targets.flatMap((target) => {
        const lines = wanted.get(target.device_id)?.lines ?? [];
        if (lines.length === 0) return [];
        return [
          {
            stack_id: stackId,
            service: service.service,
            device_id: target.device_id,
            device: target.device,
            position: service.position,
            stack_version: deploy.stack_version,
            change_id: service.change_id,
            template: service.template,
            template_version: service.template_version,
            lines,
            reverse: parts.get(target.device_id)?.reverse ?? [],
            delete_lines: wanted.get(target.device_id)?.delete_lines ?? null,
          },
        ];
      }),
    );
  }
}

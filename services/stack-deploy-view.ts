import type { StackDeploy, StackDeploySummary } from "../domain/contract/stack.ts";
import { worstRisk } from "../domain/change/risk.ts";
import type { ServiceStand } from "../domain/stack/advance.ts";
import type { Db } from "../db/client.ts";
import { getPlan } from "../db/queries/plans.ts";
import { getRunRow, type RunRow } from "../db/queries/runs.ts";
import {
  listServiceStands,
  listStackParts,
  type DeployRow,
  type ServiceStandRow,
} from "../db/queries/stack-deploys.ts";
import { factsOf } from "./stack-carry-on.ts";

export function showDeploySummary(row: DeployRow, run: RunRow): StackDeploySummary {
  return {
    id: row.id,
    run_id: row.run_id,
    stack_id: row.stack_id,
    stack_name: row.stack_name,
    stack_version: row.stack_version,
    action: row.action,
    status: row.status,
    run_status: run.status,
    message: run.message,
    on_failure: row.on_failure,
    dry_run: row.dry_run,
    hash: row.hash,
    approval_id: row.approval_id,
    requested_by: row.requested_by_name,
    error: row.error,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** A deploy with what each service sends to each device, in the order in which they go. */
export async function showDeploy(db: Db, row: DeployRow): Promise<StackDeploy> {
  const run = await getRunRow(db, row.run_id);
  const stands = await listServiceStands(db, row.id);
  const parts = await listStackParts(
    db,
    stands.map((s) => s.change_id),
  );
  const removes = new Map(parts.map((p) => [`${p.change_id} ${p.device_id}`, p.removes]));
  const names = new Map(stands.map((s) => [s.position, s.service]));
  const named = (positions: readonly number[]): string[] => positions.flatMap((p) => names.get(p) ?? []);
  const services = await Promise.all(
    stands.map(async (s): Promise<StackDeploy["services"][number]> => {
      const plan = s.plan_id === null ? undefined : await getPlan(db, s.plan_id);
      return {
        service: s.service,
        action: s.action,
        position: s.position,
        depends_on: named(s.needs),
        waits_for: named(s.after.filter((p) => !s.needs.includes(p))),
        template: s.template,
        template_version: s.template_version,
        change_id: s.change_id,
        run_id: s.run_id,
        hash: s.hash,
        state: stateOf(s),
        message: s.skipped === null ? s.run_message : `not sent: ${s.skipped}`,
        error: s.error,
        targets: (plan?.body.targets ?? []).map((t) => ({
          ...t,
          removes: removes.get(`${s.change_id} ${t.device_id}`) ?? [],
        })),
        drift: s.drift,
      };
    }),
  );
  const targets = services.flatMap((s) => s.targets).filter((t) => t.state === "planned");
  return {
    ...showDeploySummary(row, run),
    risk: targets.length === 0 ? null : worstRisk(targets.map((t) => t.risk)),
    services,
    variables: row.variables,
    fetched: row.fetched,
    added: targets.reduce((n, t) => n + t.added, 0),
    removed: targets.reduce((n, t) => n + t.removed, 0),
  };
}

const SHOWN: Record<ServiceStand, StackDeploy["services"][number]["state"]> = {
  planning: "planning",
  ready: "ready",
  unchanged: "unchanged",
  working: "working",
  held: "kept",
  kept: "kept",
  failed: "failed",
  undone: "undone",
  cancelled: "cancelled",
  skipped: "skipped",
};

function stateOf(s: ServiceStandRow): StackDeploy["services"][number]["state"] {
  const { stand } = factsOf(s);
  if (s.left_out > 0 && (stand === "ready" || stand === "unchanged")) return "unreachable";
  return stand === "kept" && s.planned === 0 && s.left_out === 0 ? "unchanged" : SHOWN[stand];
}

import { groupKey } from "../domain/change/groups.ts";
import { byRisk } from "../domain/change/risk.ts";
import { NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { getPlan, getPlanReaches, type PlanReach, type PlanRow } from "../db/queries/plans.ts";
import { getDeployRow } from "../db/queries/stack-deploys.ts";

async function plansOf(db: Db, deployId: string): Promise<{ service: string; planId: string }[]> {
  const { body } = await getDeployRow(db, deployId);
  return (body?.services ?? []).flatMap((s) =>
    s.plan_id === null
      ? []
      : [{ service: s.action === "remove" ? `${s.service} (removed)` : s.service, planId: s.plan_id }],
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What all services of a deploy touch together, without their lines. */
export async function reachOfDeploy(db: Db, deployId: string): Promise<PlanReach> {
  const ids = (await plansOf(db, deployId)).map((p) => p.planId);
  const reaches = [...(await getPlanReaches(db, ids)).values()];
  const all = (of: (r: PlanReach) => string[]): string[] => [...new Set(reaches.flatMap(of))];
  return {
    id: deployId,
    devices: all((r) => r.devices),
    sites: all((r) => r.sites),
    diffs: sum(reaches.map((r) => r.diffs)),
    added: sum(reaches.map((r) => r.added)),
    removed: sum(reaches.map((r) => r.removed)),
  };
}

/** The plans of a deploy's services as one, to be read by whoever decides: the groups in the order of the services. */
export async function planOfDeploy(db: Db, deployId: string): Promise<PlanRow> {
  const plans: PlanRow[] = [];
  const groups: PlanRow["body"]["groups"] = [];
  for (const { service, planId } of await plansOf(db, deployId)) {
    const plan = await getPlan(db, planId);
    plans.push(plan);
    for (const group of plan.body.groups)
      groups.push({ ...group, key: groupKey(groups.length), notes: [`service: ${service}`, ...group.notes] });
  }
  const [first] = plans;
  if (!first) throw new NotFound("plan of deploy", deployId);
  const [riskiest] = plans.map((p) => ({ level: p.risk, reasons: [] })).sort(byRisk);
  return {
    ...first,
    body: { ...first.body, groups, targets: plans.flatMap((p) => p.body.targets) },
    risk: riskiest?.level ?? first.risk,
    devices: [...new Set(plans.flatMap((p) => p.devices))],
    added: sum(plans.map((p) => p.added)),
    removed: sum(plans.map((p) => p.removed)),
    diffs: groups.length,
  };
}

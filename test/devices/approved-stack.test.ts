import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeployBody } from "../../domain/contract/stack.ts";
import { policy } from "../../domain/change/policy.ts";
import { deployHash } from "../../domain/stack/deploy-hash.ts";
import { json } from "../../db/client.ts";
import { insertDeploy, insertDeployService, setDeployPlan } from "../../db/queries/stack-deploys.ts";
import { newId } from "../../system/ids.ts";
import { createLabWorld, endRun, sealApproval, type Change, type LabWorld } from "./world.ts";

let w: LabWorld;
let r: string;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
  r = await w.device("lab-ams-1");
});
afterAll(() => w.stop());

type OfStack = Change & { deployId: string; deployRun: string; body: DeployBody };

/** A change that was approved as the one service of a stack: its approval is that of the deploy. */
async function approvedService(): Promise<OfStack> {
  const change = await w.approve([r], "interface GigabitEthernet0/1\n description of a stack\n");
  const [plan] = await w.pool<{ hash: string }[]>`select hash from plans where id = ${change.planId}`;
  const deployId = newId();
  const deployRun = newId();
  await w.pool`insert into runs (id, kind, title, started_by) values (${deployRun}, 'stack_deploy', 'a deploy', 'asker')`;
  await insertDeploy(w.pool, {
    id: deployId,
    run_id: deployRun,
    stack_id: null,
    stack_name: "s",
    stack_version: 1,
    action: "deploy",
    on_failure: "rollback",
    request_approval: true,
    self_approve: false,
    dry_run: false,
    reason: null,
    requested_by: w.people.asker,
    edited_by: [],
    given: {},
    variables: {},
    fetched: [],
  });
  await insertDeployService(w.pool, {
    deploy_id: deployId,
    position: 0,
    service: "one",
    action: "deploy",
    template: "t",
    template_version: 1,
    needs: [],
    after: [],
    change_id: change.changeId,
  });
  const body: DeployBody = {
    stack: "s",
    stack_version: 1,
    action: "deploy",
    on_failure: "rollback",
    services: [
      {
        service: "one",
        action: "deploy",
        position: 0,
        needs: [],
        after: [],
        template: "t",
        template_version: 1,
        change_id: change.changeId,
        plan_id: change.planId,
        plan_hash: plan?.hash ?? null,
      },
    ],
    variables: {},
    policy_version: policy.version,
  };
  await setDeployPlan(w.pool, deployId, body, deployHash(body));
  await w.pool`update approvals set kind = 'stack', deploy_id = ${deployId}, run_id = ${deployRun}, change_hash = ${deployHash(body)} where id = ${change.approvalId}`;
  await sealApproval(w, change.approvalId);
  await w.pool`update changes set origin = ${json(w.pool, { kind: "stack", change_id: null })} where id = ${change.changeId}`;
  return { ...change, deployId, deployRun, body };
}

const forgeries: [string, (of: OfStack) => Promise<unknown>, string][] = [
  [
    "was pending",
    async (of) => {
      await w.pool`update approvals set status = 'pending' where id = ${of.approvalId}`;
      await sealApproval(w, of.approvalId);
    },
    "not_approved",
  ],
  [
    "was not taken by its run",
    (of) => w.pool`update approvals set consumed_at = null where id = ${of.approvalId}`,
    "approval_not_taken",
  ],
  [
    "is for services in another order, or under another policy",
    (of) =>
      setDeployPlan(
        w.pool,
        of.deployId,
        { ...of.body, on_failure: "continue" },
        deployHash({ ...of.body, on_failure: "continue" }),
      ),
    "hash_mismatch",
  ],
  [
    "does not name this change",
    (of) =>
      setDeployPlan(
        w.pool,
        of.deployId,
        { ...of.body, services: of.body.services.map((s) => ({ ...s, change_id: newId() })) },
        deployHash(of.body),
      ),
    "hash_mismatch",
  ],
  [
    "is for another plan of this change",
    (of) =>
      setDeployPlan(
        w.pool,
        of.deployId,
        { ...of.body, services: of.body.services.map((s) => ({ ...s, plan_hash: "sha256:other" })) },
        deployHash(of.body),
      ),
    "hash_mismatch",
  ],
  [
    "says that it is one of a change",
    (of) => w.pool`update approvals set kind = 'change' where id = ${of.approvalId}`,
    "approval_other_plan",
  ],
  [
    "is that of another deploy",
    async (of) => {
      const other = await w.pool<{ id: string }[]>`select id from stack_deploys where id <> ${of.deployId} limit 1`;
      await w.pool`update approvals set deploy_id = ${other[0]?.id ?? null} where id = ${of.approvalId}`;
      await sealApproval(w, of.approvalId);
    },
    "approval_other_plan",
  ],
  [
    "was moved to another deploy past the service",
    (of) => w.pool`update approvals set deploy_id = null where id = ${of.approvalId}`,
    "approval_forged",
  ],
  [
    "was decided by who saved the stack",
    async (of) => {
      await w.pool`update approvals set excluded = ${[w.people.asker, w.people.approver]} where id = ${of.approvalId}`;
      await sealApproval(w, of.approvalId);
    },
    "four_eyes",
  ],
];

test.each(forgeries)(
  "nothing of a stack's service is sent when the approval of the deploy %s",
  async (_what, forge, code) => {
    const of = await approvedService();
    await forge(of);
    const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
    await expect(w.run(of, r, "apply")).rejects.toMatchObject({ code });
    expect(await w.sent("lab-ams-1", since)).toEqual([]);
    expect(await w.rows(of)).toEqual([]);
    await endRun(w, of);
  },
);

test("by the yes to its deploy a service is sent, also late, and taken back after it was kept", async () => {
  const of = await approvedService();
  expect(await w.run(of, r, "apply")).toMatchObject({ status: "done" });
  expect(await w.run(of, r, "keep")).toMatchObject({ status: "done" });
  expect(await w.config("lab-ams-1")).toContain("description of a stack");
  // Its time has run out by now: what was begun is finished.
  await w.pool`update approvals set valid_until = now() - interval '1 hour' where id = ${of.approvalId}`;
  await sealApproval(w, of.approvalId);
  expect(await w.run(of, r, "rollback")).toMatchObject({ status: "done" });
  expect(await w.config("lab-ams-1")).not.toContain("description of a stack");
  await endRun(w, of);
});

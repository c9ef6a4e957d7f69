import { Conflict, Invalid, Unprocessable, type ErrorDetail } from "../domain/contract/errors.ts";
import type { StackDefinition } from "../domain/contract/stack.ts";
import { deployServices } from "../domain/stack/deploy-services.ts";
import type { Db } from "../db/client.ts";
import { insertChange } from "../db/queries/changes.ts";
import { findDevicesByName } from "../db/queries/devices.ts";
import { stackEditors } from "../db/queries/stack-editors.ts";
import { insertRun } from "../db/queries/runs.ts";
import { insertDeploy, insertDeployService } from "../db/queries/stack-deploys.ts";
import { listOwned, type OwnedRow, type StackRow } from "../db/queries/stacks.ts";
import { newId } from "../system/ids.ts";
import { fetchApiVariables } from "./api-variables.ts";
import type { Ctx } from "./context.ts";
import type { Renderer } from "./renderer.ts";
import { appendEvent } from "./run-events.ts";
import { contentOf } from "./stack-contents.ts";
import type { RenderTarget } from "./stack-render.ts";

export type DeployWish = {
  action: "deploy" | "delete";
  variables?: Record<string, unknown> | undefined;
  devices?: string[] | undefined;
  requestApproval: boolean;
  selfApprove?: boolean;
  dryRun?: boolean;
  reason?: string | undefined;
};

const CONFIRM_MINUTES = 5;
/** For all that is fetched together: meanwhile those who asked with the same key wait. */
const FETCH_MS = 12_000;

/**
 * Renders every service of a stack for its devices, and keeps the deploy with a change for each service: in the caller's
 * transaction, so that there is all of it or nothing. Gives the ids of its runs, the deploy's first.
 */
export async function insertStackDeploy(
  ctx: Ctx,
  db: Db,
  renderer: Renderer,
  stack: StackRow,
  wish: DeployWish,
): Promise<{ id: string; runIds: string[] }> {
  const { definition } = stack;
  const owned = await listOwned(db, [stack.id]);
  const only = wish.devices ?? null;
  const devices = await findTargets(db, definition, owned, only);
  const { services, without } = deployServices(definition, { owned, only, action: wish.action });
  const [homeless] = without;
  if (homeless !== undefined)
    throw new Unprocessable(
      "devices_missing",
      `the service “${homeless}” names no device; name them in devices of the request, or in the service`,
      {
        details: without.map((name) => ({ path: "devices", code: "devices_missing", message: `“${name}” names none` })),
      },
    );
  if (services.length === 0)
    throw new Unprocessable(
      "nothing_to_deploy",
      wish.action === "delete"
        ? "nothing of this stack is on a device, so there is nothing to take off"
        : "this stack has no service on these devices, so there is nothing to deploy",
    );
  const fetched =
    wish.action === "delete"
      ? []
      : await fetchApiVariables(
          { db, vault: ctx.vault, signal: AbortSignal.timeout(FETCH_MS) },
          definition.api_variables,
        );
  const { contents, variables } = await contentOf(ctx, db, renderer, {
    stack,
    owned,
    devices,
    services,
    fetched,
    given: wish.variables ?? {},
  });

  const templates = [...definition.services, ...owned].map((each) => each.template);
  const editors = await stackEditors(db, { stackId: stack.id, templates });
  const id = newId();
  const runId = newId();
  const title = `${wish.action === "delete" ? "Take off" : "Deploy"} ${definition.name}`.slice(0, 200);
  await insertDeploy(db, {
    id,
    run_id: runId,
    stack_id: stack.id,
    stack_name: definition.name,
    stack_version: stack.version,
    action: wish.action,
    on_failure: definition.on_failure,
    request_approval: wish.requestApproval,
    self_approve: wish.selfApprove ?? false,
    dry_run: wish.dryRun ?? false,
    reason: wish.reason ?? null,
    requested_by: ctx.actor.id,
    edited_by: editors,
    given: {
      ...(wish.variables === undefined ? {} : { variables: wish.variables }),
      ...(wish.devices === undefined ? {} : { devices: wish.devices }),
    },
    variables,
    fetched,
  });
  await insertRun(db, { id: runId, kind: "stack_deploy", title, changeId: null, startedBy: ctx.actor.username });
  await appendEvent(db, {
    runId,
    kind: "person",
    actor: ctx.actor.username,
    message: `asked for a plan of version ${stack.version}`,
    key: "created",
  });
  await appendEvent(db, {
    runId,
    kind: "step",
    step: "plan",
    status: "running",
    message: "each service reads its devices and computes what would change",
  });
  await appendEvent(db, { runId, kind: "run", status: "running", message: "plans", key: "planning" });
  const runIds = [runId];
  for (const { planned, template, templateVersion, targets } of contents) {
    const changeId = newId();
    const changeRun = newId();
    const name = planned.action === "remove" ? `${planned.service} (removed)` : planned.service;
    const changeTitle = `${definition.name}: ${name}`.slice(0, 200);
    await insertChange(db, {
      id: changeId,
      run_id: changeRun,
      title: changeTitle,
      description: "",
      reason: null,
      content: { targets, verify: [], on_interrupted: "verify", window: null, confirm_minutes: CONFIRM_MINUTES },
      origin: { kind: "stack", change_id: null },
      request_approval: false,
      requested_by: ctx.actor.id,
    });
    await insertRun(db, { id: changeRun, title: changeTitle, changeId, startedBy: ctx.actor.username });
    await insertDeployService(db, {
      deploy_id: id,
      position: planned.position,
      service: planned.service,
      action: planned.action,
      template,
      template_version: templateVersion,
      needs: planned.needs,
      after: planned.after,
      change_id: changeId,
    });
    runIds.push(changeRun);
  }
  return { id, runIds };
}

/** The devices that a deploy may be about, by their names; throws Invalid for those that are unknown or disabled. */
async function findTargets(
  db: Db,
  definition: StackDefinition,
  owned: readonly OwnedRow[],
  only: readonly string[] | null,
): Promise<Map<string, RenderTarget>> {
  const chosen = only === null ? null : new Set(only.map((d) => d.toLowerCase()));
  const wanted = [
    ...(only ?? []).map((name, i) => ({ name, path: `devices[${i}]` })),
    ...definition.services.flatMap((s, i) =>
      s.devices
        .map((name, j) => ({ name, path: `services[${i}].devices[${j}]` }))
        .filter(({ name }) => chosen === null || chosen.has(name.toLowerCase())),
    ),
    ...owned
      .filter((o) => chosen === null || chosen.has(o.device.toLowerCase()))
      .map((o) => ({ name: o.device, path: "devices" })),
  ];
  const known = new Map(
    (
      await findDevicesByName(
        db,
        wanted.map((w) => w.name),
      )
    ).map((d) => [d.name.toLowerCase(), d]),
  );
  const faults: ErrorDetail[] = [];
  for (const { name, path } of wanted) {
    const device = known.get(name.toLowerCase());
    if (!device) faults.push({ path, code: "device_unknown", message: `there is no device ${JSON.stringify(name)}` });
    else if (!device.enabled)
      faults.push({
        path,
        code: "device_disabled",
        message: `${device.name} is disabled (${device.disabled_reason ?? "no reason given"}); enable it, or leave it out with devices`,
      });
  }
  refuse(faults);
  return known;
}

export function refuse(faults: readonly ErrorDetail[]): void {
  const [first] = faults;
  if (!first) return;
  throw new Invalid(first.code ?? "invalid", `${first.path}: ${first.message}`, { details: [...faults] });
}

/** A stack that is being taken away, or deployed, is not deployed a second time meanwhile. */
export function refuseDeleting(stack: StackRow): void {
  if (stack.deleting)
    throw new Conflict("stack_deleting", `the stack “${stack.name}” is being deleted; wait until that is through`);
}

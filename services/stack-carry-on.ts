import { decideNext, type Decision, type ServiceFacts } from "../domain/stack/advance.ts";
import type { Db } from "../db/client.ts";
import { wantNudge, type RunRow } from "../db/queries/runs.ts";
import { listServiceStands, markService, type DeployRow, type ServiceStandRow } from "../db/queries/stack-deploys.ts";
import { endRun } from "./end-run.ts";
import { appendEvent, hasEvent } from "./run-events.ts";
import { endDeploy } from "./stack-end.ts";
import { keepOwned } from "./stack-owned.ts";

/** `watch`: services are at work, look again as soon as their rows move. `wait`: only people or the clock move it. */
export type DeployLook = { next: "watch" | "wait" | "ended"; nudge: string[]; wakeInMs: number };

/** One step of a deploy that was approved. */
export async function carryOn(
  db: Db,
  { deploy, run, services }: { deploy: DeployRow; run: RunRow; services: ServiceStandRow[] },
): Promise<DeployLook> {
  const nudge: string[] = [];
  let stands = services;
  for (;;) {
    await tellSteps(db, deploy, stands);
    const facts = stands.map(factsOf);
    const decision = decideNext(facts, {
      onFailure: deploy.on_failure,
      paused: run.pause_requested,
      cancelled: run.cancel_requested,
    });
    await keepOwned(
      db,
      deploy,
      stands.filter((_, i) => facts[i]?.stand === "kept"),
    );
    if (decision.end !== null) {
      await finish(db, deploy, stands, decision.end);
      return { next: "ended", nudge, wakeInMs: 0 };
    }
    const moved = await carryDecision(db, deploy, stands, decision);
    nudge.push(...moved);
    if (moved.length === 0) break;
    stands = await listServiceStands(db, deploy.id);
  }
  const working = stands.some((s) => {
    const { stand } = factsOf(s);
    return stand === "working" || stand === "held";
  });
  if (!working && run.pause_requested && run.status !== "paused")
    await appendEvent(db, {
      runId: run.id,
      kind: "run",
      status: "paused",
      message: "paused: no further service is sent until it is resumed",
      key: `paused:${run.last_seq}`,
    });
  if (run.status === "paused" && !run.pause_requested)
    await appendEvent(db, {
      runId: run.id,
      kind: "run",
      status: "running",
      message: "goes on",
      key: `resumed:${run.last_seq}`,
    });
  return { next: working ? "watch" : "wait", nudge: [...new Set(nudge)], wakeInMs: 60_000 };
}

/** Writes a decision down; gives the runs that have to look at their rows for it. */
async function carryDecision(
  db: Db,
  deploy: DeployRow,
  services: readonly ServiceStandRow[],
  decision: Decision,
): Promise<string[]> {
  const at = new Map(services.map((s) => [s.position, s]));
  const nudge: string[] = [];
  const move = async (position: number, what: (s: ServiceStandRow) => Promise<void>): Promise<void> => {
    const service = at.get(position);
    if (!service) return;
    await what(service);
    await wantNudge(db, service.run_id);
    nudge.push(service.run_id);
  };
  for (const position of decision.release)
    await move(position, async (s) => {
      await markService(db, { deployId: deploy.id, position }, { released: true });
      if (s.planned === 0)
        await endRun(db, {
          runId: s.run_id,
          changeId: s.change_id,
          status: "success",
          error: null,
          message: "every device already holds these lines; nothing had to be sent",
        });
      else {
        await db`update changes set status = 'approved', approval_id = ${deploy.approval_id}, drift = '[]', updated_at = now()
          where id = ${s.change_id} and status = 'draft'`;
        await appendEvent(db, {
          runId: s.run_id,
          kind: "step",
          step: "approve",
          status: "success",
          message: "approved with its stack",
        });
        await appendEvent(db, {
          runId: s.run_id,
          kind: "run",
          status: "pending",
          message: "approved; about to begin",
          key: "released",
        });
      }
    });
  for (const { position, why } of decision.skip)
    await move(position, async (s) => {
      await markService(db, { deployId: deploy.id, position }, { skipped: why });
      await endRun(db, {
        runId: s.run_id,
        changeId: s.change_id,
        status: "cancelled",
        error: null,
        message: `not sent: ${why}`,
      });
    });
  for (const position of decision.stay)
    await move(position, () => markService(db, { deployId: deploy.id, position }, { verdict: "stay" }));
  for (const position of decision.undo)
    await move(position, () => markService(db, { deployId: deploy.id, position }, { verdict: "undo" }));
  return nudge;
}

/** Where the rows say that a service stands. */
export function factsOf(s: ServiceStandRow): ServiceFacts {
  return {
    position: s.position,
    name: s.action === "remove" ? `${s.service} (removed)` : s.service,
    needs: s.needs,
    after: s.after,
    stand: standOf(s),
    verdict: s.verdict,
    leaves:
      s.run_status === "rolled_back"
        ? "taken_back"
        : s.sent && (s.run_status === "failed" || s.run_status === "cancelled")
          ? "left"
          : "nothing",
  };
}

function standOf(s: ServiceStandRow): ServiceFacts["stand"] {
  switch (s.run_status) {
    case "success":
      return "kept";
    case "failed":
      return "failed";
    case "rolled_back":
      return s.verdict === "undo" ? "undone" : "failed";
    case "cancelled":
      return s.skipped === null ? "cancelled" : "skipped";
    default:
      if (s.held_at !== null) return "held";
      if (s.released_at !== null) return "working";
      if (s.change_status === "planning") return "planning";
      return s.planned > 0 ? "ready" : "unchanged";
  }
}

const STEP_STATUS: Record<ServiceFacts["stand"], string> = {
  planning: "pending",
  ready: "pending",
  unchanged: "pending",
  working: "running",
  held: "running",
  kept: "success",
  failed: "failed",
  undone: "rolled_back",
  cancelled: "cancelled",
  skipped: "skipped",
};

/** A step of the deploy's run for each service: it says what the service's own run says. */
async function tellSteps(db: Db, deploy: DeployRow, services: readonly ServiceStandRow[]): Promise<void> {
  for (const s of services) {
    const { stand, name } = factsOf(s);
    if (["planning", "ready", "unchanged"].includes(stand)) continue;
    const key = `service:${s.position}:${stand}:${s.verdict ?? ""}`;
    if (await hasEvent(db, deploy.run_id, key)) continue;
    const message =
      stand === "working"
        ? "its lines are sent"
        : stand === "held"
          ? s.verdict === "undo"
            ? "is taken back"
            : "kept; stays if the rest does"
          : s.run_message;
    await appendEvent(db, {
      runId: deploy.run_id,
      kind: "step",
      step: name,
      status: STEP_STATUS[stand],
      message,
      key,
    });
  }
}

async function finish(
  db: Db,
  deploy: DeployRow,
  services: readonly ServiceStandRow[],
  end: NonNullable<Decision["end"]>,
): Promise<void> {
  const facts = services.map(factsOf);
  const named = (stands: readonly string[]): string =>
    services
      .filter((_, i) => stands.includes(facts[i]?.stand ?? ""))
      .map((s) => s.service)
      .join(", ");
  const kept = named(["kept"]);
  const broken = services.find((_, i) => facts[i]?.stand === "failed" || facts[i]?.stand === "cancelled");
  const why = broken ? `“${broken.service}”: ${broken.error?.message ?? broken.run_message ?? "failed"}` : "";
  const message = {
    deployed: `deployed: ${services.length} ${services.length === 1 ? "service" : "services"}`,
    partial: `deployed in part: ${kept} ${services.filter((_, i) => facts[i]?.stand === "kept").length === 1 ? "is" : "are"} there; ${why}`,
    failed: `failed; ${why}`,
    rolled_back: `rolled back: all that was sent has been taken back; ${why}`,
    cancelled: kept === "" ? "cancelled" : `cancelled; what was kept stays: ${kept}`,
  }[end];
  const error = broken && end !== "cancelled" ? { code: "service_failed", message: why } : null;
  await endDeploy(db, deploy, { status: end, message, error });
}

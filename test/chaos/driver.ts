import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../../domain/contract/change.ts";
import { ENDED, type Run, type StepChoice } from "../../domain/contract/run.ts";
import type { Answer, ApiClient } from "../support/api-client.ts";
import type { Rig } from "./rig.ts";
import { linesOf, netOf, type ChangeSpec } from "./workload.ts";

/** A change that was accepted by the API, and what the driver did with it. */
export type Driven = {
  spec: ChangeSpec;
  runId: string;
  changeId: string;
  /** Planned lines, by router. */
  lines: Map<string, string[]>;
  acceptedAt: number;
  did: string[];
  /** Undefined: it had not ended when the driver gave up. */
  endedAt?: number;
};

/** So many changes are under way at once. */
const LANES = 8;
const LOOK_MS = 300;

export type Driver = {
  driven: Driven[];
  /** Begins no more changes. */
  stopNew(): void;
  /** Resolves when every change has ended. Rejects when the driver itself broke. */
  finished: Promise<void>;
  /** Gives up on those that have not ended. */
  abandon(): void;
};

/** Keeps changes running, as people and programs would: repeats what was not answered, approves, answers devices that ask. */
export function drive(rig: Rig, specs: readonly ChangeSpec[]): Driver {
  const driven: Driven[] = [];
  let taking = true;
  let abandoned = false;
  const queue = [...specs];
  const lane = async (): Promise<void> => {
    for (let spec = queue.shift(); spec !== undefined && taking; spec = queue.shift()) {
      const one = await begin(rig, spec, () => !taking);
      if (one === undefined) return;
      driven.push(one);
      await follow(rig, one, () => abandoned);
    }
  };
  const finished = Promise.all(Array.from({ length: LANES }, lane)).then(() => undefined);
  // Whoever awaits it later hears of a failure then.
  finished.catch(() => undefined);
  return {
    driven,
    stopNew: () => {
      taking = false;
    },
    finished,
    abandon: () => {
      abandoned = true;
    },
  };
}

/** The API may be away, or say so: then the same is asked again, with the same key. */
async function persist(
  client: ApiClient,
  path: string,
  body: unknown,
  until: () => boolean,
): Promise<Answer | undefined> {
  const key = randomUUID();
  for (; !until(); await sleep(LOOK_MS)) {
    const answer = await client.call("POST", path, body, { "idempotency-key": key }).catch(() => undefined);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
  }
  return undefined;
}

async function begin(rig: Rig, spec: ChangeSpec, giveUp: () => boolean): Promise<Driven | undefined> {
  const lines = new Map(
    spec.routers.map((name) => {
      const router = rig.routers.find((r) => r.name === name);
      if (router === undefined) throw new Error(`no router ${name}`);
      return [name, linesOf(spec, router)] as const;
    }),
  );
  const [spoiled] = spec.routers;
  if (spec.spoiled === "refused_line" && spoiled !== undefined)
    await rig.product.lab.addFault(spoiled, {
      kind: "refused_line",
      match: `${netOf(spec)}.101.1`.replaceAll(".", "\\."),
      once: true,
    });
  const answer = await persist(
    rig.operator,
    "/changes",
    {
      title: `chaos ${spec.mark}`,
      targets: spec.routers.map((router) => ({ device: rig.deviceAt(router), lines: lines.get(router) })),
      on_interrupted: spec.onInterrupted,
      confirm_minutes: spec.confirmMinutes,
      ...(spec.spoiled === "verify" && spoiled !== undefined
        ? {
            verify: [
              { device: rig.deviceAt(spoiled), command: "show version", expect: { contains: "no box says this" } },
            ],
          }
        : {}),
    },
    giveUp,
  );
  if (answer === undefined) return undefined;
  if (answer.status !== 202) throw new Error(`chaos ${spec.mark} was refused: ${JSON.stringify(answer.body)}`);
  // The API's own schema made it; the tests' client does not parse it again.
  const change = answer.data.change as unknown as Change;
  return { spec, runId: change.run_id, changeId: change.id, lines, acceptedAt: Date.now(), did: [] };
}

/** Until the run has ended: asks for approval, approves, pauses, cancels and answers. */
async function follow(rig: Rig, one: Driven, abandoned: () => boolean): Promise<void> {
  const own = one.spec.routers.some((router) => rig.isOwn(router));
  let firstLine: number | undefined;
  let acted: "no" | "paused" | "over" = one.spec.act === null ? "over" : "no";
  let answered = 0;
  for (; !abandoned(); await sleep(LOOK_MS)) {
    const run = await read<Run>(rig.operator, `/runs/${one.runId}`, "run");
    if (run === undefined) continue;
    if (ENDED.includes(run.status)) {
      one.endedAt = Date.parse(run.completed_at ?? "");
      return;
    }
    const change = await read<Change>(rig.operator, `/changes/${one.changeId}`, "change");
    if (change === undefined) continue;
    if (change.status === "draft" || change.status === "stale") {
      // No hash: none of its routers could be read, as one that was just cut off. An operator plans again then.
      if (change.hash === null) await post(rig.operator, one, "plan again", `/changes/${one.changeId}/replan`, {});
      else await post(rig.operator, one, "ask", `/changes/${one.changeId}/apply`, { reason: "chaos" });
    }
    if (change.status === "pending_approval" && change.approval_id !== null)
      await post(
        own ? rig.approver : rig.operator,
        one,
        own ? "approve by another" : "approve",
        `/approvals/${change.approval_id}/approve`,
        {},
      );
    if (change.status === "applying" || change.status === "verifying" || change.status === "interrupted")
      firstLine ??= Date.now();

    const { act } = one.spec;
    const since = firstLine === undefined ? -1 : Date.now() - firstLine;
    if (acted === "no" && act !== null && since >= act.afterMs) {
      if (await post(rig.operator, one, act.kind, `/runs/${one.runId}/${act.kind}`, { reason: "chaos" }))
        acted = act.kind === "pause" ? "paused" : "over";
    } else if (acted === "paused" && act?.kind === "pause" && since >= act.afterMs + act.forMs) {
      if (await post(rig.operator, one, "resume", `/runs/${one.runId}/resume`, {})) acted = "over";
    }

    for (const step of run.steps.filter((s) => s.status === "interrupted" && s.device !== null)) {
      const choice = choose(one.spec.choices[answered % one.spec.choices.length] ?? "verify", step.id);
      if (
        await post(rig.operator, one, `${step.device}: ${choice}`, `/runs/${one.runId}/resume`, {
          device: step.device,
          choice,
        })
      )
        answered += 1;
    }
  }
}

/** What was planned, where the step has it among its ways. */
function choose(planned: StepChoice, step: string): StepChoice {
  if (step === "keep" && planned === "fail") return "skip";
  if (step === "rollback" && planned === "rollback") return "retry";
  return planned;
}

async function read<T>(client: ApiClient, path: string, what: string): Promise<T | undefined> {
  const answer = await client.call("GET", path).catch(() => undefined);
  // The API's own schema made it; the tests' client does not parse it again.
  return answer?.status === 200 ? (answer.data[what] as unknown as T) : undefined;
}

/** True when it was taken, or when somebody was faster; else it is tried again with the next look. */
async function post(client: ApiClient, one: Driven, what: string, path: string, body: unknown): Promise<boolean> {
  const answer = await client.call("POST", path, body).catch(() => undefined);
  if (answer === undefined || answer.status >= 500 || answer.status === 429) return false;
  if (answer.status >= 300) {
    one.did.push(`${what}: ${answer.code ?? answer.status}`);
    return answer.status === 409;
  }
  one.did.push(what);
  return true;
}

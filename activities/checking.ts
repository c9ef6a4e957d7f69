import { setTimeout as sleep } from "node:timers/promises";
import type { ChangeInput } from "../domain/contract/messages.ts";
import { ENDED } from "../domain/contract/run.ts";
import { driftOf } from "../domain/change/drift.ts";
import { compareToPlan } from "../domain/config/compare.ts";
import { parseConfig } from "../domain/config/parse.ts";
import { maskSecrets } from "../domain/config/secrets.ts";
import { parseRead } from "../domain/read/parse-read.ts";
import { transaction } from "../db/client.ts";
import { getChangeHead, getChangeRow, putDrift } from "../db/queries/changes.ts";
import { getChangeConfig, putChangeConfig } from "../db/queries/change-configs.ts";
import { SENDING } from "../services/change-cancel.ts";
import { appendEvent, notifyRun } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { secretRef } from "../db/queries/secrets.ts";
import { loadServicePlace } from "../db/queries/stack-deploys.ts";
import { loadAccess } from "../devices/access.ts";
import { release, reserve } from "../devices/locks.ts";
import { readPlan } from "../devices/plan-cache.ts";
import { read, readRunningConfig } from "../devices/read.ts";
import { alive } from "./alive.ts";
import { missedExpectation } from "./checks.ts";
import type { Checked } from "./finish-checking.ts";
import type { Deps } from "./index.ts";
import { nameFailure } from "./name-failure.ts";
import { planDevice } from "./plan-device.ts";
import { checkSender, stepAttempt } from "./records.ts";
import { settleDevice } from "./settle-device.ts";
import { recordTranscript } from "./transcript.ts";

const QUEUE_LOOK_MS = 1000;
/** Then the workflow looks at its rows, and asks again. */
const QUEUE_TURN_MS = 10 * 60 * 1000;

/**
 * The change is not approved any more: then nothing stays reserved. But a worker that was stopped may find out when the
 * run has long gone on without it: devices that are being sent to stay the run's.
 */
const withdrawn = ({ pool }: Deps, { runId, changeId }: ChangeInput): Promise<boolean> =>
  transaction(pool, async (db) => {
    const { status } = await getChangeRow(db, changeId, { lock: true });
    if (status === "approved") return false;
    if (!SENDING.includes(status)) await release(db, runId);
    return true;
  });

/** What reads devices for a change that is being carried out. A retry reads again, and sends nothing. */
export const checkingActivities = (deps: Deps) => ({
  /** Reserves every planned device, in one order for all runs, so that two runs never wait for each other. */
  reserveDevices: (input: ChangeInput & { undo?: true }): Promise<"reserved" | "waiting" | "cancelled" | "wait"> =>
    alive(async (signal) => {
      checkSender(input);
      const { pool } = deps;
      const { plan_id } = await getChangeHead(pool, input.changeId);
      const plan = plan_id ? (await readPlan(pool, plan_id)).plan : undefined;
      const ids = (plan?.body.targets ?? [])
        .filter((t) => t.state === "planned")
        .sort((a, b) => (a.device_id < b.device_id ? -1 : 1));
      const until = Date.now() + QUEUE_TURN_MS;
      for (const target of ids) {
        let told = false;
        for (;;) {
          const run = await getRunRow(pool, input.runId);
          if (ENDED.includes(run.status)) return "cancelled";
          // What was kept and is to go back needs no yes any more, and a cancel does not leave it half there.
          if (input.undo !== true) {
            if (run.cancel_requested) return "cancelled";
            if ((await getChangeHead(pool, input.changeId)).status !== "approved" && (await withdrawn(deps, input)))
              return "wait";
          }
          const got = await reserve(pool, { deviceId: target.device_id, runId: input.runId, reason: run.title });
          if (got.granted) break;
          if (!told) {
            const message = `waits for ${target.device}${got.behind ? `, held by “${got.behind.title}”` : ""}`;
            const key = `queue:${target.device}:${got.behind?.run_id ?? ""}`;
            await transaction(pool, async (db) => {
              await appendEvent(db, { runId: input.runId, kind: "device", device: target.device, message, key });
              await appendEvent(db, {
                runId: input.runId,
                kind: "run",
                status: input.undo === true ? "running" : "pending",
                message: input.undo === true ? message : `approved; ${message}`,
                key: `run-${key}`,
              });
            });
            await notifyRun(pool, input.runId);
            told = true;
          }
          if (signal.aborted || Date.now() > until) return "waiting";
          await sleep(QUEUE_LOOK_MS);
        }
      }
      return "reserved";
    }),

  /** Under the reservation: computes each device's plan anew, and compares it with the approved one. */
  checkDevices: (input: ChangeInput & { deviceIds: string[] }): Promise<Checked[]> =>
    alive(async (signal) => {
      checkSender(input);
      const { pool, vault } = deps;
      const change = await getChangeRow(pool, input.changeId);
      const plan = change.plan_id ? (await readPlan(pool, change.plan_id)).plan : undefined;
      return Promise.all(
        input.deviceIds.map(async (deviceId): Promise<Checked> => {
          const approved = plan?.body.targets.find((t) => t.device_id === deviceId);
          if (!approved)
            return {
              device: deviceId,
              state: "failed",
              error: { code: "not_planned", message: "the device is not part of the plan" },
            };
          const place = change.origin.kind === "stack" ? await loadServicePlace(pool, change.id, deviceId) : undefined;
          const { target: now, config } = await planDevice(deps, { content: change.content, deviceId, signal, place });
          if (now.state === "left_out" || config === null)
            return { device: approved.device, state: "failed", error: now.error };
          const drift = driftOf(approved, now);
          await putDrift(pool, change.id, approved.device, drift);
          if (!drift) await putChangeConfig(pool, vault, { changeId: change.id, deviceId, what: "base" }, config);
          return { device: approved.device, state: drift ? "stale" : "valid", error: null };
        }),
      );
    }),

  /** Is the config as planned, and does every check show what is expected? */
  verifyDevice: (input: ChangeInput & { deviceId: string }): Promise<boolean> =>
    alive(async (signal) => {
      checkSender(input);
      const { pool, vault, sessions } = deps;
      const { runId, changeId, deviceId } = input;
      const { plan_id } = await getChangeHead(pool, changeId);
      const plan = plan_id ? (await readPlan(pool, plan_id)).plan : undefined;
      const target = plan?.body.targets.find((t) => t.device_id === deviceId);
      if (!plan || !target) throw new Error(`device ${deviceId} is not part of the plan of change ${changeId}`);
      const attempt = await stepAttempt(pool, runId, "verify", target.device);
      const say = (
        status: string,
        message: string,
        error: { code: string; message: string; what_to_do?: string } | null = null,
      ) =>
        transaction(pool, (db) =>
          appendEvent(db, {
            runId,
            kind: "step",
            step: "verify",
            device: target.device,
            attempt,
            status,
            message,
            error,
          }),
        ).then(() => notifyRun(pool, runId));
      await say("running", "reads the config back");
      const transcript = recordTranscript(deps, { runId, deviceId, step: "verify", attempt });
      try {
        const access = await loadAccess(pool, vault, deviceId);
        const missed = await sessions.use(
          access,
          "read",
          async (session) => {
            const text = await readRunningConfig(session);
            await putChangeConfig(pool, vault, { changeId, deviceId, what: "after" }, text);
            const faults = compareWithPlan(
              text,
              (await getChangeConfig(pool, vault, { changeId, deviceId, what: "base" })) ?? "",
            );
            for (const check of plan.body.verify.filter(
              (c) => c.device === undefined || c.device.toLowerCase() === target.device.toLowerCase(),
            )) {
              const { text: output } = await read(session, parseRead(target.device_type, check.command));
              const missing = missedExpectation(check, output);
              if (missing !== null) faults.push(missing);
            }
            return faults;
          },
          { signal, record: transcript.record },
        );
        if (missed.length === 0) await say("success", "as planned");
        else
          await say("failed", missed.slice(0, 3).join("; "), {
            code: "verify_failed",
            message: missed.join("; ").slice(0, 2000),
          });
        return missed.length === 0;
      } catch (error) {
        const named = nameFailure(error);
        // Another try may find it answering; the last one says what was wrong.
        await say("running", `could not be read: ${named.message}`);
        throw error;
      } finally {
        await transcript.store();
      }

      function compareWithPlan(actual: string, base: string): string[] {
        if (!target) return [];
        const platform = target.device_type;
        const tree = (text: string) =>
          parseConfig(
            platform,
            maskSecrets(platform, text, (value) => secretRef(vault, value)),
          );
        const { missing, unwanted } = compareToPlan(platform, {
          before: tree(base),
          lines: target.lines,
          actual: tree(actual),
        });
        return [...missing.map((line) => `missing: ${line}`), ...unwanted.map((line) => `still there: ${line}`)];
      }
    }),

  settleDevice: (input: ChangeInput & { deviceId: string; force: boolean }) =>
    alive((signal) => {
      checkSender(input);
      return settleDevice(deps, input, signal);
    }),
});

export type CheckingActivities = ReturnType<typeof checkingActivities>;

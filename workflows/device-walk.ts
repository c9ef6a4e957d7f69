import { ActivityFailure } from "@temporalio/workflow";
import type { OnInterrupted } from "../domain/contract/change.ts";
import type { ChangeInput, DecideInput } from "../domain/contract/messages.ts";
import type { StepChoice } from "../domain/contract/run.ts";
import type { CheckingActivities } from "../activities/checking.ts";
import type { RecordActivities } from "../activities/records.ts";
import type { SendingActivities, SendResult } from "../activities/sending.ts";
import type { Inbox } from "./inbox.ts";

/** What walking one device through a change needs. */
export type Walk = {
  input: ChangeInput;
  inbox: Inbox;
  records: RecordActivities;
  checking: CheckingActivities;
  sending: SendingActivities;
  onInterrupted: OnInterrupted;
};
type Device = { id: string; name: string };

/** `left`: a person chose to leave the device as it is. */
export type Applied = "sent" | "failed" | "left" | "cancelled";

/**
 * Sends the change to one device, through pauses, deaths of workers and lines in doubt. A worker's death leaves the
 * device interrupted, not failed; the journal says what is known, and `on_interrupted` or a person how it goes on.
 */
export async function applyDevice(walk: Walk, device: Device): Promise<Applied> {
  const where = { ...walk.input, deviceId: device.id };
  let broken = 0;
  let idle = 0;
  for (;;) {
    const result = await attempt(() => walk.sending.applyDevice(where));
    if (result.status === "done") return "sent";
    if (result.status === "failed") return "failed";
    if (result.status === "again") continue;
    if (result.status === "stopped") {
      if ((await untilResumed(walk)) === "cancelled") return "cancelled";
      continue;
    }
    const known = await walk.records.inspectJournal({ ...where, direction: "apply" });
    if (known === "nothing_sent") {
      idle += 1;
      if (idle % IDLE_ENOUGH !== 0) continue;
    } else broken += 1;
    const said = describe(result, "its session broke while lines were being sent");
    const next = await settleOrAsk(walk, device, { broken, idle, said });
    if (next !== "send") return next;
  }
}

/** A device that breaks off this often does so because of what is sent to it: then a person looks, whatever was said. */
const BREAKS_ENOUGH = 3;
const IDLE_ENOUGH = 10;

/** Reads back, or asks, until it is clear how an interrupted device goes on. */
async function settleOrAsk(
  walk: Walk,
  device: Device,
  { broken, idle, said }: { broken: number; idle: number; said: string },
): Promise<Applied | "send"> {
  const where = { ...walk.input, deviceId: device.id };
  const goesOn = walk.onInterrupted === "verify" || walk.onInterrupted === "retry";
  let how: OnInterrupted = goesOn && broken >= BREAKS_ENOUGH ? "ask" : walk.onInterrupted;
  let why = broken < BREAKS_ENOUGH ? said : `its session broke ${broken} times; at last: ${said}`;
  if (broken === 0) {
    how = "ask";
    why = `sending to it broke off ${idle} times before its first line`;
  }
  for (;;) {
    if (how === "ask") {
      const choice = await ask(walk, device, "apply", why, ["verify", "rollback", "retry", "skip", "fail"]);
      if (choice === "cancelled") return "cancelled";
      if (choice.choice === "skip" || choice.choice === "fail") return leave(walk, device, choice);
      how = choice.choice;
    }
    if (how === "rollback") return "failed";
    if (how === "fail")
      return leave(walk, device, {
        device: device.name,
        choice: "fail",
        actor: "the change's on_interrupted",
        reason: null,
      });
    try {
      const verdict = await walk.checking.settleDevice({ ...where, force: how === "retry" });
      if (verdict === "all_present") return "sent";
      if (verdict !== "unclear") return "send";
      why = "its config was read back, and does not tell whether the line in doubt is there";
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      why = "it cannot be read back now";
    }
    how = "ask";
  }
}

async function leave(walk: Walk, device: Device, choice: DecideInput): Promise<"left"> {
  await walk.records.note({
    ...walk.input,
    kind: "step",
    step: "apply",
    device: device.name,
    status: choice.choice === "skip" ? "skipped" : "failed",
    message: `left as it is by ${choice.actor}`,
  });
  return "left";
}

/** Makes an applied change stay: the confirming commit, then the save. */
export async function keepDevice(walk: Walk, device: Device): Promise<"kept" | "left" | "rollback"> {
  for (let tries = 1; ; tries += 1) {
    const result = await attempt(() => walk.sending.keepDevice({ ...walk.input, deviceId: device.id }));
    if (result.status === "done") return "kept";
    if (result.status === "rolled_back_by_device") return "rollback";
    // Keeping twice is keeping once, so that what broke off is tried again before anybody is woken.
    if (result.status === "again" || (broke(result) && tries < 3)) continue;
    const choice = await ask(walk, device, "keep", describe(result, "could not be saved"), [
      "retry",
      "verify",
      "rollback",
      "skip",
    ]);
    if (choice === "cancelled" || choice.choice === "skip") return "left";
    if (choice.choice === "rollback") return "rollback";
  }
}

/** Sends the rollback lines that are still needed; the device is read first each time, so a repeat sends nothing twice. */
export async function rollbackDevice(walk: Walk, device: Device): Promise<"rolled_back" | "left"> {
  for (let tries = 1; ; tries += 1) {
    const result = await attempt(() => walk.sending.rollbackDevice({ ...walk.input, deviceId: device.id }));
    if (result.status === "done") return "rolled_back";
    if (result.status === "again" || (broke(result) && tries < 3)) continue;
    const choice = await ask(walk, device, "rollback", describe(result, "could not be rolled back"), [
      "retry",
      "verify",
      "skip",
      "fail",
    ]);
    if (choice === "cancelled" || choice.choice === "skip" || choice.choice === "fail") return "left";
  }
}

const broke = (result: { status: string }): boolean =>
  result.status === "lost" || result.status === "in_doubt" || result.status === "stopped";

const describe = (result: SendResult | { status: "lost" }, otherwise: string): string =>
  "message" in result && result.message ? result.message : otherwise;

/** One sending activity; its death (or its worker's) is a result like any other. */
async function attempt(send: () => Promise<SendResult>): Promise<SendResult | { status: "lost" }> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { status: "lost" };
  }
}

const A_DAY = 24 * 60 * 60 * 1000;

async function untilResumed(walk: Walk): Promise<"resumed" | "cancelled"> {
  for (;;) {
    const seen = walk.inbox.nudges();
    const controls = await walk.records.loadControls(walk.input);
    if (controls.cancelled) return "cancelled";
    if (!controls.paused) return "resumed";
    await walk.inbox.nudge(seen, A_DAY);
  }
}

/** Shows a device as interrupted until a person chooses. A cancelled run stops asking. */
async function ask(
  walk: Walk,
  device: Device,
  step: string,
  why: string,
  allowed: readonly StepChoice[],
): Promise<DecideInput | "cancelled"> {
  let seen = walk.inbox.nudges();
  const asked = await walk.records.askFor({ ...walk.input, device: device.name, step, why });
  if (asked === "cancelled") return "cancelled";
  for (;;) {
    const choice = await walk.inbox.choice(device.name, allowed, seen);
    if (choice) {
      const known = await walk.records.chosen({ ...walk.input, step, choice });
      if (known !== "forged") return choice;
    }
    seen = walk.inbox.nudges();
    if ((await walk.records.loadControls(walk.input)).cancelled) {
      walk.inbox.close(device.name);
      return "cancelled";
    }
  }
}

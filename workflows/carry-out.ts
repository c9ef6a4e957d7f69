import { ActivityFailure, proxyActivities, proxyLocalActivities } from "@temporalio/workflow";
import type { ChangeInput } from "../domain/contract/messages.ts";
import type { CheckingActivities } from "../activities/checking.ts";
import type { RecordActivities } from "../activities/records.ts";
import type { SendingActivities } from "../activities/sending.ts";
import { applyDevice, keepDevice, rollbackDevice, type Walk } from "./device-walk.ts";
import type { Inbox } from "./inbox.ts";
import { chunks, forEachLimit } from "./limit.ts";

const records = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: "30 seconds",
  retry: { maximumInterval: "10 seconds" },
});
const checking = proxyActivities<CheckingActivities>({
  startToCloseTimeout: "1 hour",
  heartbeatTimeout: "20 seconds",
  retry: { maximumAttempts: 10, initialInterval: "1 second", maximumInterval: "15 seconds" },
});
// What may change a device has one attempt: the workflow, not a retry policy, decides what follows.
const sending = proxyActivities<SendingActivities>({
  startToCloseTimeout: "12 hours",
  heartbeatTimeout: "15 seconds",
  retry: { maximumAttempts: 1 },
});

const AT_ONCE = 50;
const A_DAY = 24 * 60 * 60 * 1000;

/**
 * An approved change, from the last check of its hash to kept or rolled back. "wait": the yes was withdrawn before the
 * run could take it. "again": the devices moved on, so it has to be planned and approved again.
 */
export async function carryOut(input: ChangeInput, inbox: Inbox): Promise<"ended" | "again" | "wait"> {
  const reserved = await reserve(input);
  if (reserved !== "reserved") return reserved;
  const checked = (
    await forEachLimit(chunks(await records.plannedDevices(input), 10), 8, (devices) =>
      checking.checkDevices({ ...input, deviceIds: devices.map((d) => d.id) }),
    )
  ).flat();
  const found = await records.finishChecking({ ...input, results: checked });
  if (found !== "valid") return found;
  const begun = await records.beginApply(input);
  if (begun.next !== "apply") return begun.next;

  const walk: Walk = { input, inbox, records, checking, sending, onInterrupted: begun.onInterrupted };
  const sent = await forEachLimit(begun.devices, AT_ONCE, async (device) => ({
    device,
    outcome: await applyDevice(walk, device),
  }));
  const of = (outcome: string) => sent.filter((s) => s.outcome === outcome).map((s) => s.device);
  if (of("cancelled").length > 0) return finish(input, "cancelled");
  let good = of("sent");
  let failed = of("failed");
  // Devices that a person left as they are: whatever becomes of the others, the change is not wholly on or off.
  let left = of("left").length;
  if (failed.length === 0 && good.length > 0) {
    await records.moveTo({ ...input, status: "verifying" });
    const verified = await forEachLimit(good, AT_ONCE, async (device) => ({
      device,
      ok: await verifyDevice(input, device),
    }));
    failed = verified.filter((v) => !v.ok).map((v) => v.device);
    good = verified.filter((v) => v.ok).map((v) => v.device);
  }
  if (failed.length === 0 && good.length > 0) {
    if ((await records.loadControls(input)).cancelled) return finish(input, "cancelled");
    const kept = await forEachLimit(good, AT_ONCE, async (device) => ({
      device,
      outcome: await keepDevice(walk, device),
    }));
    failed = kept.filter((k) => k.outcome === "rollback").map((k) => k.device);
    left += kept.filter((k) => k.outcome === "left").length;
    good = kept.filter((k) => k.outcome === "kept").map((k) => k.device);
    if (failed.length === 0) {
      if (left > 0) return finish(input, "failed");
      if (begun.holds !== true || (await verdict(input, inbox)) === "stay") return finish(input, "success");
      return undo(walk, good);
    }
  }
  if (failed.length === 0) return finish(input, "failed");
  if ((await records.loadControls(input)).cancelled) return finish(input, "cancelled");
  // One part failed: the whole change goes back, in every device that took something of it.
  const took = await forEachLimit([...failed, ...good], AT_ONCE, async (device) => ({
    device,
    known: await records.inspectJournal({ ...input, deviceId: device.id, direction: "apply" }),
  }));
  const touched = took.filter((t) => t.known === "something_sent").map((t) => t.device);
  if (touched.length === 0) return finish(input, "failed");
  const back = await forEachLimit(touched, AT_ONCE, (device) => rollbackDevice(walk, device));
  return finish(input, back.every((b) => b === "rolled_back") && left === 0 ? "rolled_back" : "failed");
}

/** Waits until it is known whether the stack that this change is a service of stays as a whole. */
async function verdict(input: ChangeInput, inbox: Inbox): Promise<"stay" | "undo"> {
  await records.hold(input);
  for (;;) {
    const seen = inbox.nudges();
    const said = await records.loadVerdict(input);
    if (said !== "wait") return said;
    await inbox.nudge(seen, A_DAY);
  }
}

/** Takes back what was kept, on every device, by the rollback lines that were approved with it. */
async function undo(walk: Walk, devices: { id: string; name: string }[]): Promise<"ended"> {
  const { input } = walk;
  for (;;) {
    const got = await checking.reserveDevices({ ...input, undo: true });
    if (got === "reserved") break;
    if (got === "cancelled") return "ended";
  }
  await records.note({ ...input, kind: "run", status: "running", message: "is taken back with the rest of its stack" });
  const back = await forEachLimit(devices, AT_ONCE, (device) => rollbackDevice(walk, device));
  return finish(input, back.every((b) => b === "rolled_back") ? "rolled_back" : "failed");
}

/** Holds every device of the change, however long others hold them; people may cancel meanwhile. */
async function reserve(input: ChangeInput): Promise<"reserved" | "ended" | "wait"> {
  for (;;) {
    const got = await checking.reserveDevices(input);
    if (got === "reserved" || got === "wait") return got;
    if (got === "cancelled") return finish(input, "cancelled");
  }
}

async function verifyDevice(input: ChangeInput, device: { id: string; name: string }): Promise<boolean> {
  try {
    return await checking.verifyDevice({ ...input, deviceId: device.id });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    await records.note({
      ...input,
      kind: "step",
      step: "verify",
      device: device.name,
      status: "failed",
      message: "could not be verified",
    });
    return false;
  }
}

async function finish(
  input: ChangeInput,
  status: "success" | "failed" | "cancelled" | "rolled_back",
): Promise<"ended"> {
  await records.finish({ ...input, status, error: null });
  return "ended";
}

import type { ChangeInput } from "../domain/contract/messages.ts";
import { transaction } from "../db/client.ts";
import { appendEvent, notifyRun } from "../services/run-events.ts";
import { loadAccess } from "../devices/access.ts";
import { checkApproved } from "../devices/approved-change.ts";
import { openLease } from "../devices/locks.ts";
import { settle, type Settled } from "../devices/settle.ts";
import type { Deps } from "./index.ts";
import { stepAttempt } from "./records.ts";
import { recordTranscript } from "./transcript.ts";

const FOUND: Record<Settled["verdict"], string> = {
  all_present: "read back: every line is there",
  resume: "read back: the rest is sent now",
  nothing_sent: "read back: nothing of it is there, it is sent from the start",
  unclear: "read back: the device does not tell whether what is in doubt is there",
};

/** Reads an interrupted device back under a new epoch, and writes down what became of the lines in doubt. */
export async function settleDevice(
  deps: Deps,
  input: ChangeInput & { deviceId: string; force: boolean },
  signal: AbortSignal,
): Promise<Settled["verdict"]> {
  const { pool, vault, sessions, holder } = deps;
  const { runId, changeId, deviceId, force } = input;
  const approved = await checkApproved(pool, vault, { runId, changeId, deviceId, phase: "read_back" });
  const attempt = await stepAttempt(pool, runId, "apply", approved.device);
  const lease = await openLease(pool, { deviceId, runId, holder, signal });
  const transcript = recordTranscript(deps, { runId, deviceId, step: "read back", attempt });
  try {
    const access = await loadAccess(pool, vault, deviceId);
    const settled = await sessions.use(
      access,
      "write",
      (session) => settle(session, approved, { pool, vault, lease, force, signal }),
      { signal, record: transcript.record, patient: true },
    );
    await transaction(pool, (db) =>
      appendEvent(db, {
        runId,
        // With every line there, this is the end of the step; else it only tells how the step goes on.
        ...(settled.verdict === "all_present"
          ? { kind: "step" as const, status: "success" }
          : { kind: "device" as const }),
        step: "apply",
        device: approved.device,
        attempt,
        message: FOUND[settled.verdict],
        key: `settled:${deviceId}:${settled.attempt}:${settled.verdict}`,
      }),
    );
    await notifyRun(pool, runId);
    return settled.verdict;
  } finally {
    await lease.close();
    await transcript.store();
  }
}

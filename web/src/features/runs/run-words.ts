import type { Run, RunEvent, RunStep, StepChoice } from "../../../../domain/contract/run.ts";
import type { LineCounts } from "../../components/diff/journal.ts";
import { ENDED } from "../../../../domain/contract/run.ts";

/** What is in doubt on a device that waits, and what is known: never that a line was sent or not. */
export function doubtWords(step: Pick<RunStep, "type" | "message">, lines: LineCounts): { head: string; rest: string } {
  const known = `${lines.taken} of ${lines.total} lines are confirmed.`;
  const waits = "Nothing more is sent until you choose.";
  if (step.type === "keep")
    return {
      head: "It may or may not stay after a reload.",
      rest: `${step.message ?? "Saving it broke off"}. ${waits}`,
    };
  const way = step.type === "rollback" ? " of the way back" : "";
  if (lines.in_doubt === 0 || lines.firstInDoubt === null)
    return { head: "The session broke off.", rest: `${lines.total > 0 ? `${known} ` : ""}${waits}` };
  const first = lines.firstInDoubt;
  const which = lines.in_doubt === 1 ? `Line ${first}` : `Lines ${first}–${first + lines.in_doubt - 1}`;
  return { head: `${which}${way} may or may not be on the device.`, rest: `${known} ${waits}` };
}

export type Choice = { choice: StepChoice; label: string; confirm: string; what: string };
const VERIFY: Choice = {
  choice: "verify",
  label: "Read back, then send what is missing",
  confirm: "Read back",
  what: "",
};
const ROLLBACK: Choice = {
  choice: "rollback",
  label: "Roll back device",
  confirm: "Roll back",
  what: "The device is read, and the rollback lines that are still needed are sent. As the change is one, the other devices go back too.",
};
const SKIP: Choice = {
  choice: "skip",
  label: "Skip device",
  confirm: "Skip",
  what: "The device stays exactly as it is now, with what was taken so far. Nobody reads it back; the run goes on with the others.",
};
const RETRY: Choice = {
  choice: "retry",
  label: "Send it again",
  confirm: "Send again",
  what: "The line in doubt is sent once more without reading back first. Where it arrived already, the device gets it twice.",
};
const FAIL: Choice = {
  choice: "fail",
  label: "Leave it, and fail",
  confirm: "Leave it",
  what: "The device stays exactly as it is now, and counts as failed.",
};

/** What a person may choose, the one that is always right first. */
export function choicesFor(step: string): { main: Choice; beside: Choice[]; more: Choice[] } {
  if (step === "keep")
    return {
      main: { ...VERIFY, label: "Read back, then save" },
      beside: [ROLLBACK, SKIP],
      more: [{ ...RETRY, label: "Save again", what: "The save is sent once more." }],
    };
  if (step === "rollback")
    return {
      main: { ...VERIFY, label: "Read back, then go on with the way back" },
      beside: [SKIP],
      more: [RETRY, FAIL],
    };
  return { main: VERIFY, beside: [ROLLBACK, SKIP], more: [RETRY, FAIL] };
}

export const hasEnded = (run: Pick<Run, "status">): boolean => ENDED.includes(run.status);

export type Verdict = { head: string; rest: string };
/** How a run that is over ended, by device. */
export function verdictOf(run: Pick<Run, "status" | "steps" | "devices" | "error" | "message">): Verdict {
  const of = (type: string, ...statuses: RunStep["status"][]): number =>
    run.steps.filter((s) => s.device !== null && s.type === type && statuses.includes(s.status)).length;
  const all = run.devices.length;
  const kept = of("keep", "success");
  const back = of("rollback", "success", "rolled_back");
  const touched = run.steps.some(
    (s) => s.type === "apply" && s.device !== null && s.status !== "pending" && s.status !== "skipped",
  );
  const said = run.error?.message ?? run.message ?? "";
  if (run.status === "success")
    return kept === 0
      ? { head: "Nothing had to be sent.", rest: "Every device already held these lines." }
      : {
          head: `Kept on ${kept} of ${all} ${all === 1 ? "device" : "devices"}.`,
          rest: kept < all ? `${all - kept} needed nothing or were left out.` : "",
        };
  if (run.status === "rolled_back")
    return { head: `Rolled back on ${back} of ${all} ${all === 1 ? "device" : "devices"}.`, rest: said };
  if (run.status === "cancelled")
    return {
      head: touched ? "Cancelled while it was sent." : "Cancelled, nothing was sent.",
      rest: touched ? "What was taken stays on the devices; the lines of each say which." : said,
    };
  return { head: touched ? "It failed." : "It failed, nothing was sent.", rest: said };
}

const RUN_TOLD: readonly (string | null)[] = ["running", "paused", ...ENDED];

/**
 * Events that tell the story: people, the run where it moves, what went wrong; steps of one device only where there are few
 * of them. What a person did (asked, approved) is told once, by the person's own event.
 */
export function worthTelling(event: RunEvent, devices: number): boolean {
  if (event.kind === "person" || event.kind === "device") return true;
  if (event.kind === "run") return RUN_TOLD.includes(event.status) && event.message !== null;
  if (event.device === null)
    return event.step !== "approve" && event.status !== "pending" && event.status !== "running";
  if (event.status === "failed" || event.status === "interrupted" || event.status === "rolled_back") return true;
  return devices <= 12 && event.status === "success" && (event.step === "keep" || event.step === "rollback");
}

const DONE: Record<string, string> = {
  plan: "was planned",
  approve: "approved",
  apply: "took every line",
  verify: "verified",
  keep: "kept",
  rollback: "rolled back",
};
/** What an event says after the name of who or what it is about. */
export function eventWords(event: RunEvent): { who: string | null; what: string } {
  if (event.kind === "person") return { who: event.actor, what: event.message ?? event.status ?? "" };
  const step = event.step ?? "";
  const said = event.error?.message ?? event.message;
  if (event.kind === "step" && event.status === "success")
    return { who: event.device, what: said ?? DONE[step] ?? `${step} done` };
  return { who: event.device, what: said ?? `${step} ${(event.status ?? "").replaceAll("_", " ")}`.trim() };
}

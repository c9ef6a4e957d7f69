import type { OnInterrupted } from "../../domain/contract/change.ts";
import type { DecideInput } from "../../domain/contract/messages.ts";
import type { StepChoice } from "../../domain/contract/run.ts";
import { mayBeThere } from "../../db/queries/journal.ts";
import { apply, type ApplyOutcome } from "../../devices/apply.ts";
import { checkApproved } from "../../devices/approved-change.ts";
import { failure } from "../../devices/failures.ts";
import type { Journal } from "../../devices/journal.ts";
import { openLease } from "../../devices/locks.ts";
import type { NewFault } from "../../lab/faults.ts";
import type { Applied, Walk } from "../../workflows/device-walk.ts";
import type { Change, LabWorld } from "./world.ts";

/** A value of `on_interrupted`, and what a person answers where it asks. */
export type Way = { value: OnInterrupted; choice?: StepChoice };
export const WAYS: readonly Way[] = [
  { value: "verify" },
  { value: "retry" },
  { value: "rollback" },
  { value: "fail" },
  { value: "ask", choice: "verify" },
  { value: "ask", choice: "retry" },
  { value: "ask", choice: "rollback" },
  { value: "ask", choice: "skip" },
  { value: "ask", choice: "fail" },
];
export const nameOf = ({ value, choice }: Way): string => (choice === undefined ? value : `${value}, ${choice}`);

/** How a device ends that broke when something of the change may have been on it. */
export function endOf({ value, choice }: Way): Applied {
  const how = choice ?? value;
  return how === "verify" || how === "retry" ? "sent" : how === "rollback" ? "failed" : "left";
}

/** A place where it breaks: a fault of the router's, or the database going away around a row. */
export type Break = { fault?: NewFault; journal?: (real: Journal) => Journal };

const away = (): Promise<never> => Promise.reject(failure("journal_unavailable", "the journal could not be written"));

/** Once, at the window that begins with the line `seq`. */
const atWindow =
  (seq: number, how: (real: Journal, window: Parameters<Journal["begin"]>[0]) => ReturnType<Journal["begin"]>) =>
  (real: Journal): Journal => {
    let left = 1;
    return {
      ...real,
      begin: (window) => (window.lines[0]?.seq === seq && left-- > 0 ? how(real, window) : real.begin(window)),
    };
  };

/** The places around the window that begins with `seq` in which the database goes away. */
export const rowPlaces = (seq: number): [string, Break][] => [
  ["before its row is written", { journal: atWindow(seq, away) }],
  [
    "between its row and its first byte",
    { journal: atWindow(seq, async (real, window) => real.begin(window).then(away)) },
  ],
  ["between its prompt and the record of its answer", { journal: (real) => losing(real, seq) }],
];

/** Loses the answer to the line `seq`, once. */
function losing(real: Journal, seq: number): Journal {
  let left = 1;
  const loses = (answers: readonly { seq: number }[]): boolean => answers.some((a) => a.seq === seq) && left-- > 0;
  return {
    ...real,
    begin: (window) => (loses(window.answers) ? away() : real.begin(window)),
    finish: (runId, answers) => (loses(answers) ? away() : real.finish(runId, answers)),
  };
}

/** The places around one line in which the connection is cut. */
export const linePlaces = (line: number, match?: string): [string, Break][] =>
  (["before_receipt", "before_echo", "after_echo", "before_prompt"] as const).flatMap((phase) =>
    (phase === "before_receipt" ? [true] : [true, false]).map((applied): [string, Break] => [
      `${phase.replace("_", " ")}${applied ? "" : ", and it is lost"}`,
      { fault: { kind: "cut_at_line", line, phase, applied, once: true, ...(match === undefined ? {} : { match }) } },
    ]),
  );

/** What the walk asked for: people, and what the journal knows. */
export type Seen = { asked: string[]; known: string[] };

/** The workflow's own walk of one device, with the activities' work and without the engine that calls them. */
export function walkOf(
  w: LabWorld,
  change: Change,
  deviceId: string,
  { value, choice }: Way,
  { journal, seen }: { journal: Journal; seen: Seen },
): Walk {
  const input = { runId: change.runId, changeId: change.changeId };
  const choices: DecideInput[] =
    choice === undefined ? [] : [{ device: deviceId, choice, actor: "a person", reason: null }];
  return usedOf({
    input,
    onInterrupted: value,
    inbox: {
      nudges: () => 0,
      nudge: () => Promise.resolve(),
      choice: () => Promise.resolve(choices[0]),
      close: () => undefined,
    },
    records: {
      inspectJournal: async ({ direction }) => {
        const there = await mayBeThere(w.pool, { changeId: change.changeId, deviceId }, direction);
        const known = there ? "something_sent" : "nothing_sent";
        seen.known.push(known);
        return known;
      },
      askFor: ({ why }) => {
        seen.asked.push(why);
        return Promise.resolve("asked");
      },
      chosen: () => Promise.resolve("chosen"),
      note: () => Promise.resolve(true),
      loadControls: () => Promise.resolve({ paused: false, cancelled: false }),
    },
    checking: { settleDevice: async ({ force }) => (await w.settle(change, deviceId, force)).verdict },
    sending: {
      applyDevice: () => send(w, change, deviceId, "apply", journal),
      rollbackDevice: () => send(w, change, deviceId, "rollback", w.journal),
    },
  });
}

type Used = Pick<Walk, "input" | "onInterrupted" | "inbox"> & {
  records: Partial<Walk["records"]>;
  checking: Partial<Walk["checking"]>;
  sending: Partial<Walk["sending"]>;
};
/** Applying and rolling back use no other activities than these; one that is missing is not a function, and fails. */
const usedOf = (used: Used): Walk => used as Walk;

/** As the activity does it: a connection that fails before anything was sent is tried again. */
async function send(
  w: LabWorld,
  change: Change,
  deviceId: string,
  phase: "apply" | "rollback",
  journal: Journal,
): ReturnType<Walk["sending"]["applyDevice"]> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempt(w, change, deviceId, phase, journal);
    if (outcome.status === "failed" && outcome.nothingSent && tries < 3) continue;
    switch (outcome.status) {
      case "done":
        return { status: "done", message: "" };
      case "in_doubt":
        return { status: "in_doubt", message: outcome.failure.message };
      case "stopped":
        return { status: "stopped", message: "" };
      default:
        return { status: "failed", message: JSON.stringify(outcome) };
    }
  }
}

async function attempt(
  w: LabWorld,
  { runId, changeId }: Change,
  deviceId: string,
  phase: "apply" | "rollback",
  journal: Journal,
): Promise<ApplyOutcome> {
  const approved = await checkApproved(w.pool, w.vault, { runId, changeId, deviceId, phase });
  const lease = await openLease(w.pool, { deviceId, runId, holder: "test" });
  try {
    return await w.sessions.use(await w.access(deviceId), "write", (session) =>
      apply(session, approved, { pool: w.pool, vault: w.vault, journal, lease }),
    );
  } finally {
    await lease.close();
  }
}

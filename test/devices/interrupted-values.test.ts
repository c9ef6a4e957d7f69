import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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
import { applyDevice, rollbackDevice, type Applied, type Walk } from "../../workflows/device-walk.ts";
import { createLabWorld, endRun, type Change, type LabWorld } from "./world.ts";

/**
 * How a device goes on after a break, in every value of `on_interrupted`, at every place of a line where it can break:
 * the workflow's own walk over the device's own doors. Only the engine between them is left out.
 */
const ROUTERS = ["lab-ams-1", "lab-fra-1", "lab-lon-1"] as const;
let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(ROUTERS);
  await w.pool`update devices set timeouts = '{"idle": 2}', updated_at = clock_timestamp()`;
});
afterAll(() => w.stop());
beforeEach(async () => {
  await w.pool`update device_locks set run_id = null, holder = null, expires_at = null`;
  for (const router of ROUTERS) {
    await w.control.clearFaults(router);
    await w.control.reset(router);
  }
});

const LINES = ["interface Loopback7", " description b", "ntp server 10.9.9.9"];
/** Leaves of it: a header may be sent again to get back into its section. */
const LEAVES = LINES.slice(1).map((line) => line.trim());

type Way = { value: OnInterrupted; choice?: StepChoice };
const WAYS: readonly Way[] = [
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
const nameOf = ({ value, choice }: Way): string => (choice === undefined ? value : `${value}, ${choice}`);

/** A place where it breaks: a fault of the router's, or the database going away around a row. */
type Break = { fault?: NewFault; journal?: (real: Journal) => Journal };

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
const places = (line: number): [string, Break][] => [
  ["before its row is written", { journal: atWindow(line - 1, away) }],
  [
    "between its row and its first byte",
    { journal: atWindow(line - 1, async (real, window) => real.begin(window).then(away)) },
  ],
  ...(["before_receipt", "before_echo", "after_echo", "before_prompt"] as const).flatMap((phase) =>
    (phase === "before_receipt" ? [true] : [true, false]).map((applied): [string, Break] => [
      `${phase.replace("_", " ")}${applied ? "" : ", and it is lost"}`,
      { fault: { kind: "cut_at_line", line, phase, applied, once: true } },
    ]),
  ),
  [
    "between its prompt and the record of its answer",
    {
      journal: (real) => {
        let left = 1;
        const loses = (answers: readonly { seq: number }[]): boolean =>
          answers.some(({ seq }) => seq === line - 1) && left-- > 0;
        return {
          ...real,
          begin: (window) => (loses(window.answers) ? away() : real.begin(window)),
          finish: (runId, answers) => (loses(answers) ? away() : real.finish(runId, answers)),
        };
      },
    },
  ],
];

const everyByte = Array.from({ length: LINES.join("\n").length + 1 }, (_, n) => ({
  place: `byte ${n + 1}`,
  broken: { fault: { kind: "cut_at_byte", byte: n + 1, once: true } satisfies NewFault },
}));
const everyPlace = LINES.flatMap((_, n) =>
  places(n + 1).map(([place, broken]) => ({ place: `line ${n + 1}, ${place}`, broken })),
);
const ANSWERS: readonly StepChoice[] = ["verify", "retry", "rollback", "skip", "fail"];

test.each(["verify", "retry", "rollback", "fail"] as const)(
  "%s, at every byte of its lines",
  (value) => everywhere(everyByte.map((at) => ({ ...at, way: { value } }))),
  60_000,
);

test("ask, at every byte of its lines, with every answer in turn", async () => {
  await everywhere(
    everyByte.map((at, n) => ({ ...at, way: { value: "ask", choice: ANSWERS[n % ANSWERS.length] ?? "verify" } })),
  );
}, 60_000);

test.each(WAYS.map((way) => [nameOf(way), way] as const))(
  "%s, around every line: row, send, echo, prompt and record",
  (_, way) => everywhere(everyPlace.map((at) => ({ ...at, way }))),
  60_000,
);

/** Some routers side by side, each with one place after the other. */
async function everywhere(breaks: readonly { place: string; broken: Break; way: Way }[]): Promise<void> {
  const queue = [...breaks];
  await Promise.all(
    ROUTERS.map(async (router) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        await once(router, next.place, next.broken, next.way);
    }),
  );
}

async function once(router: string, place: string, broken: Break, way: Way): Promise<void> {
  const r = await w.device(router);
  const before = await w.config(router);
  const change = await w.approve([r], LINES.join("\n"));
  const since = (await w.control.ledger(router)).at(-1)?.seq ?? 0;
  if (broken.fault) await w.control.addFault(router, broken.fault);
  const journal = broken.journal?.(w.journal) ?? w.journal;
  const seen: Seen = { asked: [], known: [] };
  const walk = walkOf(change, r, way, journal, seen);
  const device = { id: r, name: router };
  const ended = await applyDevice(walk, device);
  await w.control.clearFaults(router);

  const at = `${nameOf(way)}, ${place}`;
  const ledger = (await w.control.ledger(router, since)).filter((e) => e.kind === "config");
  const effects = (line: string): number => ledger.filter((e) => e.line.trim() === line && e.changed).length;
  const config = await w.config(router);
  for (const line of LEAVES) expect(effects(line), `${at}: times that ${line} took effect`).toBeLessThanOrEqual(1);
  const rows = await w.rows(change);
  for (const line of LINES.map((l) => l.trim()))
    expect(
      rows.filter((row) => row.line.trim() === line).length,
      `${at}: ${line} has a row for each time it was sent`,
    ).toBeGreaterThanOrEqual(ledger.filter((e) => e.line.trim() === line).length);
  // Who breaks before anything may be there begins anew by itself, whatever the value.
  const began = seen.known.includes("something_sent");
  expect(ended, at).toBe(began ? endOf(way) : "sent");
  expect(seen.asked.length, `${at}: asked`).toBe(way.value === "ask" && began ? 1 : 0);

  const doubt = rows.filter((row) => row.state === "sent");
  expect(new Set(doubt.map((row) => row.window_no)).size, `${at}: windows in doubt`).toBeLessThanOrEqual(1);
  if (ended === "sent") for (const line of LEAVES) expect(config, at).toContain(line);
  if (ended === "left") {
    // It stays as it is, and the journal says how that is: only the line in doubt may be there or not.
    for (const [seq, line] of LINES.entries()) {
      const state = rows.findLast((row) => row.seq === seq)?.state;
      if (state === "sent") continue;
      expect(config.includes(line), `${at}: ${line.trim()} is ${state ?? "not sent"}`).toBe(state === "taken");
    }
  }
  if (ended === "failed") {
    expect(await rollbackDevice(walk, device), at).toBe("rolled_back");
    expect(await w.config(router), at).toBe(before);
  }
  await endRun(w, change);
  await w.control.reset(router);
}

function endOf({ value, choice }: Way): Applied {
  const how = choice ?? value;
  return how === "verify" || how === "retry" ? "sent" : how === "rollback" ? "failed" : "left";
}

/** What the walk asked for: people, and what the journal knows. */
type Seen = { asked: string[]; known: string[] };

/** The walk of one device, with the activities' work and without the engine that calls them. */
function walkOf(change: Change, deviceId: string, { value, choice }: Way, journal: Journal, seen: Seen): Walk {
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
      chosen: () => Promise.resolve(),
      note: () => Promise.resolve(true),
      loadControls: () => Promise.resolve({ paused: false, cancelled: false }),
    },
    checking: { settleDevice: async ({ force }) => (await w.settle(change, deviceId, force)).verdict },
    sending: {
      applyDevice: () => send(change, deviceId, "apply", journal),
      rollbackDevice: () => send(change, deviceId, "rollback", w.journal),
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
  change: Change,
  deviceId: string,
  phase: "apply" | "rollback",
  journal: Journal,
): ReturnType<Walk["sending"]["applyDevice"]> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempt(change, deviceId, phase, journal);
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

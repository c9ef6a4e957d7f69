import { isDeepStrictEqual } from "node:util";
import { ENDED, type RunStatus } from "../../domain/contract/run.ts";
import { foldRun, foldStep, NEW_RUN, type StepFacts } from "../../domain/run/fold.ts";
import type { Driven } from "./driver.ts";
import type { Evidence, EventRow, JournalRow, RouterWord } from "./evidence.ts";
import { becameActive, isFrame, isHeader } from "./router-word.ts";

/** One promise: whether it held, in figures, and where it did not. */
export type Check = { name: string; ok: boolean; figures: Record<string, number | string>; violations: string[] };

const MOST_LIMBO_S = 120;

export function runChecks(
  evidence: Evidence,
  driven: readonly Driven[],
  { lastRestart, audit }: { lastRestart: number; audit: { ok: boolean; checked: number; what: string } },
): Check[] {
  return [
    nothingLost(evidence, driven, lastRestart),
    noLineTwice(evidence),
    nothingMissing(evidence, driven),
    oneWindowInDoubt(evidence),
    everyLineHasARow(evidence),
    oneWriter(evidence),
    locksFree(evidence),
    {
      name: "the audit chain verifies",
      ok: audit.ok,
      figures: { rows: audit.checked },
      violations: audit.ok ? [] : [audit.what],
    },
    eventsFold(evidence),
    somethingWorked(evidence),
  ];
}

/** What the seeds have to show together: one of them alone may be spared by its plan. */
export type Seen = { handedOver: number; inDoubt: number };

/** Devices on which more than one attempt wrote under more than one right, and lines that a read-back judged, or nobody. */
export function seenIn({ journal, routers }: Pick<Evidence, "journal" | "routers">): Seen {
  const epochs = new Map<string, Set<number>>();
  for (const { change_id, device_id, direction, epoch } of journal) {
    const at = `${change_id} ${device_id} ${direction}`;
    epochs.set(at, (epochs.get(at) ?? new Set()).add(epoch));
  }
  const isStaged = (id: string): boolean =>
    routers.find(({ deviceId }) => deviceId === id)?.router.device_type !== "cisco_ios";
  // What was loaded into a candidate and thrown away is "absent" without having been in doubt.
  const inDoubt = journal.filter(
    ({ state, device_id }) => state === "sent" || state === "present" || (state === "absent" && !isStaged(device_id)),
  );
  return { handedOver: [...epochs.values()].filter(({ size }) => size > 1).length, inDoubt: inDoubt.length };
}

/** Promises that hold because nothing ever works are worth nothing. */
function somethingWorked(evidence: Evidence): Check {
  const active = evidence.routers.reduce(
    (sum, word) =>
      sum +
      word.ledger.filter((e) => !isFrame(e.line.trim()) && !isHeader(e.line.trim()) && becameActive(e, word)).length,
    0,
  );
  const succeeded = evidence.runs.filter(({ status }) => status === "success").length;
  const { handedOver, inDoubt } = seenIn(evidence);
  return check(
    "the product works all the while",
    {
      "lines that took effect": active,
      "runs that succeeded": succeeded,
      "devices handed over to another attempt": handedOver,
      "lines in doubt or settled": inDoubt,
    },
    [...(active === 0 ? ["no line took effect on any router"] : []), ...(succeeded === 0 ? ["no run succeeded"] : [])],
  );
}

const check = (name: string, figures: Check["figures"], violations: string[]): Check => ({
  name,
  ok: violations.length === 0,
  figures,
  violations,
});

function nothingLost({ runs, steps }: Evidence, driven: readonly Driven[], lastRestart: number): Check {
  const violations: string[] = [];
  let slowest = 0;
  for (const one of driven) {
    const mine = runs.filter(({ title }) => title === `chaos ${one.spec.mark}`);
    const [run] = mine;
    const name = `chaos ${one.spec.mark}`;
    if (mine.length > 1) violations.push(`${name}: one request, ${mine.length} runs`);
    if (run === undefined || run.id !== one.runId) violations.push(`${name}: accepted, and not there`);
    else if (!ENDED.includes(run.status) || run.completed_at === null)
      violations.push(`${name}: still ${run.status}: ${run.message ?? ""}`);
    else {
      const after = (run.completed_at.getTime() - Math.max(lastRestart, one.acceptedAt)) / 1000;
      slowest = Math.max(slowest, after);
      const open = steps.find((s) => s.run_id === run.id && s.completed_at === null);
      if (open !== undefined) violations.push(`${name}: ended, and step ${open.step} ${open.device} is ${open.status}`);
      if (after > MOST_LIMBO_S) violations.push(`${name}: ended ${after.toFixed(0)} s after the last restart`);
    }
  }
  const ended: Partial<Record<RunStatus, number>> = {};
  for (const { status } of runs) ended[status] = (ended[status] ?? 0) + 1;
  return check(
    "no run is lost, or in limbo for more than 120 s after the last restart",
    { accepted: driven.length, ...ended, "last one ended after the last restart, s": Number(slowest.toFixed(1)) },
    violations,
  );
}

/** By the routers' ledgers: every line took effect at most as often as the plan has it. */
function noLineTwice({ journal, routers }: Evidence): Check {
  const violations: string[] = [];
  let lines = 0;
  for (const word of routers) {
    const planned = new Map<string, Set<string>>();
    for (const row of journal.filter((j) => j.device_id === word.deviceId && j.direction !== "keep")) {
      const text = row.line.trim();
      const places = planned.get(text) ?? new Set();
      planned.set(text, places.add(`${row.change_id} ${row.direction} ${row.seq}`));
    }
    for (const [text, places] of planned) {
      if (isHeader(text) || isFrame(text)) continue;
      const times = word.ledger.filter((e) => e.line.trim() === text && becameActive(e, word)).length;
      lines += times;
      if (times > places.size)
        violations.push(`${word.router.name}: “${text}” took effect ${times} times, planned ${places.size}`);
    }
  }
  // By the journal: what is known to be there is not sent again.
  const known = new Map<string, number>();
  for (const row of [...journal].sort((a, b) => a.attempt - b.attempt)) {
    if (row.direction === "keep" || isHeader(row.line.trim())) continue;
    const at = `${row.change_id} ${row.device_id} ${row.direction} ${row.seq}`;
    const before = known.get(at);
    if (before !== undefined)
      violations.push(
        `journal: line ${row.seq} “${row.line.trim()}” was there since attempt ${before}, and sent again in ${row.attempt}`,
      );
    if (row.state === "taken" || row.state === "present") known.set(at, row.attempt);
  }
  return check("no line twice", { "lines that took effect": lines }, violations);
}

/** What a router has at the end is what its run says. */
function nothingMissing({ runs, steps, journal, planned, routers }: Evidence, driven: readonly Driven[]): Check {
  const violations: string[] = [];
  const figures = { kept: 0, "taken back": 0, "left, as told": 0, "in doubt, as told": 0 };
  for (const one of driven) {
    const run = runs.find(({ id }) => id === one.runId);
    if (run === undefined || !ENDED.includes(run.status)) continue;
    for (const [name, lines] of one.lines) {
      const word = routers.find(({ router }) => router.name === name);
      if (word === undefined) continue;
      const rows = journal.filter((j) => j.run_id === run.id && j.device_id === word.deviceId);
      const rolledBack = steps.some(
        (s) => s.run_id === run.id && s.step === "rollback" && s.device.endsWith(name) && s.status === "success",
      );
      for (const [seq, line] of lines.entries()) {
        const there = isThere(word, line);
        const expected = !planned.includes(`${run.change_id} ${word.deviceId}`)
          ? "gone"
          : run.status === "success"
            ? "there"
            : run.status === "rolled_back" || rolledBack
              ? "gone"
              : toldOf(word, rows, seq, lines.length, one.spec.confirmMinutes);
        if (expected === "open") figures["in doubt, as told"] += 1;
        else if (there !== (expected === "there"))
          violations.push(
            `${name}, ${run.title}, ${run.status}: “${line.trim()}” is ${there ? "" : "not "}there; the run says ${expected}`,
          );
        else if (run.status === "success") figures.kept += 1;
        else if (expected === "gone") figures["taken back"] += 1;
        else figures["left, as told"] += 1;
      }
    }
  }
  return check("no line is missing, or left over, unreported", figures, violations);
}

/** What the journal tells of a line of a change that neither was kept nor went back as a whole. */
function toldOf(
  { router }: RouterWord,
  rows: readonly JournalRow[],
  seq: number,
  total: number,
  confirmMinutes: number,
): "there" | "gone" | "open" {
  // A way back that was begun and not ended: its step says so.
  if (rows.some((row) => row.direction === "rollback")) return "open";
  const newest = (n: number): JournalRow | undefined =>
    rows.filter((row) => row.direction === "apply" && row.seq === n).sort((a, b) => b.attempt - a.attempt)[0];
  const state = newest(seq)?.state;
  if (router.device_type === "cisco_ios")
    return state === "sent" ? "open" : state === "taken" || state === "present" ? "there" : "gone";
  const commit = newest(total)?.state;
  if (commit === "sent") return "open";
  if (commit !== "taken" && commit !== "present") return "gone";
  // Committed with a timer and not confirmed: it goes back without being told, as the run's last words say.
  return confirmMinutes > 0 && !rows.some((row) => row.direction === "keep") ? "open" : "there";
}

function isThere({ router, running }: RouterWord, line: string): boolean {
  if (router.device_type !== "juniper_junos") return running.split("\n").some((have) => have.trim() === line.trim());
  // Statements end in an address that no other line has; the config shows it in braces.
  return running.includes(line.split(" ").at(-1) ?? line);
}

/** Each attempt breaks once at most, with one window whose answer nobody knows. */
function oneWindowInDoubt({ journal, routers }: Evidence): Check {
  const doubts = new Map<string, Set<number>>();
  for (const row of journal) {
    const word = routers.find(({ deviceId }) => deviceId === row.device_id);
    // A candidate that was thrown away was never active: of a staged change, only the commit can be in doubt.
    if (word?.router.device_type !== "cisco_ios") continue;
    const told = row.state === "taken" || row.state === "refused" || (row.answer?.startsWith("not sent") ?? false);
    if (told) continue;
    const at = `${word.router.name} ${row.change_id} ${row.direction} attempt ${row.attempt}`;
    doubts.set(at, (doubts.get(at) ?? new Set()).add(row.window_no));
  }
  const violations = [...doubts].flatMap(([at, windows]) =>
    windows.size > 1 ? [`${at}: windows ${[...windows].join(", ")}`] : [],
  );
  return check("at most one window in doubt for each break", { "windows in doubt": doubts.size }, violations);
}

/** What reached a router in its configuration mode has a row that was written before. */
function everyLineHasARow({ journal, routers }: Evidence): Check {
  const violations: string[] = [];
  let lines = 0;
  for (const word of routers) {
    const rows = journal.filter((j) => j.device_id === word.deviceId);
    for (const entry of word.ledger) {
      if (entry.kind !== "config" || isFrame(entry.line.trim())) continue;
      lines += 1;
      const text = entry.line.trim();
      const own = rows.filter((row) => row.line.trim() === text);
      const before = own.filter((row) => row.sent_at.getTime() <= Date.parse(entry.at)).length;
      const came = word.ledger.filter(
        (e) => e.kind === "config" && e.line.trim() === text && e.seq <= entry.seq,
      ).length;
      if (came > before)
        violations.push(`${word.router.name}: “${text}” came ${came} times by ${entry.at}, with ${before} rows`);
    }
  }
  return check("no line on a device without its journal row", { "lines on devices": lines }, violations);
}

/** By the ledgers: once a later epoch has written to a device, no earlier one does. */
function oneWriter({ journal, routers, events }: Evidence): Check {
  const violations: string[] = [];
  let handovers = 0;
  for (const word of routers) {
    const rows = journal.filter((j) => j.device_id === word.deviceId);
    let last: { epoch: number; session: string } = { epoch: 0, session: "" };
    for (const entry of word.ledger) {
      if (entry.kind !== "config" || isFrame(entry.line.trim())) continue;
      const row = rows.findLast(
        (j) => j.line.trim() === entry.line.trim() && j.sent_at.getTime() <= Date.parse(entry.at),
      );
      if (row === undefined) continue;
      if (row.epoch < last.epoch)
        violations.push(`${word.router.name}: “${entry.line.trim()}” of epoch ${row.epoch} after epoch ${last.epoch}`);
      if (row.epoch === last.epoch && entry.session !== last.session)
        violations.push(`${word.router.name}: two sessions write in epoch ${row.epoch}`);
      if (row.epoch > last.epoch && entry.session !== last.session) handovers += 1;
      last = { epoch: row.epoch, session: entry.session };
    }
  }
  const refused = events.filter(({ message }) => WOKE_TOO_LATE.test(message ?? "")).length;
  return check(
    "no two writers on a device",
    { "changes of session": handovers, "writers that woke too late and were refused": refused },
    violations,
  );
}

/** What a stopped worker says of itself when it wakes up and its right is gone. */
const WOKE_TOO_LATE =
  /^too late|another worker has taken over|the lease on .* ran out|it must be read back before anything is sent again/;

function locksFree({ held, queued }: Evidence): Check {
  return check("every lock is free at the end", { held: held.length, queued }, [
    ...held.map((name) => `${name} is still held`),
    ...(queued > 0 ? [`${queued} places in queues are left`] : []),
  ]);
}

/** The rows that people see are what the events give when they are folded from the beginning. */
function eventsFold({ runs, steps, events }: Evidence): Check {
  const violations: string[] = [];
  for (const run of runs) {
    const mine = events.filter((e) => e.run_id === run.id);
    const gap = mine.find((event, n) => event.seq !== n + 1);
    if (gap !== undefined || mine.length !== run.last_seq) violations.push(`${run.title}: events have gaps`);
    const { status, message, started_at, completed_at, error } = run;
    if (!isDeepStrictEqual(mine.reduce(foldRun, NEW_RUN), { status, message, started_at, completed_at, error }))
      violations.push(`${run.title}: the run's row is not what its events say`);
    const folded = foldSteps(mine);
    const rows = steps.filter((s) => s.run_id === run.id);
    if (rows.length !== folded.size)
      violations.push(`${run.title}: ${rows.length} steps, by the events ${folded.size}`);
    for (const { run_id: _, step, device, ...facts } of rows)
      if (!isDeepStrictEqual(folded.get(`${step} ${device}`), facts))
        violations.push(`${run.title}: step ${step} ${device} is not what its events say`);
  }
  return check("events fold to the rows that are shown", { runs: runs.length, events: events.length }, violations);
}

function foldSteps(events: readonly EventRow[]): Map<string, StepFacts> {
  const steps = new Map<string, StepFacts>();
  for (const event of events.filter((e) => e.kind === "step")) {
    const key = `${event.step ?? ""} ${event.device ?? ""}`;
    steps.set(key, foldStep(steps.get(key) ?? null, event));
  }
  return steps;
}

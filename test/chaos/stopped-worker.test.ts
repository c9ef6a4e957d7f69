import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JournalLine, Run } from "../../domain/contract/run.ts";
import { ask, plan } from "../support/network.ts";
import { startRig, type Rig } from "./rig.ts";

const ROUTER = "lab-ams-1";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ say: () => undefined });
});
afterAll(() => rig.stop());
let since = 0;
beforeEach(async () => {
  since = (await rig.product.lab.ledger(ROUTER)).at(-1)?.seq ?? 0;
});
afterEach(async () => {
  for (const pid of stopped.splice(0)) process.kill(pid, "SIGCONT");
  await rig.product.lab.clearFaults(ROUTER);
});

const stopped: number[] = [];
function stop(pid: number): void {
  process.kill(pid, "SIGSTOP");
  stopped.push(pid);
}
function wake(pid: number): void {
  stopped.splice(stopped.indexOf(pid), 1);
  process.kill(pid, "SIGCONT");
}

const leaves = (mark: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `ntp server 10.77.${mark}.${i + 1}`);

/** Plans, approves, and waits until so many lines have left. */
async function begin(
  mark: number,
  { delayMs, lines, onInterrupted = "verify" }: { delayMs: number; lines: number; onInterrupted?: string },
): Promise<Run> {
  await rig.product.lab.clearFaults(ROUTER);
  await rig.product.lab.addFault(ROUTER, { kind: "slow_line", match: "10\\.77", delay_ms: delayMs });
  const planned = await plan(rig.operator, {
    title: `held ${mark}`,
    targets: [{ device: ROUTER, lines: leaves(mark, 20) }],
    on_interrupted: onInterrupted,
  });
  const asked = await ask(rig.operator, planned);
  await rig.operator.post(`/approvals/${asked.approval_id}/approve`, {});
  await expect.poll(() => sentLines(planned.run.id), { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(lines);
  return planned.run;
}

const journalOf = async (runId: string): Promise<JournalLine[]> =>
  (await rig.operator.get<{ lines: JournalLine[] }>(`/runs/${runId}/lines`)).lines.filter(
    (l) => l.direction === "apply",
  );
const sentLines = async (runId: string): Promise<number> =>
  (await journalOf(runId)).filter((l) => l.state !== "not_sent").length;
/** The lines of ours that reached the router, in order. */
const reached = async (): Promise<string[]> =>
  (await rig.product.lab.ledger(ROUTER, since))
    .filter((e) => e.kind === "config" && e.line.includes("10.77."))
    .map((e) => e.line.trim());
const lockOf = async (): Promise<{
  epoch: number;
  holder: string | null;
  run_id: string | null;
  expires_at: Date | null;
}> => {
  const [row] = await rig.pool()<
    { epoch: number; holder: string | null; run_id: string | null; expires_at: Date | null }[]
  >`select epoch, holder, run_id, expires_at from device_locks where device_id = (select id from devices where name = ${ROUTER})`;
  if (row === undefined) throw new Error("the device has no lock row");
  return row;
};
/** The process of the worker that writes to the device now: its name ends in its pid and a part by chance. */
async function writer(): Promise<number> {
  const { holder } = await lockOf();
  const pid = Number(/-(\d+)-[0-9a-f]{8}$/.exec(holder ?? "")?.[1]);
  expect([...(await rig.pids("worker")), ...(await rig.pids("worker-2"))]).toContain(pid);
  return pid;
}
const inConfigMode = async (): Promise<boolean> => {
  // Whoever is in the configuration mode has entered it and not left it, on a connection that is still there.
  const { sessions } = await rig.product.lab.router(ROUTER);
  const ledger = await rig.product.lab.ledger(ROUTER, since);
  return sessions.some(({ id }) => {
    const mine = ledger.filter((e) => e.session === id);
    return mine.findLastIndex((e) => e.line === "configure terminal") > mine.findLastIndex((e) => e.line === "end");
  });
};

test("a worker that is stopped in the middle and wakes while another one writes is refused by its epoch: no line of it follows", async () => {
  const run = await begin(1, { delayMs: 500, lines: 3 });
  const first = await writer();
  const { epoch } = await lockOf();
  stop(first);
  // Its lease runs out, another worker reads back under a new epoch, and goes on.
  const later = async (): Promise<number> => {
    const rows = await rig.pool()<
      { n: number }[]
    >`select count(*)::int as n from journal where run_id = ${run.id} and epoch > ${epoch}`;
    return rows[0]?.n ?? 0;
  };
  await expect.poll(later, { timeout: 90_000, interval: 100 }).toBeGreaterThanOrEqual(2);
  wake(first);
  const ended = await rig.operator.untilEnded(run.id, 90);
  expect(ended.status, JSON.stringify(ended, null, 1)).toBe("success");
  // Every line once, in order, whoever sent it.
  expect(await reached()).toEqual(leaves(1, 20));
  const rows = await rig.pool()<
    { holder: string; epoch: number }[]
  >`select holder, epoch from journal where run_id = ${run.id} and direction = 'apply' order by sent_at`;
  expect(new Set(rows.map((r) => r.holder)).size).toBe(2);
  expect(rows.map((r) => r.epoch)).toEqual(rows.map((r) => r.epoch).sort((a, b) => a - b));
  // The one that woke says so itself.
  const said = async (): Promise<string[]> =>
    (await rig.operator.get<{ events: { message: string | null }[] }>(`/runs/${run.id}/history?limit=200`)).events.map(
      (e) => e.message ?? "",
    );
  await expect
    .poll(said, { timeout: 30_000 })
    .toContainEqual(expect.stringMatching(/another worker has taken over|the lease on .* ran out/));
}, 240_000);

describe("stopped by a person within 10 s", () => {
  const PRESSED = [
    { verb: "pause", away: "nobody" },
    { verb: "cancel", away: "nobody" },
    { verb: "pause", away: "temporal" },
    { verb: "cancel", away: "temporal" },
    { verb: "pause", away: "worker" },
    { verb: "cancel", away: "worker" },
  ] as const;
  test.each(PRESSED)(
    "$verb in the middle of a slow line, with $away away",
    async ({ verb, away }) => {
      const mark = 10 + PRESSED.findIndex((p) => p.verb === verb && p.away === away);
      const run = await begin(mark, { delayMs: 1500, lines: 2 });
      const [temporal = 0] = away === "temporal" ? await rig.pids("temporal") : [];
      if (away === "temporal") stop(temporal);
      if (away === "worker") process.kill(await writer(), "SIGKILL");
      const pressed = Date.now();
      const answer = await rig.operator.call("POST", `/runs/${run.id}/${verb}`, { reason: "test" });
      expect(answer.status).toBe(200);

      // Nothing more leaves, the configuration mode is left, and the state says which line was the last.
      await expect.poll(inConfigMode, { timeout: pressed + 10_000 - Date.now(), interval: 100 }).toBe(false);
      const sent = await reached();
      const lines = await journalOf(run.id);
      const last = lines.findLast((l) => l.state !== "not_sent");
      expect(last?.line.trim()).toBe(sent.at(-1));
      expect(last?.state).toBe(away === "worker" ? "in_doubt" : "taken");
      expect(lines.filter((l) => l.state === "in_doubt").length).toBeLessThanOrEqual(1);
      expect(lines.filter((l) => l.state === "not_sent").length).toBe(20 - sent.length);
      const shown = (await rig.operator.get<{ run: Run }>(`/runs/${run.id}`)).run;
      expect(verb === "pause" ? shown.pause_requested : shown.cancel_requested).toBe(true);
      if (away === "temporal" || verb === "pause") {
        const step = shown.steps.find((s) => s.id === "apply" && s.device === ROUTER);
        if (away !== "worker")
          expect(step).toMatchObject({ status: "paused", message: `stopped before line ${sent.length + 1}` });
      }
      const free = async (): Promise<boolean> => {
        const lock = await lockOf();
        return lock.holder === null || (lock.expires_at?.getTime() ?? 0) < Date.now();
      };
      // A killed worker cannot give its lease back: it runs out.
      await expect
        .poll(free, { timeout: away === "worker" ? 25_000 : Math.max(1, pressed + 10_000 - Date.now()) })
        .toBe(true);
      if (verb === "cancel") {
        if (away === "temporal") wake(temporal);
        const ended = await rig.operator.untilEnded(run.id, 40);
        expect(ended).toMatchObject({ status: "cancelled", message: expect.stringContaining(ROUTER) as string });
        await expect.poll(async () => (await lockOf()).run_id, { timeout: 10_000 }).toBeNull();
        expect(await reached()).toEqual(sent);
        return;
      }
      // Still nothing more, however long; then it goes on behind the last line.
      await sleep(2_000);
      expect(await reached()).toEqual(sent);
      if (away === "temporal") wake(temporal);
      await rig.operator.untilRun(run.id, (r) => r.status === "paused", 60);
      await rig.product.lab.clearFaults(ROUTER);
      await rig.operator.post(`/runs/${run.id}/resume`, {});
      expect((await rig.operator.untilEnded(run.id, 90)).status).toBe("success");
      expect(await reached()).toEqual(leaves(mark, 20));
    },
    150_000,
  );
});

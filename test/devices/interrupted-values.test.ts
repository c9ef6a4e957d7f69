import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StepChoice } from "../../domain/contract/run.ts";
import type { NewFault } from "../../lab/faults.ts";
import { applyDevice, rollbackDevice } from "../../workflows/device-walk.ts";
import { endOf, linePlaces, nameOf, rowPlaces, walkOf, WAYS, type Break, type Seen, type Way } from "./walk.ts";
import { createLabWorld, endRun, type LabWorld } from "./world.ts";

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

const everyByte = Array.from({ length: LINES.join("\n").length + 1 }, (_, n) => ({
  place: `byte ${n + 1}`,
  broken: { fault: { kind: "cut_at_byte", byte: n + 1, once: true } satisfies NewFault },
}));
const everyPlace = LINES.flatMap((_, n) =>
  [...rowPlaces(n), ...linePlaces(n + 1)].map(([place, broken]) => ({ place: `line ${n + 1}, ${place}`, broken })),
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
  const walk = walkOf(w, change, r, way, { journal, seen });
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

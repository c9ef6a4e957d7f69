import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { applyDevice, rollbackDevice } from "../../workflows/device-walk.ts";
import { endOf, linePlaces, nameOf, rowPlaces, walkOf, WAYS, type Break, type Seen, type Way } from "./walk.ts";
import { createLabWorld, endRun, type LabWorld } from "./world.ts";

/** The same for platforms that load a candidate and commit it: a break before the commit leaves nothing, one at the commit is settled by its label. */
const BOXES = [
  { routers: ["lab-ams-2", "lab-fra-2"], lines: ["interface Ethernet1", "   description b7"] },
  {
    routers: ["lab-ams-3", "lab-fra-3"],
    lines: ["set interfaces ge-0/0/1 description b7", "set system ntp server 10.9.9.9"],
  },
] as const;
const ROUTERS = BOXES.flatMap(({ routers }) => routers);
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

const COMMIT = BOXES[0].lines.length;
const PLACES: readonly [string, Break][] = [
  ...rowPlaces(0).map(([place, broken]): [string, Break] => [`the candidate, ${place}`, broken]),
  ...linePlaces(2).map(([place, broken]): [string, Break] => [`a loaded line, ${place}`, broken]),
  ...[...rowPlaces(COMMIT), ...linePlaces(1, "^commit")].map(([place, broken]): [string, Break] => [
    `the commit, ${place}`,
    broken,
  ]),
];

/** An answer goes the same way as the value of its name: two of them stand for all. */
const ways = WAYS.filter(({ choice }) => choice === undefined || choice === "verify" || choice === "skip");

test.each(ways.map((way) => [nameOf(way), way] as const))(
  "%s, around the candidate and its commit",
  async (_, way) => {
    await Promise.all(
      BOXES.flatMap(({ routers, lines }) => {
        const queue = PLACES.map(([place, broken], n) => ({ place, broken, confirmMinutes: n % 2 === 0 ? 0 : 10 }));
        return routers.map(async (router) => {
          for (let next = queue.shift(); next !== undefined; next = queue.shift())
            await once({ router, lines }, `${nameOf(way)}, ${next.place}`, next.broken, way, next.confirmMinutes);
        });
      }),
    );
  },
  60_000,
);

async function once(
  { router, lines }: { router: string; lines: readonly string[] },
  at: string,
  broken: Break,
  way: Way,
  confirmMinutes: number,
): Promise<void> {
  const r = await w.device(router);
  const before = await w.config(router);
  const change = await w.approve([r], lines.join("\n"), { confirmMinutes });
  const since = (await w.control.ledger(router)).at(-1)?.seq ?? 0;
  if (broken.fault) await w.control.addFault(router, broken.fault);
  const seen: Seen = { asked: [], known: [] };
  const walk = walkOf(w, change, r, way, { journal: broken.journal?.(w.journal) ?? w.journal, seen });
  const device = { id: r, name: router };
  const ended = await applyDevice(walk, device);
  await w.control.clearFaults(router);

  expect(ended, at).toBe(seen.known.includes("something_sent") ? endOf(way) : "sent");
  const commits = (await w.control.ledger(router, since)).filter(
    (e) => e.kind === "config" && /^commit(?! check)/.test(e.line) && e.changed,
  );
  expect(commits.length, `${at}: commits`).toBeLessThanOrEqual(1);
  const there = (await w.config(router)).includes("description b7");
  if (ended === "sent") expect(there, at).toBe(true);
  if (ended === "left") {
    const commit = (await w.rows(change)).findLast((row) => row.seq === COMMIT)?.state;
    if (commit !== "sent") expect(there, `${at}: the commit is ${commit ?? "not sent"}`).toBe(commit === "taken");
  }
  if (ended === "failed") {
    expect(await rollbackDevice(walk, device), at).toBe("rolled_back");
    expect(await w.config(router), at).toBe(before);
  }
  await endRun(w, change);
  await w.control.reset(router);
}

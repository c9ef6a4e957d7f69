import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Change } from "../../domain/contract/change.ts";
import { ENDED, type JournalLine, type Run } from "../../domain/contract/run.ts";
import type { RouterState } from "../../lab/control.ts";
import { missingFrom, sixtyLines, takenTwice } from "../support/lines-held.ts";
import { startProduct, type Part, type Product } from "../support/product.ts";
import { seeded } from "../support/seeded.ts";

const SEED = Number(process.env.KILL_SEED ?? 20261124);
/** Each is killed at least once; the seed says in which order and when. */
const PARTS: readonly Part[] = ["worker", "api", "temporal", "postgres", "worker"];

let product: Product;
let routers: RouterState[];
beforeAll(async () => {
  product = await startProduct();
  routers = await product.lab.routers();
});
afterAll(() => product.stop());

test.each([
  { onInterrupted: "verify" as const, mark: 1 },
  { onInterrupted: "ask" as const, mark: 2 },
])(
  "SIGKILL of worker, API, Temporal and Postgres while 60 lines go to all nine routers: no line twice, none missing unreported ($onInterrupted)",
  { timeout: 420_000 },
  async ({ onInterrupted, mark }) => {
    const chance = seeded(SEED + mark);
    // A router that takes its time, so that kills fall into the middle of lines and not only between devices.
    for (const router of routers) await product.lab.addFault(router.name, { kind: "slow_line", delay_ms: 150 });
    const before = new Map(
      await Promise.all(
        routers.map(async (r) => [r.name, (await product.lab.ledger(r.name)).at(-1)?.seq ?? 0] as const),
      ),
    );
    const lines = new Map(routers.map((r) => [r.name, sixtyLines(r, mark)]));
    const { change, run } = await product.admin.post<{ change: Change; run: Run }>("/changes?wait=30", {
      title: `Kill ${mark}`,
      targets: routers.map((r) => ({ device: r.name, lines: lines.get(r.name) })),
      on_interrupted: onInterrupted,
      confirm_minutes: 10,
    });
    expect(change.status).toBe("draft");
    await product.admin.post(`/changes/${change.id}/apply`, { hash: change.hash, reason: "kill test" });
    const { approval_id } = (await product.admin.get<{ change: Change }>(`/changes/${change.id}`)).change;
    await product.admin.post(`/approvals/${approval_id}/approve`, { hash: change.hash });

    const killed: string[] = [];
    for (const part of chance.shuffle(PARTS)) {
      await sleep(chance.between(300, 3000));
      await product.kill(part);
      killed.push(part);
    }

    // Whoever is asked answers: read back, then send what is missing.
    let settled: Run | undefined;
    for (const end = Date.now() + 240_000; Date.now() < end && !settled; await sleep(500)) {
      const answer = await product.admin.call("GET", `/runs/${run.id}`).catch(() => undefined);
      if (answer?.status !== 200) continue;
      const now = answer.data.run as unknown as Run;
      for (const step of now.steps.filter((s) => s.status === "interrupted"))
        await product.admin
          .call("POST", `/runs/${run.id}/resume`, {
            device: step.device,
            choice: step.id === "rollback" || step.id === "keep" ? "retry" : "verify",
          })
          .catch(() => undefined);
      if (ENDED.includes(now.status)) settled = now;
    }
    for (const router of routers) await product.lab.clearFaults(router.name);
    expect(settled, `the run neither ended nor asked after ${killed.join(", ")}`).toBeDefined();

    const journal = (await product.admin.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines`)).lines;
    for (const router of routers) {
      const mine = lines.get(router.name) ?? [];
      const ledger = await product.lab.ledger(router.name, before.get(router.name));
      expect(
        takenTwice(router, mine, ledger),
        `${router.name}: lines taken twice (killed ${killed.join(", ")})`,
      ).toEqual([]);
      const { running } = await product.lab.running(router.name);
      const missing = missingFrom(router, mine, running);
      if (settled?.status === "success") expect(missing, `${router.name}: kept, but lines are missing`).toEqual([]);
      // Whatever is missing must be told: as rolled back, or as a line that was not taken.
      const reported =
        settled?.status === "rolled_back" ||
        journal.some((l) => l.device === router.name && l.direction === "apply" && l.state !== "taken");
      if (missing.length > 0)
        expect(reported, `${router.name}: ${missing.length} lines are missing and nobody says so`).toBe(true);
      // No line without a journal row: what the router took of ours stands in the journal.
      const journaled = new Set(journal.filter((l) => l.device === router.name).map((l) => l.line.trim()));
      const unknown = ledger.filter(
        (e) => e.kind === "config" && mine.some((l) => l.trim() === e.line.trim()) && !journaled.has(e.line.trim()),
      );
      expect(unknown, `${router.name}: lines without a journal row`).toEqual([]);
    }
    console.log(`seed ${SEED + mark}: killed ${killed.join(", ")}; the run ended ${settled?.status}`);
  },
);

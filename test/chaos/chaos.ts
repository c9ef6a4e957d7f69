import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "./checks.ts";
import { runChecks, seenIn, type Seen } from "./checks.ts";
import { drive, type Driven } from "./driver.ts";
import { collect, type Evidence } from "./evidence.ts";
import { heal, inflict, untilAllRun, type Inflicted } from "./inject.ts";
import { describeOpenRuns } from "./open-runs.ts";
import { planInjuries } from "./plan.ts";
import { startRig, type Rig } from "./rig.ts";
import { planChanges } from "./workload.ts";

/** One seed, from the start of the product to the verdict. */
export type ChaosResult = {
  seed: number;
  minutes: number;
  startedAt: string;
  lastRestartAt: string;
  endedAt: string;
  /** What could not be tried here, and why. */
  skipped: string[];
  inflicted: Inflicted[];
  runs: RunLine[];
  checks: Check[];
  seen: Seen;
  /** What the supervisors said. */
  log: string[];
};
export type RunLine = {
  title: string;
  routers: string[];
  on_interrupted: string;
  act: string;
  spoiled: string;
  status: string;
  message: string;
  seconds: number | null;
  did: string[];
};

/** A little more than a run may be in limbo: what takes longer is told by the check and not by a timeout. */
const SETTLE_S = 150;
const BACK_S = 90;

/** Breaks the product by the seed's plan while changes run; then lets it come to rest, and looks at what it did. */
export async function runChaos(
  { seed, minutes, out, signal }: { seed: number; minutes: number; out: string; signal?: AbortSignal },
  say: (line: string) => void,
): Promise<ChaosResult> {
  const rig = await inTurn(() => startRig({ say }));
  try {
    const ended = new Promise<never>((_, fail) => signal?.addEventListener("abort", () => fail(signal.reason)));
    return await Promise.race([ended, breakAndLook(rig, { seed, minutes, out }, say)]);
  } finally {
    await rig.stop();
  }
}

let lastStart: Promise<unknown> = Promise.resolve();
/** Seeds that run side by side start one after the other: a port that one has found free is not yet taken when another looks. */
function inTurn<T>(start: () => Promise<T>): Promise<T> {
  const mine = lastStart.then(start, start);
  lastStart = mine;
  return mine;
}

async function breakAndLook(
  rig: Rig,
  { seed, minutes, out }: { seed: number; minutes: number; out: string },
  say: (line: string) => void,
): Promise<ChaosResult> {
  const names = rig.routers.map(({ name }) => name);
  const since = await ledgerEnds(rig);
  const startedAt = new Date();
  const driver = drive(rig, planChanges(seed, names));
  const inflicted = await inflict(rig, planInjuries(seed, minutes, names), say);
  driver.stopNew();
  await heal(rig);
  const lastRestart = await untilAllRun(rig, BACK_S);
  const open = driver.driven.filter((one) => one.endedAt === undefined).length;
  say(`everything runs again; ${open} changes are still under way`);
  await Promise.race([driver.finished, sleep(SETTLE_S * 1000, undefined, { ref: false })]);
  driver.abandon();
  await driver.finished;
  await locksLetGo(rig);
  const evidence = await collect(rig, since);
  const checks = runChecks(evidence, driver.driven, { lastRestart, audit: await verifyAudit(rig) });
  if (checks.some(({ ok }) => !ok)) {
    await keepEvidence(rig, evidence, join(out, `broken-${seed}`));
    for (const line of await describeOpenRuns(rig)) say(line);
  }
  return {
    seed,
    minutes,
    startedAt: startedAt.toISOString(),
    lastRestartAt: new Date(lastRestart).toISOString(),
    endedAt: new Date().toISOString(),
    skipped: "missing" in rig.disk ? [rig.disk.missing] : [],
    inflicted,
    runs: driver.driven.map((one) => lineOf(one, evidence)),
    checks,
    seen: seenIn(evidence),
    log: rig.log(),
  };
}

/** Rows, ledgers and logs, for whoever looks for the reason. */
async function keepEvidence(rig: Rig, evidence: Evidence, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "evidence.json"), JSON.stringify(evidence, null, 1));
  await cp(join(rig.product.dataDir, "logs"), join(folder, "logs"), { recursive: true });
}

async function ledgerEnds(rig: Rig): Promise<Map<string, number>> {
  const ends = rig.routers.map(
    async ({ name }) => [name, (await rig.product.lab.ledger(name)).at(-1)?.seq ?? 0] as const,
  );
  return new Map(await Promise.all(ends));
}

/** A lease that its holder could not give back runs out; the sweeper lets go of what ended runs held. */
const LETS_GO_MS = 30_000;
async function locksLetGo(rig: Rig): Promise<void> {
  for (const end = Date.now() + LETS_GO_MS; Date.now() < end; await sleep(500)) {
    const [row] = await rig.pool()<
      { n: number }[]
    >`select count(*)::int as n from device_locks where run_id is not null or expires_at > now()`;
    if (row?.n === 0) return;
  }
}

async function verifyAudit({ product }: Rig): Promise<{ ok: boolean; checked: number; what: string }> {
  const found = await product.admin.get<{ ok: boolean; checked: number; first_bad: unknown }>("/audit/verify");
  return { ok: found.ok, checked: found.checked, what: JSON.stringify(found.first_bad) };
}

function lineOf(one: Driven, { runs }: Evidence): RunLine {
  const run = runs.find(({ id }) => id === one.runId);
  return {
    title: `chaos ${one.spec.mark}`,
    routers: one.spec.routers,
    on_interrupted: one.spec.onInterrupted,
    act: one.spec.act?.kind ?? "",
    spoiled: one.spec.spoiled ?? "",
    status: run?.status ?? "lost",
    message: run?.message ?? "",
    seconds: run?.completed_at ? Math.round((run.completed_at.getTime() - one.acceptedAt) / 1000) : null,
    did: one.did,
  };
}

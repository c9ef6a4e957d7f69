import { Gauge, Registry } from "prom-client";
import { RUN_STATUSES } from "../domain/contract/run.ts";
import { measure, type Measures } from "../services/measures.ts";
import type { Deps } from "./deps.ts";

/** All that Prometheus reads at `/metrics`: this process, the platform as its engines tell it, and every live worker. */
export async function scrape(deps: Pick<Deps, "metrics" | "pool" | "database" | "engine">): Promise<string> {
  const measures = await measure(deps);
  const texts = [
    await deps.metrics.registry.metrics(),
    await platformMetrics(measures),
    ...merged(measures.stored?.workers ?? []),
  ];
  return `${texts.map((text) => text.trimEnd()).join("\n\n")}\n`;
}

function platformMetrics({ postgres, temporal, queues, stored }: Measures): Promise<string> {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> =>
    new Gauge({ name: `netstacks_${name}`, help, labelNames, registers: [registry] });
  const up = gauge("engine_up", "1 when the engine answers", ["engine"]);
  up.set({ engine: "postgres" }, postgres ? 1 : 0);
  up.set({ engine: "temporal" }, temporal ? 1 : 0);
  if (queues) {
    const backlog = gauge("task_queue_backlog", "Tasks of the engine that wait for a worker", ["kind"]);
    const age = gauge("task_queue_oldest_seconds", "For how long the oldest of them waits", ["kind"]);
    const pollers = gauge("task_queue_pollers", "Workers that take such tasks", ["kind"]);
    for (const queue of queues) {
      backlog.set({ kind: queue.kind }, queue.backlog);
      age.set({ kind: queue.kind }, queue.age);
      pollers.set({ kind: queue.kind }, queue.pollers);
    }
  }
  if (stored) {
    const runs = gauge("runs", "Runs, by kind and status", ["kind", "status"]);
    for (const kind of new Set(["change", ...stored.runs.map((r) => r.kind)]))
      for (const status of RUN_STATUSES)
        runs.set({ kind, status }, stored.runs.find((r) => r.kind === kind && r.status === status)?.n ?? 0);
    const { waits } = stored;
    const waiting = gauge("waiting", "How many wait, by what they wait for", ["what"]);
    const oldest = gauge("waiting_oldest_seconds", "For how long the oldest of them waits", ["what"]);
    const wait = (what: string, count: number, seconds: number): void => {
      waiting.set({ what }, count);
      oldest.set({ what }, seconds);
    };
    wait("run_start", waits.starts, waits.start_age);
    wait("run_nudge", waits.nudges, waits.nudge_age);
    wait("approval", waits.approvals, waits.approval_age);
    wait("audit_seal", waits.unsealed, waits.unsealed_age);
    wait("line_answer", waits.unanswered, waits.unanswered_age);
    wait("device_lock", waits.lock_waits, waits.lock_wait_age);
  }
  return registry.metrics();
}

/** Texts of several workers as one: each metric's head once, with the samples of all below it. */
function merged(texts: readonly string[]): string[] {
  const blocks = new Map<string, string[]>();
  for (const block of texts.flatMap((text) => text.split("\n\n"))) {
    const lines = block.split("\n").filter((line) => line !== "");
    const head = lines.filter((line) => line.startsWith("#")).join("\n");
    const samples = lines.filter((line) => !line.startsWith("#"));
    if (head !== "") blocks.set(head, [...(blocks.get(head) ?? []), ...samples]);
  }
  return [...blocks].map(([head, samples]) => [head, ...samples].join("\n"));
}

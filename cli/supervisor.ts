import { setTimeout as sleep } from "node:timers/promises";
import { sendSignal } from "../system/processes.ts";
import type { RunningPart } from "./node-part.ts";
import { removeRunFile, writeRunFile } from "./run-files.ts";

/** How to start a part; after it died it is started with its old address, so that the others find it again. */
export type PartPlan = { name: string; start(): Promise<RunningPart> };

export type Supervisor = {
  /** Starts a part and from then on starts it again whenever it dies. */
  run(plan: PartPlan): Promise<RunningPart>;
  /** Stops the named parts, side by side, and keeps them stopped. */
  stop(names: readonly string[]): Promise<void>;
  /** Ends every part at once, without letting it finish. */
  kill(): void;
};

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;
/** A part that ran this long was well: the next death starts from the first delay again. */
const WELL_AFTER_MS = 30_000;

type Kept = { part: RunningPart | undefined; stopping: AbortController; watch: Promise<void> };

export function createSupervisor({ dataDir, say }: { dataDir: string; say(line: string): void }): Supervisor {
  const kept = new Map<string, Kept>();

  async function start(plan: PartPlan): Promise<RunningPart> {
    const part = await plan.start();
    writeRunFile(dataDir, plan.name, part.mark, part.address);
    return part;
  }

  async function watch(plan: PartPlan, first: RunningPart, it: Kept): Promise<void> {
    let delay = FIRST_DELAY_MS;
    let part = first;
    while (!it.stopping.signal.aborted) {
      const since = Date.now();
      const how = await part.exited;
      it.part = undefined;
      if (it.stopping.signal.aborted) return;
      if (Date.now() - since > WELL_AFTER_MS) delay = FIRST_DELAY_MS;
      say(`${plan.name} ${how}; it is started again`);
      const again = await startAgain(plan, it, delay);
      if (again === undefined) return;
      part = again.part;
      delay = again.nextDelay;
    }
  }

  /** Tries until it runs, or until nobody wants it any more. */
  async function startAgain(
    plan: PartPlan,
    it: Kept,
    firstDelay: number,
  ): Promise<{ part: RunningPart; nextDelay: number } | undefined> {
    for (let delay = firstDelay; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      await Promise.allSettled([sleep(delay, undefined, { signal: it.stopping.signal })]);
      if (it.stopping.signal.aborted) return undefined;
      try {
        const part = await start(plan);
        it.part = part;
        say(`${plan.name} runs again (pid ${part.mark.pid})`);
        return { part, nextDelay: Math.min(delay * 2, LONGEST_DELAY_MS) };
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  }

  return {
    async run(plan) {
      const part = await start(plan);
      const it: Kept = { part, stopping: new AbortController(), watch: Promise.resolve() };
      it.watch = watch(plan, part, it);
      kept.set(plan.name, it);
      return part;
    },
    async stop(names) {
      await Promise.all(
        names.map(async (name) => {
          const it = kept.get(name);
          if (it === undefined) return;
          it.stopping.abort();
          await it.part?.stop();
          // One that was just being started again shows up only now.
          await it.watch;
          await it.part?.stop();
          kept.delete(name);
          removeRunFile(dataDir, name);
        }),
      );
    },
    kill() {
      for (const { part, stopping } of kept.values()) {
        stopping.abort();
        if (part !== undefined) sendSignal(part.mark.pid, "SIGKILL");
      }
    },
  };
}

import { Worker } from "node:worker_threads";
import { TooMany } from "../domain/contract/errors.ts";
import type { InspectJob, Inspected, Job, RenderJob, RenderOutcome, Reply, Result } from "./render-job.ts";

/**
 * Reads and renders templates of users in threads of their own, so that none holds up the server. A template that runs
 * too long, or takes too much memory, is ended from outside, whatever it does.
 */
export type Renderer = {
  /** One result for each item, in order. */
  inspect(items: InspectJob["items"]): Promise<Inspected[]>;
  render(job: Omit<RenderJob, "op">): Promise<RenderOutcome[]>;
  stop(): Promise<void>;
};

export type RendererLimits = {
  threads: number;
  /** How many jobs may wait for a free thread. */
  waiting: number;
  /** For one item, and for all of a job. */
  itemMs: number;
  jobMs: number;
};
const LIMITS: RendererLimits = { threads: 2, waiting: 100, itemMs: 10_000, jobMs: 30_000 };
/** A thread that has to load its code first, on a busy machine. */
const START_MS = 60_000;
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

type Pending = {
  job: Job;
  results: Result[];
  /** Of its time, what is left. */
  leftMs: number;
  done(results: Result[]): void;
  failed(error: Error): void;
};
type Thread = { worker: Worker; work: Pending | undefined; since: number; timer: NodeJS.Timeout | undefined };

export function createRenderer(given: Partial<RendererLimits> = {}): Renderer {
  const limits = { ...LIMITS, ...given };
  const queue: Pending[] = [];
  const threads = new Set<Thread>();
  let stopped = false;

  const run = (job: Job): Promise<Result[]> =>
    new Promise((done, failed) => {
      if (stopped) throw new Error("the renderer has stopped");
      if (queue.length >= limits.waiting)
        throw new TooMany("renderer_busy", "too many templates are being rendered; try again in a few seconds", {
          retryAfter: 3,
        });
      if (job.items.length === 0) return done([]);
      queue.push({ job, results: [], leftMs: limits.jobMs, done, failed });
      hand();
    });

  /** Gives waiting jobs to free threads, and makes threads while there may be more. */
  function hand(): void {
    while (queue.length > 0) {
      const free =
        [...threads].find((t) => t.work === undefined) ?? (threads.size < limits.threads ? open() : undefined);
      if (free === undefined) return;
      const work = queue.shift();
      if (work === undefined) return;
      free.work = work;
      free.since = performance.now();
      watch(free, START_MS);
      free.worker.ref();
      free.worker.postMessage(rest(work));
    }
  }

  function open(): Thread {
    const worker = new Worker(new URL("./render-thread.ts", import.meta.url), {
      name: "render",
      resourceLimits: MEMORY,
      env: {},
      execArgv: [],
    });
    const thread: Thread = { worker, work: undefined, since: 0, timer: undefined };
    threads.add(thread);
    // A thread that waits keeps no process alive.
    worker.unref();
    worker.on("message", (reply: Reply) => hear(thread, reply));
    worker.on("error", (error: Error & { code?: string }) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") end(thread, "needs more memory than a template may take");
      else breakOff(thread, error);
    });
    worker.on("exit", () => breakOff(thread, new Error("a thread that renders ended by itself")));
    return thread;
  }

  function hear(thread: Thread, reply: Reply): void {
    const { work } = thread;
    if (work === undefined || !threads.has(thread)) return;
    if (reply.said === "broken") return breakOff(thread, new Error(reply.why));
    const now = performance.now();
    if (reply.said === "result") {
      work.results.push(reply.result);
      work.leftMs -= now - thread.since;
    }
    thread.since = now;
    if (reply.said !== "done") return watch(thread, Math.min(limits.itemMs, work.leftMs));
    clearTimeout(thread.timer);
    thread.work = undefined;
    thread.worker.unref();
    work.done(work.results);
    hand();
  }

  function watch(thread: Thread, ms: number): void {
    clearTimeout(thread.timer);
    thread.timer = setTimeout(() => end(thread, "takes longer than a template may take"), Math.max(ms, 1));
  }

  /** The item that is at work has reached a bound. Those after it go on in another thread, while there is time left. */
  function end(thread: Thread, why: string): void {
    const work = drop(thread);
    if (work !== undefined) {
      const fault = { kind: "LimitReached" as const, message: why, template: null, line: null, column: null };
      work.results.push({ fault });
      work.leftMs -= performance.now() - thread.since;
      while (work.leftMs <= 0 && work.results.length < work.job.items.length) work.results.push({ fault });
      if (work.results.length < work.job.items.length) queue.unshift(work);
      else work.done(work.results);
    }
    hand();
  }

  function breakOff(thread: Thread, error: Error): void {
    if (!threads.has(thread)) return;
    drop(thread)?.failed(error);
    hand();
  }

  function drop(thread: Thread): Pending | undefined {
    clearTimeout(thread.timer);
    threads.delete(thread);
    const { work } = thread;
    thread.work = undefined;
    void thread.worker.terminate();
    return work;
  }

  return {
    inspect: async (items) => (await run({ op: "inspect", items })) as Inspected[],
    // A thread answers each job with results of its kind.
    render: async (job) => (await run({ ...job, op: "render" })) as RenderOutcome[],
    async stop() {
      stopped = true;
      const open = [...threads];
      for (const work of [...queue.splice(0), ...open.flatMap((t) => t.work ?? [])])
        work.failed(new Error("the renderer has stopped"));
      for (const thread of open) {
        clearTimeout(thread.timer);
        threads.delete(thread);
      }
      await Promise.all(open.map((t) => t.worker.terminate()));
    },
  };
}

/** The items that have no result yet. */
function rest({ job, results }: Pending): Job {
  const from = results.length;
  return job.op === "inspect" ? { ...job, items: job.items.slice(from) } : { ...job, items: job.items.slice(from) };
}

import type { Thread } from "./background.ts";

/** A thread of the browser that renders. */
export const openThread = (): Thread =>
  asThread(new Worker(new URL("./render-worker.ts", import.meta.url), { type: "module", name: "render" }));

/** render-worker.ts answers with what Thread says it does. */
const asThread = (worker: Worker): Thread => worker as unknown as Thread;

import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** A port that neither takes nor refuses connections. */
export type Hole = { close: () => Promise<void> };

/** As many connections as wait at most to be accepted there, and one more. */
const FILL = 2;
const FULL_MS = 150;

/**
 * Listens on the port in a thread that then stands still, and lets connections wait there until the system drops what else
 * comes: to a caller it looks as if the packets were lost on the way.
 */
export async function openHole(host: string, port: number): Promise<Hole> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./black-hole-thread.ts", import.meta.url), { workerData: { host, port, gate } });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const waiting: Socket[] = [];
  // The queue's real length is the system's affair: it is full when a connection is not made any more.
  for (let made = true; made && waiting.length < 32 * FILL;) {
    const socket = connect({ host, port }).on("error", () => undefined);
    waiting.push(socket);
    made = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), FULL_MS);
      socket.once("connect", () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
  return {
    close: async () => {
      const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      for (const socket of waiting) socket.destroy();
      await gone;
    },
  };
}

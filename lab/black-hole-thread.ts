import { createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

/** Only black-hole.ts starts this thread. */
const { host, port, gate } = workerData as { host: string; port: number; gate: Int32Array };
const server = createServer((socket) => socket.destroy());
server.listen({ host, port, backlog: 1 }, () => {
  parentPort?.postMessage("listens");
  // The message is on its way; from here on nothing is accepted.
  setImmediate(() => {
    Atomics.wait(gate, 0, 0);
    server.close();
    parentPort?.close();
  });
});

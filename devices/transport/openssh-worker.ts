import { parentPort, workerData } from "node:worker_threads";
import { openOpensshKey } from "./openssh-frame.ts";

/** Only private-key.ts starts this worker. */
const { text, passphrase } = workerData as { text: string; passphrase: string };
parentPort?.postMessage(openOpensshKey(text, passphrase));

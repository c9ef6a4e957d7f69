import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { opensWith } from "./openssh-key.ts";

const { text, passphrase } = z.object({ text: z.string(), passphrase: z.string() }).parse(workerData);
parentPort?.postMessage(opensWith(text, passphrase));

import { readConfig, requireEngines } from "../system/config.ts";
import { runWorker } from "../worker/main.ts";
import { servePart } from "./serve-part.ts";

export const worker = (): Promise<never> =>
  servePart(() => runWorker(requireEngines(readConfig(process.env), "worker")));

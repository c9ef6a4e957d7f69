import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startLab } from "../lab/lab.ts";
import { readConfig } from "../system/config.ts";
import { servePart } from "./serve-part.ts";

export const lab = (): Promise<never> =>
  servePart(async () => {
    const dir = join(readConfig(process.env).dataDir, "lab");
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { routers, control, stop } = await startLab({ dir });
    if (!process.connected) process.stdout.write(`${routers.length} virtual routers, control on ${control.url}\n`);
    return { address: control.url, stop };
  });

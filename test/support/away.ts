import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Product } from "./product.ts";

export type Engine = "temporal" | "postgres";
/** `stopped`: it is there and says nothing. `gone`: it was killed, and is not started again. */
export type Way = "stopped" | "gone";

/** Takes an engine of the product away, and gives what brings it back. */
export async function takeAway(product: Product, engine: Engine, way: Way): Promise<() => Promise<void>> {
  const pid = await product.pid(engine);
  if (way === "gone") {
    const supervisor = await supervisorOf(product);
    process.kill(supervisor, "SIGSTOP");
    process.kill(pid, "SIGKILL");
    return async () => {
      process.kill(supervisor, "SIGCONT");
    };
  }
  // The postmaster first, so that it starts no process that would be missed.
  const stopped: number[] = [];
  for (const each of [pid, ...(await childrenOf(pid))]) if (signal(each, "SIGSTOP")) stopped.push(each);
  for (const each of await childrenOf(pid)) if (!stopped.includes(each) && signal(each, "SIGSTOP")) stopped.push(each);
  return async () => {
    for (const each of stopped) signal(each, "SIGCONT");
  };
}

async function supervisorOf({ dataDir }: Product): Promise<number> {
  return (JSON.parse(await readFile(join(dataDir, "run", "netstacks.json"), "utf8")) as { pid: number }).pid;
}

async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end while we look.
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) children.push(Number(name));
  }
  return children;
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false; // it has ended meanwhile
  }
}

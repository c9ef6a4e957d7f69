import { z } from "zod";
import { ROOT } from "./paths.ts";

const Profile = z.object({
  /** Microseconds of the machine's monotonic clock, as `process.hrtime`. */
  startTime: z.number(),
  nodes: z.array(z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string() }) })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Whose code it is: a package, a part of Node, or a folder of ours. */
function ownerOf(functionName: string, url: string): string {
  if (functionName.startsWith("(")) return functionName.slice(1, -1);
  const [, packaged] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (packaged !== undefined) return packaged;
  const [, node] = /^node:(?:internal\/)?([^/]+)/.exec(url) ?? [];
  if (node !== undefined) return `node:${node}`;
  const own = url.replace(/^file:\/\//, "");
  if (own.startsWith(ROOT)) return own.slice(ROOT.length).split("/").slice(0, 2).join("/");
  return url === "" ? "native code" : url;
}

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;

/** Where a process spent its time from `sinceUs` on, by V8's profile: by owner, then by the functions that took most themselves. */
export function describeProfile(text: string, sinceUs: number): string[] {
  const { startTime, nodes, samples, timeDeltas } = Profile.parse(JSON.parse(text));
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const owners = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  let idle = 0;
  let now = startTime;
  const add = (to: Map<string, number>, key: string, time: number): void => void to.set(key, (to.get(key) ?? 0) + time);
  for (const [i, id] of samples.entries()) {
    const { functionName = "", url = "" } = frames.get(id) ?? {};
    const time = timeDeltas[i] ?? 0;
    now += time;
    if (now < sinceUs) continue;
    const owner = ownerOf(functionName, url);
    if (owner === "idle") {
      idle += time;
      continue;
    }
    busy += time;
    add(owners, owner, time);
    if (!functionName.startsWith("(")) add(functions, `${functionName || "anonymous"} (${owner})`, time);
  }
  const most = (of: Map<string, number>, n: number): string =>
    [...of]
      .sort((a, b) => b[1] - a[1])
      .slice(0, n)
      .map(([name, time]) => `${name} ${share(time, busy)}`)
      .join(", ");
  return [
    `busy ${(busy / 1e6).toFixed(2)} s, waiting ${(idle / 1e6).toFixed(2)} s`,
    `by owner: ${most(owners, 10)}`,
    `by function: ${most(functions, 10)}`,
  ];
}

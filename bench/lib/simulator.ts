import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Programs } from "./build.ts";

export const SIM_PLATFORMS = { ios: "cisco_ios", eos: "arista_eos", frr: "frr" } as const;
export type SimPlatform = keyof typeof SIM_PLATFORMS;

const Started = z.object({
  control: z.string(),
  fingerprint: z.string(),
  base: z.string(),
  port: z.number(),
  n: z.number(),
});

const Counters = z.object({
  handshakes: z.number(),
  commands: z.number(),
  config_lines: z.number(),
  open: z.number(),
  max_open: z.number(),
  negotiated: z.string(),
  cpu_s: z.number(),
});
export type Counters = z.infer<typeof Counters>;

export type Simulator = z.infer<typeof Started> & {
  pid: number;
  platform: SimPlatform;
  rttMs: number;
  /** What the routers counted since they were started. */
  counters(): Promise<Counters>;
  /** Forgets what was pushed. */
  clear(): Promise<void>;
  /** Gives every router one configuration line more, so that its configuration is another one than before. */
  push(line: string): Promise<void>;
  /** Forgets when the first bytes came. */
  mark(): Promise<void>;
  /** Milliseconds since 1970 of each router's first byte and first configuration line since `mark`; 0: none. */
  moments(): Promise<[number, number][]>;
  stop(): Promise<void>;
};

export type SimOptions = {
  platform: SimPlatform;
  n: number;
  rttMs?: number;
  configLines?: number;
  /** Where several run side by side: the second number of their addresses, 127.<this>.0.1. */
  net?: number;
};

/** Many routers in one process, each with an address of its own. */
export async function startSimulator(
  { sim }: Pick<Programs, "sim">,
  { platform, n, rttMs = 0, configLines = 2000, net = 20 }: SimOptions,
): Promise<Simulator> {
  const child = spawn(
    sim,
    [
      "-platform",
      platform,
      "-n",
      `${n}`,
      "-rtt",
      `${rttMs}ms`,
      "-config-lines",
      `${configLines}`,
      "-base",
      `127.${net}.0.1`,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let complaint = "";
  child.stderr.on("data", (bytes: Buffer) => (complaint += bytes.toString()));
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit");
  const first = await Promise.race([once(lines, "line"), ended.then(() => null)]);
  if (first === null) throw new Error(`the simulator did not start: ${complaint.trim()}`);
  const started = Started.parse(JSON.parse(String(first[0])));
  const ask = async (method: string, path: string): Promise<unknown> => {
    const answer = await fetch(`${started.control}${path}`, { method });
    return answer.json();
  };
  return {
    ...started,
    pid: child.pid ?? 0,
    platform,
    rttMs,
    counters: async () => Counters.parse(await ask("GET", "/")),
    clear: async () => void (await ask("POST", "/clear")),
    push: async (line) => void (await ask("POST", `/push?line=${encodeURIComponent(line)}`)),
    mark: async () => void (await ask("POST", "/mark")),
    moments: async () => z.array(z.tuple([z.number(), z.number()])).parse(await ask("GET", "/moments")),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The address of one of the routers, as the simulator counts them. */
export function addressOf(base: string, index: number): string {
  const first = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return [24, 16, 8, 0].map((shift) => ((first + index) >>> shift) & 255).join(".");
}

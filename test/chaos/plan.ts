import { seeded } from "../support/seeded.ts";

/** The processes that are killed and stopped. The second worker stands for a machine of its own. */
export const PARTS = ["api", "worker", "worker-2", "temporal", "postgres"] as const;
export type Part = (typeof PARTS)[number];

export type Injury =
  | { kind: "kill"; part: Part }
  /** SIGSTOP, and SIGCONT after `ms`. `writing`: not before it waits for a device's answer to a line, or 15 s have passed; it wakes when it is due. */
  | { kind: "stop"; part: Part; ms: number; writing: boolean }
  /** Postgres takes no connection, and the ones it had are ended. */
  | { kind: "refuse"; ms: number }
  /** Nothing more fits on the disk of Postgres. `wal`: not even the next piece of its log, which ends the server itself. */
  | { kind: "disk_full"; ms: number; wal: boolean }
  | {
      kind: "cut";
      router: string;
      line: number;
      phase: "before_receipt" | "before_echo" | "after_echo" | "before_prompt";
      applied: boolean;
    }
  /** The connection stays open and says no more, until `ms` later the router's side is gone too. */
  | { kind: "half_open"; router: string; line: number; applied: boolean; ms: number }
  /** Nothing listens on the router's port. */
  | { kind: "away"; router: string; ms: number };

/** An injury, and when it comes: milliseconds from the start. */
export type Planned = { at: number; injury: Injury };

/** Faults of processes come one by one, those of routers beside them. */
const PROCESS_GAP_MS = [5_000, 11_000] as const;
const ROUTER_GAP_MS = [2_500, 7_000] as const;
/** The first changes get under way before anything breaks. */
const FIRST_MS = 4_000;
const LONGEST_STOP_MS = 60_000;

/**
 * What is broken when, all of it decided by the seed before anything starts. Every part is killed at least once; a worker
 * is stopped for longer than its leases last, so that another one takes its devices over before it wakes.
 */
export function planInjuries(seed: number, minutes: number, routers: readonly string[]): Planned[] {
  const chance = seeded(seed);
  const end = minutes * 60_000;
  const flip = (): boolean => chance.next() < 0.5;
  const stopped = new Map<Part, number>();
  const queue = chance.shuffle<Injury["kind"] | `kill ${Part}`>([
    ...PARTS.map((part) => `kill ${part}` as const),
    "stop",
    "refuse",
    "disk_full",
  ]);
  const planned: Planned[] = [];

  // Long enough to be taken over, and early enough to wake while changes still run.
  const long = chance.pick<Part>(["worker", "worker-2"]);
  const longMs = Math.min(chance.between(45_000, LONGEST_STOP_MS), end / 2);
  const longAt = chance.between(FIRST_MS, Math.max(FIRST_MS, Math.floor(end / 3)));
  planned.push({ at: longAt, injury: { kind: "stop", part: long, ms: longMs, writing: true } });

  const isStopped = (part: Part, at: number): boolean =>
    (part === long && at > longAt - 1_000 && at < longAt + longMs + 1_000) || (stopped.get(part) ?? 0) > at - 1_000;
  const next = (at: number): Injury | undefined => {
    const wanted =
      queue.shift() ?? chance.pick(["kill", "kill", "kill", "stop", "stop", "refuse", "disk_full"] as const);
    const awake = PARTS.filter((part) => !isStopped(part, at));
    if (wanted.startsWith("kill")) {
      const named = PARTS.find((part) => wanted === `kill ${part}`);
      if (named !== undefined && !awake.includes(named)) {
        queue.push(wanted);
        return undefined;
      }
      return { kind: "kill", part: named ?? chance.pick(awake) };
    }
    const left = end - at;
    switch (wanted) {
      case "stop": {
        const part = chance.pick(awake);
        // One worker at least is awake: with both away nothing would run, and nothing could break.
        const ms = chance.between(2_000, Math.min(part.startsWith("worker") ? 30_000 : 12_000, Math.max(2_000, left)));
        stopped.set(part, at + ms);
        return { kind: "stop", part, ms, writing: false };
      }
      case "refuse":
        return { kind: "refuse", ms: chance.between(2_000, 8_000) };
      default:
        return { kind: "disk_full", ms: chance.between(2_000, 8_000), wal: flip() };
    }
  };
  for (let at = FIRST_MS; at < end; at += chance.between(...PROCESS_GAP_MS)) {
    const injury = next(at);
    if (injury !== undefined) planned.push({ at, injury });
  }
  for (let at = FIRST_MS; at < end; at += chance.between(...ROUTER_GAP_MS)) {
    const router = chance.pick(routers);
    const line = chance.between(1, 12);
    const what = chance.next();
    planned.push({
      at,
      injury:
        what < 0.6
          ? {
              kind: "cut",
              router,
              line,
              phase: chance.pick(["before_receipt", "before_echo", "after_echo", "before_prompt"] as const),
              applied: flip(),
            }
          : what < 0.85
            ? { kind: "half_open", router, line, applied: flip(), ms: chance.between(5_000, 30_000) }
            : { kind: "away", router, ms: chance.between(2_000, 10_000) },
    });
  }
  return planned.map((p) => endingBy(end, p)).sort((a, b) => a.at - b.at);
}

/** Nothing lasts beyond the end. */
const endingBy = (end: number, { at, injury }: Planned): Planned => ({
  at,
  injury: "ms" in injury ? { ...injury, ms: Math.max(1_000, Math.min(injury.ms, end - at)) } : injury,
});

export function describeInjury(injury: Injury): string {
  switch (injury.kind) {
    case "kill":
      return `SIGKILL ${injury.part}`;
    case "stop":
      return `SIGSTOP ${injury.part}${injury.writing ? " in the middle of a line" : ""} for ${seconds(injury.ms)}`;
    case "refuse":
      return `Postgres refuses for ${seconds(injury.ms)}`;
    case "disk_full":
      return `disk of Postgres full for ${seconds(injury.ms)}${injury.wal ? ", its log too" : ""}`;
    case "cut":
      return `${injury.router}: cut ${injury.phase.replaceAll("_", " ")} of line ${injury.line}${injury.applied ? "" : ", which is lost"}`;
    case "half_open":
      return `${injury.router}: silent after line ${injury.line}${injury.applied ? "" : ", which is lost"}, for ${seconds(injury.ms)}`;
    case "away":
      return `${injury.router}: nothing listens for ${seconds(injury.ms)}`;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

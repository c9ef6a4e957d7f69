import type { OnFailure } from "../contract/stack.ts";

/**
 * Where the change of one service stands. `ready`: planned, and not let go of yet. `unchanged`: planned, and nothing would be
 * sent. `held`: kept on its devices until it is known whether all of the stack stays. `undone`: taken back after it was kept.
 */
export type ServiceStand =
  | "planning"
  | "ready"
  | "unchanged"
  | "working"
  | "held"
  | "kept"
  | "failed"
  | "undone"
  | "cancelled"
  | "skipped";

export type ServiceFacts = {
  position: number;
  name: string;
  /** Positions that it cannot do without. */
  needs: readonly number[];
  /** Positions that it comes after; those of `needs` are among them. */
  after: readonly number[];
  stand: ServiceStand;
  verdict: "stay" | "undo" | null;
  /** Of one that failed: `nothing` of it is on a device, it was `taken_back` by itself, or something is `left`. */
  leaves: "nothing" | "taken_back" | "left";
};

export type Decision = {
  /** Their lines may be sent now, or, where there are none, they are done. */
  release: number[];
  /** Will not be sent, and why. */
  skip: { position: number; why: string }[];
  stay: number[];
  undo: number[];
  /** How the deploy ends; null while something of it is under way or still to come. */
  end: "deployed" | "partial" | "failed" | "rolled_back" | "cancelled" | null;
};

const BAD: readonly ServiceStand[] = ["failed", "cancelled", "skipped"];
const DONE: readonly ServiceStand[] = ["kept", "held"];
const WAITING: readonly ServiceStand[] = ["ready", "unchanged"];

/** What is to be done next in a deploy that was approved, from where its services stand and nothing else. */
export function decideNext(
  services: readonly ServiceFacts[],
  { onFailure, paused, cancelled }: { onFailure: OnFailure; paused: boolean; cancelled: boolean },
): Decision {
  const at = new Map(services.map((s) => [s.position, s]));
  const is = (s: ServiceFacts | undefined, stands: readonly ServiceStand[]): boolean =>
    s !== undefined && stands.includes(s.stand);
  const failed = services.find((s) => s.stand === "failed" || s.stand === "cancelled");
  const none: Decision = { release: [], skip: [], stay: [], undo: [], end: null };

  const waiting = services.filter((s) => is(s, WAITING));
  const skip: Decision["skip"] = [];
  for (const s of waiting) {
    if (cancelled) skip.push({ position: s.position, why: "the deploy was cancelled" });
    else if (failed && onFailure !== "continue") skip.push({ position: s.position, why: `“${failed.name}” failed` });
    else {
      const lacking = s.needs.map((n) => at.get(n)).find((n) => is(n, BAD));
      if (lacking) skip.push({ position: s.position, why: `“${lacking.name}”, which it depends on, is not there` });
    }
  }
  if (skip.length > 0) return { ...none, skip };

  if (waiting.length > 0) {
    if (paused) return none;
    const settled = (n: number): boolean => is(at.get(n), [...DONE, ...BAD]) || !at.has(n);
    return { ...none, release: waiting.filter((s) => s.after.every(settled)).map((s) => s.position) };
  }
  if (services.some((s) => s.stand === "working" || s.stand === "planning")) return none;

  const held = services.filter((s) => s.stand === "held");
  if (held.length > 0) {
    const open = held.filter((s) => s.verdict === null);
    if (cancelled || !failed) return { ...none, stay: open.map((s) => s.position) };
    // Nothing reaches a device while the deploy is paused, a way back neither.
    if (paused) return none;
    // In reverse: what came after it, and is still there, goes first.
    const blocked = (s: ServiceFacts): boolean => held.some((later) => later.after.includes(s.position));
    return { ...none, undo: open.filter((s) => !blocked(s)).map((s) => s.position) };
  }
  return { ...none, end: endOf(services, { onFailure, cancelled }) };
}

function endOf(
  services: readonly ServiceFacts[],
  { onFailure, cancelled }: { onFailure: OnFailure; cancelled: boolean },
): Decision["end"] {
  if (cancelled) return "cancelled";
  const kept = services.filter((s) => s.stand === "kept");
  if (kept.length === services.length) return "deployed";
  if (onFailure !== "rollback") return kept.length > 0 ? "partial" : "failed";
  if (services.some((s) => s.leaves === "left" || (s.verdict === "undo" && s.stand !== "undone"))) return "failed";
  return services.some((s) => s.stand === "undone" || s.leaves === "taken_back") ? "rolled_back" : "failed";
}

import type { Change, PlanGroup, PlanTarget, SendingMode } from "../../../../domain/contract/change.ts";

/** A, B, … Z, AA: how people speak of the diffs of a plan. */
export function letter(index: number): string {
  const own = String.fromCharCode(65 + (index % 26));
  return index < 26 ? own : letter(Math.floor(index / 26) - 1) + own;
}

/** The eight digits by which people quote a plan. */
export const shortHash = (hash: string): string => hash.replace(/^sha256:/, "").slice(0, 8);

/** Ids begin with their time, so only their ends tell two of one minute apart. */
export const shortId = (id: string): string => id.slice(-8);

type Way = { value: string; note: string; certain: boolean };

/** How the devices come back when it fails, as far as the plan knows. */
export function wayBack(groups: readonly Pick<PlanGroup, "confirm_minutes" | "rollback_lines">[]): Way {
  if (groups.length === 0) return { value: "nothing to undo", note: "nothing is sent", certain: true };
  const timed = groups.filter((g) => g.confirm_minutes > 0);
  const without = groups.filter((g) => g.confirm_minutes === 0 && g.rollback_lines.length === 0).length;
  const minutes = Math.max(0, ...timed.map((g) => g.confirm_minutes));
  if (without > 0)
    return {
      value: "not for all",
      note: without === 1 ? "1 diff has no way back" : `${without} diffs have no way back`,
      certain: false,
    };
  if (timed.length === groups.length)
    return { value: `reverts in ${minutes} m`, note: "by the device itself", certain: true };
  if (timed.length === 0) return { value: "rollback lines", note: "kept with the plan", certain: true };
  return {
    value: `reverts in ${minutes} m`,
    note: `${timed.length} of ${groups.length} diffs by the device, the rest by rollback lines`,
    certain: true,
  };
}

const MODES: Record<SendingMode, { value: string; note: string }> = {
  line: { value: "line by line", note: "each one journaled" },
  section: { value: "by section", note: "each one journaled" },
  staged: { value: "one commit", note: "all of it or nothing" },
};

/** How it is sent, in the platforms' own words where they have one. */
export function sending(groups: readonly Pick<PlanGroup, "mode" | "transaction">[]): { value: string; note: string } {
  const modes = [...new Set(groups.map((g) => g.mode))];
  const words = [...new Set(groups.map((g) => g.transaction).filter((t) => t !== "none" && t !== ""))];
  const [only] = modes;
  if (only === undefined) return { value: "nothing", note: "no device needs it" };
  if (modes.length === 1)
    return { value: MODES[only].value, note: words.length > 0 ? words.join(", ") : MODES[only].note };
  return { value: "per platform", note: modes.map((m) => MODES[m].value).join(", ") };
}

export const total = (groups: readonly Pick<PlanGroup, "added" | "removed">[]): { added: number; removed: number } => ({
  added: groups.reduce((n, g) => n + g.added, 0),
  removed: groups.reduce((n, g) => n + g.removed, 0),
});

/** `core routers, policy R-12`: why it is as risky as it is. */
export const reasonsOf = (groups: readonly Pick<PlanGroup, "risk">[]): string[] => [
  ...new Set(groups.flatMap((g) => g.risk.reasons)),
];

/** `“ip address …” in “interface Loopback1” changes an address` → `changes an address`: what is touched stands in the diff. */
export const shortReasons = (reasons: readonly string[]): string[] => [
  ...new Set(reasons.map((r) => r.replace(/^“[^”]*”(?: in “[^”]*”)?(?: and \d+ more:)?\s*/u, ""))),
];

export const planned = (targets: readonly PlanTarget[]): PlanTarget[] => targets.filter((t) => t.state === "planned");
export const sitesOf = (targets: readonly Pick<PlanTarget, "site">[]): string[] => [
  ...new Set(targets.flatMap((t) => (t.site === null ? [] : [t.site]))),
];

/** Every device that would be touched is a virtual one of the lab. */
export const isLabOnly = (change: Pick<Change, "targets">): boolean => {
  const touched = planned(change.targets);
  return touched.length > 0 && touched.every((t) => t.is_lab);
};

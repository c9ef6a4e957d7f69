import type { PlanGroup, PlanTarget } from "../contract/change.ts";
import { canonicalJson } from "./canonical.ts";
import { essence } from "./drift.ts";
import { byRisk, worstRisk } from "./risk.ts";

/** A, B, … Z, AA, AB, … */
export function groupKey(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : groupKey(Math.floor(index / 26) - 1) + letter;
}

/** Devices to which the same is sent in the same way, with the same effect and the same way back; the riskiest first. */
export function groupTargets(targets: readonly PlanTarget[]): PlanGroup[] {
  const groups = new Map<string, PlanTarget[]>();
  for (const t of targets) {
    if (t.state !== "planned") continue;
    const key = canonicalJson([
      t.device_type,
      essence(t.diff),
      t.lines,
      t.rollback_lines,
      t.mode,
      t.transaction,
      t.confirm_minutes,
    ]);
    const group = groups.get(key);
    if (group) group.push(t);
    else groups.set(key, [t]);
  }
  return [...groups.values()]
    .flatMap((members) => {
      const [first] = members;
      if (!first) return [];
      const { device_type, diff, lines, rollback_lines, mode, transaction, confirm_minutes, added, removed } = first;
      const notes = [...new Set(members.flatMap((m) => m.notes))];
      const risk = worstRisk(members.map((m) => m.risk));
      return [
        {
          device_type,
          devices: members.map((m) => m.device),
          diff,
          lines,
          rollback_lines,
          notes,
          mode,
          transaction,
          confirm_minutes,
          added,
          removed,
          risk,
        },
      ];
    })
    .sort((a, b) => byRisk(a.risk, b.risk))
    .map((group, i) => ({ key: groupKey(i), ...group }));
}

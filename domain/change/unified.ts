import type { Hunk, PlanGroup } from "../contract/change.ts";
import { languages } from "../platforms/index.ts";

/** A plan as unified text, group by group: for terminals, tickets and mail. */
export function unifiedText(groups: readonly PlanGroup[]): string {
  return groups.map(one).join("\n");
}

function one(group: PlanGroup): string {
  const { label, config } = languages[group.device_type];
  const head = [
    `# Diff ${group.key}, ${label}: ${group.devices.join(", ")} (+${group.added} -${group.removed}, risk ${group.risk.level})`,
    ...group.notes.map((n) => `# note: ${n}`),
    "--- running-config",
    "+++ planned",
  ];
  const hunks = group.diff.flatMap((h) => [
    `@@ ${where(h, config.style === "set")} @@`,
    ...h.lines.map((l) => l.op + l.text),
  ]);
  const back = group.rollback_lines.map((l) => `#   ${l}`);
  return [...head, ...hunks, ...(back.length > 0 ? ["# rollback lines:", ...back] : []), ""].join("\n");
}

function where({ path, line }: Hunk, edit: boolean): string {
  if (path.length === 0) return `line ${line}`;
  return `${edit ? `[edit ${path.join(" ")}]` : path.join(" / ")}, line ${line}`;
}

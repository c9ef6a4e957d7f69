import { groupTargets } from "../domain/change/groups.ts";
import { unifiedText } from "../domain/change/unified.ts";
import type { StackDeploy, StackValidation } from "../domain/contract/stack.ts";

const heading = (d: StackDeploy): string =>
  `${d.action === "delete" ? "take off" : "deploy"} ${d.stack_name} version ${d.stack_version}: ${d.status.replaceAll("_", " ")}`;

/** A plan, service by service in the order in which they are sent, as unified diffs. */
export function deployText(d: StackDeploy): string {
  const parts = [`${heading(d)}${d.hash === null ? "" : `  +${d.added} -${d.removed}  ${d.hash}`}`, `plan ${d.id}`, ""];
  for (const s of d.services) {
    const after = [...s.depends_on, ...s.waits_for];
    parts.push(
      `## ${s.position + 1}. ${s.action === "remove" ? "remove " : ""}${s.service} (${s.template})${after.length > 0 ? `, after ${after.join(", ")}` : ""}`,
    );
    for (const t of s.targets.filter((target) => target.state === "no_change")) parts.push(`${t.device}: unchanged`);
    for (const t of s.targets.filter((target) => target.state === "left_out"))
      parts.push(`${t.device}: left out, ${t.error?.message ?? "it cannot be reached"}`);
    for (const t of s.targets.filter((target) => target.removes.length > 0 && target.state === "planned"))
      parts.push(`${t.device}: gives up ${t.removes.map((line) => `“${line.trim()}”`).join(", ")}`);
    parts.push(unifiedText(groupTargets(s.targets)));
  }
  if (d.error) parts.push(d.error.message);
  return `${parts.join("\n").trimEnd()}\n`;
}

/** How a deploy came out, or what it waits for. */
export function outcomeText(d: StackDeploy): string {
  const lines = d.services.map(
    (s) =>
      `  ${s.action === "remove" ? "remove " : ""}${s.service}: ${s.state}${s.error ? `, ${s.error.message}` : ""}`,
  );
  return [heading(d), ...lines, d.message ?? "", `deploy ${d.id}`, ""].join("\n");
}

export function validationText(v: StackValidation): string {
  const lines = v.checks.flatMap((c) => [
    `${c.device}  ${c.service}  ${c.state}${c.error ? `, ${c.error.message}` : ""}`,
    ...c.diff.flatMap((h) => [`@@ ${h.path.join(" / ")} @@`, ...h.lines.map((l) => l.op + l.text)]),
  ]);
  const open = v.not_deployed.map((n) => `${n.device}  ${n.service}  not deployed`);
  return `${[...lines, ...open, v.valid ? "every device holds what the stack owns there" : "not every device holds what the stack owns there"].join("\n")}\n`;
}

import type { Drift, Hunk, PlanTarget } from "../contract/change.ts";
import { canonicalJson } from "./canonical.ts";

/** What a diff says without the lines around it and their numbers, which move when something else on the device changes. */
export const essence = (diff: readonly Hunk[]): { path: string[]; op: "+" | "-"; text: string }[] =>
  diff.flatMap(({ path, lines }) => lines.flatMap(({ op, text }) => (op === " " ? [] : [{ path, op, text }])));

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/**
 * Compares a target as it was approved with the same target computed again: null when what would be sent, what it changes and who
 * answers are the same. The way back is computed anew, so it may differ only where the diff does.
 */
export function driftOf(planned: PlanTarget, now: PlanTarget): Drift | null {
  const what: string[] = [];
  if (planned.host_key !== now.host_key) what.push("its host key is another one");
  if (planned.host !== now.host) what.push(`its address is another one (${now.host})`);
  if (planned.device_type !== now.device_type) what.push("it is another kind of device");
  if (planned.state !== now.state)
    what.push(
      now.state === "left_out"
        ? (now.error?.message ?? "it cannot be reached")
        : now.state === "no_change"
          ? "the lines would change nothing any more"
          : "the lines would now change something",
    );
  if (!same(planned.lines, now.lines)) what.push("other lines would be sent");
  if (!same(essence(planned.diff), essence(now.diff))) what.push("the same lines would change other things");
  else if (!same(planned.rollback_lines, now.rollback_lines)) what.push("the way back is another one");
  if (planned.mode !== now.mode || planned.transaction !== now.transaction)
    what.push("it would be sent in another way");
  return what.length === 0 ? null : { device: planned.device, what: what.join("; "), diff: now.diff };
}

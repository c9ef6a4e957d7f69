import { applyLines, placesOf, simulate } from "../config/apply.ts";
import { wayBack } from "../config/inverse.ts";
import { sameConfig } from "../config/same.ts";
import type { ConfigTree } from "../config/tree.ts";
import type { PlatformId } from "../contract/device.ts";
import type { ServiceWork } from "../contract/stack.ts";

export type ServiceLines = {
  /** Exactly what is sent. */
  lines: string[];
  /** Those of them that take away what the service owned before and does not any more. */
  removes: string[];
  /** What would take the whole service off again once `lines` are there. */
  reverse: string[];
  /** The configuration with `lines` in it. */
  after: ConfigTree;
  /** Whether that is just as if the service had never been another, as far as can be foreseen. */
  complete: boolean;
};

/**
 * The lines that make a device which holds `current` hold the service, and nothing of what the service put there before and
 * does not want any more. What is wanted is found by undoing the whole service and doing it anew, on paper.
 */
export function serviceLines(platform: PlatformId, current: ConfigTree, work: ServiceWork): ServiceLines {
  const on = (tree: ConfigTree, lines: readonly string[]): ConfigTree => applyLines(platform, tree, lines).tree;
  const without = work.others.reduce(
    (tree, other) => on(tree, linesThere(platform, current, other)),
    on(current, work.reverse),
  );
  const wanted = on(without, work.lines);
  const added = on(current, work.lines);
  const removes = work.reverse.length === 0 || sameConfig(added, wanted) ? [] : wayBack(platform, wanted, added).lines;
  // What is in the way goes first, unless that gives something else.
  const first = removes.length > 0 && sameConfig(on(on(current, removes), work.lines), wanted);
  const lines = first ? [...removes, ...work.lines] : [...work.lines, ...removes];
  const after = on(current, lines);
  const complete = removes.length === 0 || sameConfig(after, wanted);
  return { lines, removes, reverse: wayBack(platform, without, after).lines, after, complete };
}

/** Of the lines those that the device holds, with the headers of their sections. */
function linesThere(platform: PlatformId, current: ConfigTree, lines: readonly string[]): string[] {
  const run = simulate(platform, current);
  const there = new Set<number>();
  const places = placesOf(platform, lines);
  for (const place of places) {
    if (place.kind === "exit" || run.take(place).changed) continue;
    for (const i of place.parents) if (i >= 0) there.add(i);
    for (let i = Math.max(0, place.from); i <= place.to; i++) there.add(i);
  }
  for (const place of places) {
    const section = place.parents.at(-1);
    if (place.kind === "exit" && section !== undefined && there.has(section))
      for (let i = Math.max(0, place.from); i <= place.to; i++) there.add(i);
  }
  return [...there].sort((a, b) => a - b).flatMap((i) => lines[i] ?? []);
}

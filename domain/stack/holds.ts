import { applyLines } from "../config/apply.ts";
import { compareToPlan } from "../config/compare.ts";
import { diffTrees } from "../config/diff.ts";
import type { ConfigTree } from "../config/tree.ts";
import type { Hunk } from "../contract/change.ts";
import type { PlatformId } from "../contract/device.ts";

/**
 * What a device lacks of a service's lines, section by section; `later` are the lines of services that came after it there
 * and may have replaced some. Empty: it holds them. A secret that the device shows in another form counts as held.
 */
export function lackingLines(
  platform: PlatformId,
  actual: ConfigTree,
  { lines, later }: { lines: readonly string[]; later: readonly string[] },
): { missing: number; diff: Hunk[] } {
  const differs = (sent: readonly string[]): Set<string> => {
    const { missing, unwanted } = compareToPlan(platform, { before: actual, lines: sent, actual });
    // `unwanted` are those that the lines would put something else in the place of.
    return new Set([...missing, ...unwanted]);
  };
  const others = differs(later);
  const mine = [...differs([...lines, ...later])].filter((line) => !others.has(line));
  if (mine.length === 0) return { missing: 0, diff: [] };
  const without = applyLines(platform, actual, later).tree;
  const whole = applyLines(platform, actual, [...lines, ...later]).tree;
  return { missing: mine.length, diff: diffTrees(without, whole) };
}

import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { isForeseen } from "../platforms/language.ts";
import { inverseIndented, settle } from "./indented-inverse.ts";
import { inverseJunos } from "./junos-inverse.ts";
import { applyLines } from "./apply.ts";
import { sameConfig } from "./same.ts";
import type { ConfigTree } from "./tree.ts";

/** A line can have side effects (a VRF that takes the addresses with it), so what they left is mended by another pass. */
const PASSES = 4;

/** Lines which, sent to a device that holds `after`, give `before`. */
export const inverseLines = (platform: PlatformId, before: ConfigTree, after: ConfigTree): string[] =>
  wayBack(platform, before, after).lines;

/** The same, and whether they bring everything back as far as can be foreseen. */
export function wayBack(
  platform: PlatformId,
  before: ConfigTree,
  after: ConfigTree,
): { lines: string[]; complete: boolean } {
  const { config } = languages[platform];
  if (!isForeseen(config)) return { lines: [], complete: config.style === "none" || sameConfig(before, after) };
  const lines: string[] = [];
  // what was shown as `no …` before is shown so again
  let now: ConfigTree = { ...after, off: new Set([...before.off, ...after.off]) };
  let complete = sameConfig(before, now);
  let passes = 0;
  for (let pass = 0; pass < PASSES && !complete; pass++) {
    const more =
      config.style === "indented"
        ? inverseIndented(config, before.children, now.children)
        : inverseJunos(config, before.children, now.children);
    if (more.length === 0) break;
    lines.push(...more);
    passes += 1;
    now = applyLines(platform, now, more).tree;
    complete = sameConfig(before, now);
  }
  // one pass after the other: the second begins where the first one stands
  return { lines: passes > 1 && config.style === "indented" ? settle(config, lines) : lines, complete };
}

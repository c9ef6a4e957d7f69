import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { inverseIndented } from "./indented-inverse.ts";
import { inverseJunos } from "./junos-inverse.ts";
import { applyLines } from "./apply.ts";
import { sameConfig } from "./same.ts";
import type { ConfigTree } from "./tree.ts";

/** A line can have side effects (a VRF that takes the addresses with it), so what they left is mended by another pass. */
const PASSES = 4;

/** Lines which, sent to a device that holds `after`, give `before`. */
export function inverseLines(platform: PlatformId, before: ConfigTree, after: ConfigTree): string[] {
  const { config } = languages[platform];
  if (config.style === "none") return [];
  const lines: string[] = [];
  let now = after;
  for (let pass = 0; pass < PASSES && !sameConfig(before, now); pass++) {
    const more = config.style === "indented" ? inverseIndented(config, before.children, now.children) : inverseJunos(config, before.children, now.children);
    if (more.length === 0) break;
    lines.push(...more);
    now = applyLines(platform, now, more).tree;
  }
  return lines;
}

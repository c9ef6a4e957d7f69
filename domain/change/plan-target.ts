import type { PlanTarget, SendingMode } from "../contract/change.ts";
import type { PlatformId } from "../contract/device.ts";
import { applyLines } from "../config/apply.ts";
import { countHunks, diffTrees } from "../config/diff.ts";
import { wayBack } from "../config/inverse.ts";
import { parseConfig } from "../config/parse.ts";
import { maskSecrets } from "../config/secrets.ts";
import type { ConfigTree } from "../config/tree.ts";
import { languages } from "../platforms/index.ts";
import { isForeseen } from "../platforms/language.ts";
import { assessRisk } from "./risk.ts";

export type TargetFacts = {
  device: string;
  device_id: string;
  device_type: PlatformId;
  site: string | null;
  host: string;
  is_lab: boolean;
};
export type SendingWay = { mode: SendingMode; transaction: string; confirm_minutes: number };

export type TargetInput = {
  facts: TargetFacts;
  way: SendingWay;
  hostKey: string | null;
  /** The running config as it was read. */
  config: string;
  baseHash: string;
  /** From `parseLines`, secrets cut out. */
  lines: readonly string[];
  /** What stands for a secret of the device in what is shown and stored: `secret://hmac:<8 hex>`. */
  mask: (value: string) => string;
  /** What the lines will meet, and what is sent there, where that is not the running config and the lines as they are. */
  prepare?: ((running: ConfigTree) => { before: ConfigTree; lines: readonly string[]; notes: string[] }) | undefined;
};

/** All that will be done to one device and what comes of it. Works on the masked config, so that no secret can get into a plan. */
export function planTarget(input: TargetInput): PlanTarget {
  const { facts, way, hostKey, config, baseHash, mask } = input;
  const platform = facts.device_type;
  const running = parseConfig(platform, maskSecrets(platform, config, mask));
  const prepared = input.prepare?.(running) ?? { before: running, lines: input.lines, notes: [] };
  const { before, lines } = prepared;
  const applied = applyLines(platform, before, lines);
  const { tree: after } = applied;
  const notes = [...prepared.notes, ...applied.notes];
  const diff = diffTrees(before, after);
  const { added, removed } = countHunks(diff);
  const rollback = wayBack(platform, before, after);
  const all = rollback.complete
    ? notes
    : [...notes, "the rollback lines do not bring everything back: compare by hand before relying on them"];
  return {
    ...facts,
    state: changesNothing(platform, diff.length, all) ? "no_change" : "planned",
    error: null,
    host_key: hostKey,
    lines: [...lines],
    ...way,
    diff,
    added,
    removed,
    rollback_lines: rollback.lines,
    notes: all,
    base_hash: baseHash,
    risk: assessRisk(platform, { lines, diff, notes: all }),
  };
}

/** A line that leaves no trace in the config still does something. */
const changesNothing = (platform: PlatformId, hunks: number, notes: readonly string[]): boolean =>
  isForeseen(languages[platform].config) &&
  hunks === 0 &&
  !notes.some((n) => n.includes("does not show in the configuration"));

/** A device that takes no part, with the named failure that says why. */
export function leftOut(
  facts: TargetFacts,
  way: SendingWay,
  lines: readonly string[],
  error: NonNullable<PlanTarget["error"]>,
): PlanTarget {
  return {
    ...facts,
    ...way,
    state: "left_out",
    error,
    host_key: null,
    lines: [...lines],
    diff: [],
    added: 0,
    removed: 0,
    rollback_lines: [],
    notes: [],
    base_hash: null,
    risk: { level: "low", reasons: ["nothing is sent to it"] },
  };
}

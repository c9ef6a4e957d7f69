import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { isForeseen } from "../platforms/language.ts";
import { placesOf, simulate } from "./apply.ts";
import type { Place } from "./place.ts";
import { isUndo } from "./indented-rules.ts";
import { sameConfig } from "./same.ts";
import { holdsReference } from "./secrets.ts";
import type { ConfigTree } from "./tree.ts";

const indices = (place: Place): number[] =>
  place.from < 0 ? [] : Array.from({ length: place.to - place.from + 1 }, (_, n) => place.from + n);

/**
 * Which of the lines would still change a device that holds `current`, by index; the headers on the way to them included. Empty when
 * all of them together leave it as it is.
 */
export function neededLines(platform: PlatformId, current: ConfigTree, lines: readonly string[]): number[] {
  const places = placesOf(platform, lines);
  const run = simulate(platform, current);
  const needed = new Set<number>();
  const exits: Place[] = [];
  for (const place of places) {
    if (place.kind === "exit") {
      exits.push(place);
      continue;
    }
    if (!run.take(place).changed) continue;
    for (const i of [...place.parents, ...indices(place)]) if (i >= 0) needed.add(i);
  }
  if (isForeseen(languages[platform].config) && sameConfig(current, run.tree())) return [];
  // leaving a section that is entered
  for (const exit of exits) {
    const section = exit.parents.at(-1);
    if (section !== undefined && needed.has(section)) for (const i of indices(exit)) needed.add(i);
  }
  return [...needed].sort((a, b) => a - b);
}

/** The indices of the headers that must be sent before a line so that it lands in its section: none for a line of the top level. */
export function contextOf(platform: PlatformId, lines: readonly string[], index: number): number[] {
  const place = placesOf(platform, lines).find((p) => p.from <= index && index <= p.to);
  return place ? place.parents.filter((i) => i >= 0) : [];
}

/**
 * What a read-back says about one line of which nobody knows whether the device took it. `unclear`: the config cannot tell, because the
 * device shows another form (a hash), the line leaves no trace or is input of several lines.
 */
export function linePresent(
  platform: PlatformId,
  current: ConfigTree,
  lines: readonly string[],
  index: number,
): "present" | "absent" | "unclear" {
  const language = languages[platform];
  const place = placesOf(platform, lines).find((p) => p.from <= index && index <= p.to);
  if (!place || !isForeseen(language.config) || place.kind === "exit" || place.kind === "block") return "unclear";
  if (holdsReference(place.text) || mayNotRepeat(platform, place.text)) return "unclear";
  const { config } = language;
  if (config.style === "indented" && config.traceless.some((t) => t.test(place.text))) return "unclear";
  const run = simulate(platform, current);
  const before = place.path.length > 0 && !sectionThere(current, place.path);
  if (before) return config.style === "indented" && isUndo(config, place.text) ? "present" : "absent";
  return run.take(place).changed ? "absent" : "present";
}

function sectionThere(tree: ConfigTree, path: readonly string[]): boolean {
  let nodes = tree.children;
  for (const header of path) {
    const found = nodes.find((n) => n.text === header);
    if (!found) return false;
    nodes = found.children;
  }
  return true;
}

export const mayNotRepeat = (platform: PlatformId, line: string): boolean => {
  const bare = line.trim();
  return languages[platform].unrepeatable.some((u) => u.test(bare));
};

/** Whether all of the lines may be sent a second time without harm. */
export const mayAllRepeat = (platform: PlatformId, lines: readonly string[]): boolean =>
  placesOf(platform, lines).every((p) => p.kind !== "block" && !mayNotRepeat(platform, p.text));

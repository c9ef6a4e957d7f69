import type { PlatformId } from "../contract/device.ts";
import type { Hunk, Risk } from "../contract/change.ts";
import { placesOf } from "../config/apply.ts";
import { mayNotRepeat } from "../config/needed.ts";
import { countHunks } from "../config/diff.ts";
import { languages } from "../platforms/index.ts";
import { isForeseen } from "../platforms/language.ts";

const RANK = { low: 0, medium: 1, high: 2 } as const;

/** How much can go wrong, in plain words: what the lines touch, what they take away, what could not be foreseen. */
export function assessRisk(
  platform: PlatformId,
  { lines, diff, notes }: { lines: readonly string[]; diff: readonly Hunk[]; notes: readonly string[] },
): Risk {
  const language = languages[platform];
  const found = new Map<string, { level: "medium" | "high"; examples: string[] }>();
  const add = (level: "medium" | "high", say: string, example: string): void => {
    const there = found.get(say) ?? { level, examples: [] };
    there.examples.push(example);
    found.set(say, there);
  };
  for (const { kind, text, path } of placesOf(platform, lines)) {
    if (kind === "exit" || kind === "header") continue;
    const where = path.length > 0 ? `“${text}” in “${path.at(-1)}”` : `“${text}”`;
    const rule = language.risks.find(
      (r) => r.match.test(text) && (r.under === undefined || path.some((p) => r.under?.test(p))),
    );
    if (rule) add(rule.level, rule.say, where);
    if (isForeseen(language.config) && mayNotRepeat(platform, text))
      add("medium", "cannot be checked by reading it back: if the session breaks there, a person must decide", where);
    if (/[^\u0020-\u007e]/.test(text)) add("medium", "holds characters outside ASCII: look at them twice", where);
  }
  const reasons = [...found]
    .sort(([, a], [, b]) => RANK[b.level] - RANK[a.level])
    .map(([say, { examples }]) => sentence(say, examples));
  const { removed } = countHunks(diff);
  const unforeseen = notes.filter((n) => !n.endsWith(": nothing to remove"));
  if (removed > 0) reasons.push(`${removed} ${removed === 1 ? "line goes" : "lines go"} away`);
  reasons.push(...unforeseen);
  const worst = [...found.values()].some((f) => f.level === "high")
    ? "high"
    : found.size > 0 || removed > 0 || unforeseen.length > 0
      ? "medium"
      : "low";
  return {
    level: worst,
    reasons: reasons.length > 0 ? reasons : ["only adds lines that touch no traffic, login or routing"],
  };
}

const sentence = (say: string, examples: readonly string[]): string => {
  const [first = ""] = examples;
  return examples.length === 1 ? `${first} ${say}` : `${first} and ${examples.length - 1} more: ${say}`;
};

/** Of several devices: the highest level, every reason once. */
export function worstRisk(risks: readonly Risk[]): Risk {
  const level = risks.reduce<Risk["level"]>((worst, r) => (RANK[r.level] > RANK[worst] ? r.level : worst), "low");
  return { level, reasons: [...new Set(risks.filter((r) => r.level === level).flatMap((r) => r.reasons))] };
}

export const byRisk = (a: Risk, b: Risk): number => RANK[b.level] - RANK[a.level];

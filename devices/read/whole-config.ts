import type { Platform } from "../platforms/platform.ts";

/** So many of the first lines may come before the one that a configuration begins with. */
const HEAD = 10;
const LONGEST_PAGER = 60;

/** Why a text is no whole configuration; null when it is one. */
export function whyNotWhole(
  text: string,
  running: NonNullable<Platform["running"]>,
  platform: Platform,
): string | null {
  const lines = text.split("\n");
  const last = lines.findLast((line) => line.trim() !== "")?.trim();
  if (last === undefined) return "it is empty";
  const head = firstFilled(lines, HEAD);
  if (!head.some((line) => running.begin.test(line))) return `it begins with “${head[0]?.slice(0, 120) ?? ""}”`;
  const paged = lines.find((line) => line.length <= LONGEST_PAGER && platform.pager.ask.test(line.trim()));
  if (paged !== undefined) return `the pager's “${paged.trim()}” stands in it`;
  if (running.end === "braces") return openBraces(lines);
  if (running.end === "twice") return null;
  return running.end.test(last) ? null : `its last line is “${last.slice(0, 120)}”`;
}

function firstFilled(lines: readonly string[], count: number): string[] {
  const filled: string[] = [];
  for (const line of lines) {
    if (line.trim() !== "") filled.push(line);
    if (filled.length === count) break;
  }
  return filled;
}

function openBraces(lines: readonly string[]): string | null {
  let depth = 0;
  for (const line of lines) {
    const bare = line
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
      .replace(/##.*$/, "")
      .trimEnd();
    if (bare.endsWith("{")) depth += 1;
    else if (bare.trim() === "}") depth -= 1;
    if (depth < 0) return "it closes a brace that it does not open";
  }
  return depth === 0 ? null : `${depth} of its sections are not closed`;
}

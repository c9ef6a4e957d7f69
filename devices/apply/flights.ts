import { placesOf } from "../../domain/config/apply.ts";
import type { PlatformId } from "../../domain/contract/device.ts";

/** As much as the input buffer of a terminal surely holds. */
const MOST_LINES = 100;
const MOST_BYTES = 3500;

/** Where a group of lines that leave together begins. A block of several lines is never cut: it has no prompt inside. */
export function flights(platform: PlatformId, lines: readonly string[]): number[] {
  const inside = new Set(
    placesOf(platform, lines).flatMap((p) =>
      p.from < 0 ? [] : Array.from({ length: p.to - p.from }, (_, n) => p.from + 1 + n),
    ),
  );
  const starts: number[] = [];
  let count = 0;
  let bytes = 0;
  for (const [i, line] of lines.entries()) {
    const length = Buffer.byteLength(line) + 1;
    if (starts.length === 0 || (!inside.has(i) && (count >= MOST_LINES || bytes + length > MOST_BYTES))) {
      starts.push(i);
      count = 0;
      bytes = 0;
    }
    count += 1;
    bytes += length;
  }
  return starts;
}

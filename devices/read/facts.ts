import type { DeviceFacts } from "../../domain/contract/device.ts";
import type { Platform } from "../platforms/platform.ts";

/** Reads facts out of the outputs of the platform's fact commands, one output a command. */
export function findFacts(platform: Platform, outputs: readonly string[]): DeviceFacts {
  const find = (what: keyof Platform["facts"][number]["patterns"]): string | null => {
    for (const [n, { patterns }] of platform.facts.entries()) {
      const match = patterns[what]?.exec(outputs[n] ?? "");
      const value = match?.slice(1).find((group) => group !== undefined);
      if (value !== undefined) return value.trim();
    }
    return null;
  };
  const uptime = find("uptime");
  return {
    vendor: platform.facts[0]?.vendor ?? platform.id,
    os_version: find("os_version"),
    model: find("model"),
    serial: find("serial"),
    hostname: find("hostname"),
    uptime_s: uptime === null ? null : uptimeSeconds(uptime),
  };
}

const UNITS: Record<string, number> = { y: 31_536_000, w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

/** `1 week, 2 days, 3 hours, 4 minutes`, `5d 03:04`, `86400`. */
function uptimeSeconds(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  let total = 0;
  let found = false;
  for (const [, count = "", unit = ""] of text.matchAll(/(\d+)\s*(y|w|d|h|m|s)/gi)) {
    total += Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
    found = true;
  }
  const clock = /(\d+):(\d\d)(?::(\d\d))?/.exec(text);
  if (clock) total += Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0);
  return found || clock !== null ? total : null;
}

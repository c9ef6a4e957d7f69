import { leftOut, planTarget, type TargetInput } from "../../../domain/change/plan-target.ts";
import { parseLines } from "../../../domain/config/lines.ts";
import type { PlanTarget } from "../../../domain/contract/change.ts";
import type { PlatformId } from "../../../domain/contract/device.ts";
import { fixture } from "../fixtures/read-fixture.ts";

export const facts = (device: string, device_type: PlatformId = "cisco_ios"): TargetInput["facts"] => ({
  device,
  device_id: `0190a5e1-0000-7000-8000-${device
    .split("")
    .map((c) => c.charCodeAt(0).toString(16))
    .join("")
    .slice(-12)
    .padStart(12, "0")}`,
  device_type,
  site: "par",
  host: "192.0.2.10",
  is_lab: false,
});

export const way: TargetInput["way"] = { mode: "line", transaction: "none", confirm_minutes: 5 };

export function plan(
  device: string,
  text: string,
  more: {
    platform?: Exclude<PlatformId, "linux">;
    config?: (text: string) => string;
    way?: TargetInput["way"];
    hostKey?: string;
  } = {},
): PlanTarget {
  const platform = more.platform ?? "cisco_ios";
  return planTarget({
    facts: facts(device, platform),
    way: more.way ?? way,
    hostKey: more.hostKey ?? "SHA256:abc",
    config: (more.config ?? ((t: string) => t))(fixture(platform)),
    baseHash: "base",
    lines: parseLines(platform, text).lines,
    mask: (value) => `secret://hmac:${value.length.toString(16).padStart(8, "0")}`,
  });
}

export const unreachable = (device: string): PlanTarget =>
  leftOut(facts(device), way, ["ntp server 192.0.2.7"], {
    code: "connect_timeout",
    message: "no answer",
    what_to_do: "check",
  });

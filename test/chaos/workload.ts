import type { OnInterrupted } from "../../domain/contract/change.ts";
import type { StepChoice } from "../../domain/contract/run.ts";
import type { RouterState } from "../../lab/control.ts";
import { seeded } from "../support/seeded.ts";

/** What a person does besides: pauses and resumes it, or cancels it, so long after its first line. */
export type Act = { kind: "pause"; afterMs: number; forMs: number } | { kind: "cancel"; afterMs: number };

/** One change of the workload, before it is asked for. */
export type ChangeSpec = {
  mark: number;
  routers: string[];
  onInterrupted: OnInterrupted;
  confirmMinutes: number;
  sections: number;
  act: Act | null;
  /** A line that one router refuses, or a check that cannot hold: the change goes back. */
  spoiled: "refused_line" | "verify" | null;
  /** What is answered when a device asks, in order, over and over. */
  choices: StepChoice[];
};

const VALUES: readonly OnInterrupted[] = ["ask", "verify", "retry", "rollback", "fail"];
/** Texts tell one change from the other for so long; EOS knows a thousand loopbacks. */
export const MOST_CHANGES = 240;

/** The changes of a seed, one after the other. */
export function planChanges(seed: number, routers: readonly string[]): ChangeSpec[] {
  const chance = seeded(seed ^ 0x5eed);
  return Array.from({ length: MOST_CHANGES }, (_, mark) => ({
    mark,
    routers: chance.shuffle(routers).slice(0, chance.between(1, 3)),
    onInterrupted: VALUES[mark % VALUES.length] ?? "ask",
    confirmMinutes: chance.pick([0, 10, 10]),
    sections: chance.between(2, 4),
    act: actOf(chance),
    spoiled: spoilOf(chance.next()),
    choices: Array.from({ length: 4 }, () =>
      chance.pick<StepChoice>(["verify", "verify", "verify", "retry", "rollback", "skip", "fail"]),
    ),
  }));
}

function actOf(chance: ReturnType<typeof seeded>): Act | null {
  const what = chance.next();
  const afterMs = chance.between(0, 2_500);
  if (what < 0.15) return { kind: "pause", afterMs, forMs: chance.between(500, 8_000) };
  return what < 0.27 ? { kind: "cancel", afterMs } : null;
}

const spoilOf = (what: number): ChangeSpec["spoiled"] => (what < 0.08 ? "refused_line" : what < 0.14 ? "verify" : null);

/** The lines of a change on one router: no other change has one of its leaves. */
export function linesOf(spec: ChangeSpec, router: Pick<RouterState, "device_type">): string[] {
  const { mark } = spec;
  const sections = Array.from({ length: spec.sections }, (_, i) => i);
  const address = (i: number): string => `10.${mark}.${100 + i}.1`;
  switch (router.device_type) {
    case "cisco_ios":
      return sections.flatMap((i) => [
        `interface Loopback${1000 + mark * 10 + i}`,
        ` description chaos ${mark} ${i}`,
        ` ip address ${address(i)} 255.255.255.255`,
        ` ip helper-address 10.${mark}.${150 + i}.1`,
      ]);
    case "arista_eos":
      return sections.flatMap((i) => [
        `interface Loopback${10 + mark * 4 + i}`,
        ` description chaos ${mark} ${i}`,
        ` ip address ${address(i)}/32`,
      ]);
    case "juniper_junos":
      return sections.flatMap((i) => [
        `set interfaces lo0 unit 0 family inet address ${address(i)}/32`,
        `set policy-options prefix-list CHAOS-${mark}-${i} 10.${mark}.${150 + i}.0/24`,
        `set policy-options prefix-list CHAOS-${mark}-${i} 10.${mark}.${200 + i}.0/24`,
      ]);
  }
}

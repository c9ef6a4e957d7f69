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
/** EOS knows a thousand loopbacks, and no two changes share one. */
const MOST_CHANGES = 120;

const WIDE_EVERY = 12;
/** So many loopbacks a change has at most on EOS. */
const MOST_SECTIONS = 8;

/** The changes of a seed, one after the other. */
export function planChanges(seed: number, routers: readonly string[]): ChangeSpec[] {
  const chance = seeded(seed ^ 0x5eed);
  return Array.from({ length: MOST_CHANGES }, (_, mark) => ({
    mark,
    // Now and then one over the whole network, with many lines: others queue behind it.
    routers: mark % WIDE_EVERY === 0 ? [...routers] : chance.shuffle(routers).slice(0, chance.between(1, 3)),
    onInterrupted: VALUES[(seed + mark) % VALUES.length] ?? "ask",
    confirmMinutes: chance.pick([0, 10, 10]),
    sections: mark % WIDE_EVERY === 0 ? MOST_SECTIONS : chance.between(2, 4),
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

/** A network that no other change uses, and none of the lab's own. */
export const netOf = ({ mark }: Pick<ChangeSpec, "mark">): string => `10.${130 + mark}`;

/** The lines of a change on one router: no other change has one of its leaves. */
export function linesOf(spec: ChangeSpec, router: Pick<RouterState, "device_type">): string[] {
  const { mark } = spec;
  const sections = Array.from({ length: spec.sections }, (_, i) => i);
  const net = netOf(spec);
  const address = (i: number): string => `${net}.${100 + i}.1`;
  switch (router.device_type) {
    case "cisco_ios":
      return sections.flatMap((i) => [
        `interface Loopback${1000 + mark * 10 + i}`,
        ` description chaos ${mark} ${i}`,
        ` ip address ${address(i)} 255.255.255.255`,
        ` ip helper-address ${net}.${150 + i}.1`,
      ]);
    case "arista_eos":
      return sections.flatMap((i) => [
        `interface Loopback${1 + mark * MOST_SECTIONS + i}`,
        ` description chaos ${mark} ${i}`,
        ` ip address ${address(i)}/32`,
      ]);
    case "juniper_junos":
      return sections.flatMap((i) => [
        `set interfaces lo0 unit 0 family inet address ${address(i)}/32`,
        `set policy-options prefix-list CHAOS-${mark}-${i} ${net}.${150 + i}.0/24`,
        `set policy-options prefix-list CHAOS-${mark}-${i} ${net}.${200 + i}.0/24`,
      ]);
  }
}

import { ApplicationFailure, condition, defineSignal, defineUpdate, setHandler } from "@temporalio/workflow";
import { DECIDE, NUDGE, type DecideInput } from "../domain/contract/messages.ts";
import type { StepChoice } from "../domain/contract/run.ts";

/** What people tell a run: nudges ("look at your rows") and choices for devices that wait for one. */
export type Inbox = {
  /** Until the next nudge, at most `ms`; false when the time ran out. A nudge that came before counts. */
  nudge(ms: number): Promise<boolean>;
  /** Until somebody chooses for the device, or a nudge arrives: then undefined, and the caller looks at its rows. */
  choice(device: string, allowed: readonly StepChoice[]): Promise<DecideInput | undefined>;
  waiting(): number;
};

export function openInbox(): Inbox {
  let nudges = 0;
  let seen = 0;
  const open = new Map<string, readonly StepChoice[]>();
  const made = new Map<string, DecideInput>();
  setHandler(defineSignal(NUDGE), () => {
    nudges += 1;
  });
  setHandler(
    defineUpdate<void, [DecideInput]>(DECIDE),
    (input) => {
      open.delete(input.device);
      made.set(input.device, input);
    },
    {
      validator: ({ device, choice }) => {
        const allowed = open.get(device);
        if (!allowed) throw ApplicationFailure.nonRetryable(`${device} does not wait for a choice`, "not_waiting");
        if (!allowed.includes(choice))
          throw ApplicationFailure.nonRetryable(
            `${device} can go on by ${allowed.join(", ")}; not by ${choice}`,
            "choice_refused",
          );
      },
    },
  );
  return {
    async nudge(ms) {
      const woken = await condition(() => nudges > seen, ms);
      seen = nudges;
      return woken;
    },
    async choice(device, allowed) {
      if (!made.has(device)) open.set(device, allowed);
      const before = nudges;
      await condition(() => made.has(device) || nudges > before);
      const choice = made.get(device);
      made.delete(device);
      return choice;
    },
    waiting: () => open.size,
  };
}

import { ApplicationFailure, condition, defineSignal, defineUpdate, setHandler } from "@temporalio/workflow";
import { DECIDE, NUDGE, type DecideInput } from "../domain/contract/messages.ts";
import type { StepChoice } from "../domain/contract/run.ts";

/**
 * What people tell a run: nudges ("look at your rows") and choices for devices that wait for one. Whoever waits counts
 * the nudges before it looks at its rows, so that none is lost which comes while it looks; many devices wait at once.
 */
export type Inbox = {
  /** How many nudges have come. */
  nudges(): number;
  /** Until there are more nudges than `seen`, at most `ms`. */
  nudge(seen: number, ms: number): Promise<void>;
  /** Until somebody chooses for the device, or there are more nudges than `seen`: then undefined. */
  choice(device: string, allowed: readonly StepChoice[], seen: number): Promise<DecideInput | undefined>;
  /** The device waits for no choice any more. */
  close(device: string): void;
};

export function openInbox(): Inbox {
  let nudges = 0;
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
    nudges: () => nudges,
    async nudge(seen, ms) {
      await condition(() => nudges > seen, ms);
    },
    async choice(device, allowed, seen) {
      if (!made.has(device)) open.set(device, allowed);
      await condition(() => made.has(device) || nudges > seen);
      const choice = made.get(device);
      made.delete(device);
      return choice;
    },
    close(device) {
      open.delete(device);
      made.delete(device);
    },
  };
}

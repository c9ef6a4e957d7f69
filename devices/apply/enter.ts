import { setTimeout as sleep } from "node:timers/promises";
import { abortReason, failure } from "../failures.ts";
import type { Prompt, Session } from "../session.ts";

/** So often within the time that a lock is waited for. */
const LOOKS = 12;

type Way = { enter: string; isInside: (prompt: Prompt) => boolean; locked: RegExp | null; dirty?: RegExp };

/**
 * Enters the configuration mode; the command changes nothing, so it needs no row. While somebody else holds the
 * configuration it waits for the time that the device is given, and takes nothing from them.
 */
export async function enterWhenFree(
  session: Session,
  { enter, isInside, locked, dirty }: Way,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { name, timeouts } = session.device;
  const until = performance.now() + timeouts.lock;
  const lookAgainMs = timeouts.lock / LOOKS;
  for (;;) {
    const { answers } = await session.exchange([enter], { quick: true });
    const text = answers[0]?.text.trim() ?? "";
    if (isInside(session.prompt())) return text;
    if (dirty?.test(text))
      throw failure("dirty_candidate", `${name} holds uncommitted changes of somebody else: ${oneLine(text)}`);
    const holder = locked?.exec(text);
    if (!holder) {
      const refused = answers[0]?.refused ?? null;
      if (refused !== null) throw failure("line_rejected", `${name} refused “${enter}”: ${oneLine(refused)}`);
      throw failure("wrong_platform", `${name} did not enter its configuration mode: ${oneLine(text)}`);
    }
    const by = holder.slice(1).find((group) => group !== undefined);
    if (performance.now() + lookAgainMs > until)
      throw failure(
        "device_locked",
        `the configuration of ${name} is locked${by === undefined ? "" : ` by ${by.trim()}`}: ${oneLine(text)}`,
      );
    session.note(`the configuration is locked${by === undefined ? "" : ` by ${by.trim()}`}; waiting`);
    await sleep(lookAgainMs);
    if (signal?.aborted) throw abortReason(signal, name);
  }
}

export const oneLine = (text: string): string =>
  text
    .replace(/\s*\n\s*/g, " ")
    .trim()
    .slice(0, 500);

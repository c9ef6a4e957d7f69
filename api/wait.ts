import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** `?wait=`: seconds that an answer may be held back until there is more to tell. */
export const Wait = z.coerce.number().int().min(0).max(60).optional();

/** Looks again and again until `done`, at most `seconds`; gives what was seen last. */
export async function waitUntil<T>(
  seconds: number | undefined,
  first: T,
  look: () => Promise<T>,
  done: (value: T) => boolean,
): Promise<T> {
  let value = first;
  for (const end = Date.now() + (seconds ?? 0) * 1000; !done(value) && Date.now() < end;) {
    await sleep(200);
    value = await look();
  }
  return value;
}

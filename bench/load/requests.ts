import { setTimeout as sleep } from "node:timers/promises";

export type Timed = { kind: string; what: string; ms: number; status: number };

/**
 * Sends requests at a steady rate, whether or not earlier ones have been answered, as many people do: one that waits in a
 * queue is late from the moment at which it was due.
 */
export async function steadily(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  send: (n: number) => { kind: string; what: string; answer: Promise<number> },
): Promise<Timed[]> {
  const timed: Promise<Timed>[] = [];
  const began = performance.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    const { answer, ...about } = send(n);
    timed.push(
      answer.then(
        (status) => ({ ...about, ms: performance.now() - due, status }),
        () => ({ ...about, ms: performance.now() - due, status: 0 }),
      ),
    );
  }
  return Promise.all(timed);
}

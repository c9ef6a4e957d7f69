import type { Duplex } from "node:stream";

/**
 * ssh2 writes each packet in three pieces, and several packets in one turn of the loop; each would be a system call and,
 * without Nagle's delay, a segment. What is written in one turn goes out together, at its end.
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean; // one of several overloads, passed on as it came
  let held = false;
  stream.write = (...args: unknown[]): boolean => {
    if (!held) {
      held = true;
      stream.cork();
      process.nextTick(() => {
        held = false;
        stream.uncork();
      });
    }
    return write(...args);
  };
}

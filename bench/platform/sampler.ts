import { treeCpuSeconds, treePssMib } from "../lib/machine.ts";

/** Watches the memory of process trees until it is stopped: the highest sum, and the CPU that was used meanwhile. */
export function watchTrees(roots: readonly number[]): { stop(): { peakPssMib: number; cpuS: number } } {
  const before = treeCpuSeconds(roots);
  let peak = treePssMib(roots);
  const timer = setInterval(() => (peak = Math.max(peak, treePssMib(roots))), 500);
  return {
    stop: () => {
      clearInterval(timer);
      peak = Math.max(peak, treePssMib(roots));
      return { peakPssMib: peak, cpuS: treeCpuSeconds(roots) - before };
    },
  };
}

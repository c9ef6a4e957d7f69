/** What a rendering may use. Work is counted in units: a pass of a loop, a call, a value made by `range`, 64 characters captured. */
export type Limits = {
  /** Characters of output. */
  output: number;
  work: number;
  /** Macros, includes and blocks within each other. */
  depth: number;
  /** Milliseconds, by `clock`; without a clock there is no bound on time but that on work. */
  time: number;
};

export const DEFAULT_LIMITS: Limits = { output: 4_000_000, work: 5_000_000, depth: 200, time: 10_000 };

/** The work between two looks at the clock. */
export const CLOCK_EVERY = 2000;

import type { Pool } from "../db/client.ts";
import { listVersion, listsAreBeingWritten } from "../db/queries/list-version.ts";

export type KeptAnswers = {
  /** The JSON of what `make` reads: made anew whenever anything that it may be made of was written. */
  get(key: string, make: () => Promise<unknown>): Promise<string>;
};

type Kept = { version: string; made: Promise<{ text: string; settled: boolean }> };

const MOST = 64;
const LONGEST = 1024 * 1024;

/**
 * Keeps answers of lists as long as they are true. Who reads after a write has returned sees that write, on every API
 * process: the version is asked for each time, and an answer made while somebody was writing is given to nobody else.
 */
export function keepAnswers(pool: Pool): KeptAnswers {
  const kept = new Map<string, Kept>();

  const make = async (read: () => Promise<unknown>): Kept["made"] => {
    // In this order: a writer who comes after this look moves the version that was read before it.
    const settled = !(await listsAreBeingWritten(pool));
    return { text: JSON.stringify(await read()), settled };
  };

  return {
    async get(key, read) {
      const version = await listVersion(pool);
      const known = kept.get(key);
      if (known?.version === version) {
        const { text, settled } = await known.made;
        if (settled) return text;
      }
      const entry: Kept = { version, made: make(read) };
      kept.delete(key);
      kept.set(key, entry);
      const oldest = kept.keys().next();
      if (kept.size > MOST && !oldest.done) kept.delete(oldest.value);
      try {
        const { text, settled } = await entry.made;
        if (!settled || text.length > LONGEST) forget(key, entry);
        return text;
      } catch (error) {
        forget(key, entry);
        throw error;
      }
    },
  };

  function forget(key: string, entry: Kept): void {
    if (kept.get(key) === entry) kept.delete(key);
  }
}

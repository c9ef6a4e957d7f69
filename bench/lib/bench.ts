import { startBenchDatabase, type BenchDatabase } from "../engine/database.ts";
import { startBenchProduct, type BenchProduct } from "../platform/product.ts";
import { buildPrograms, type Programs } from "./build.ts";

/** What rows measure with. Database and product are started when a row first asks for them, and shared by the rows after it. */
export type Bench = {
  programs: Programs;
  quick: boolean;
  /** Waits for a quiet machine before each run, repeats a disturbed one, and, unless it is quick, adds one under the profiler. */
  patient: boolean;
  database(): Promise<BenchDatabase>;
  product(): Promise<BenchProduct>;
  say(line: string): void;
  /** Stops what was started; what is asked for afterwards is started anew. */
  close(): Promise<void>;
};

export function openBench({ quick, patient }: Pick<Bench, "quick" | "patient">): Bench {
  let database: Promise<BenchDatabase> | undefined;
  let product: Promise<BenchProduct> | undefined;
  const bench: Bench = {
    programs: buildPrograms(),
    quick,
    patient,
    database: () => (database ??= startBenchDatabase()),
    product: () => (product ??= startBenchProduct()),
    say: (line) => process.stderr.write(`${line}\n`),
    close: async () => {
      // One that did not start has nothing to stop, and has told so already.
      const stopping = [product, database];
      product = undefined;
      database = undefined;
      for (const it of stopping) await it?.then((started) => started.stop()).catch(() => undefined);
    },
  };
  return bench;
}

import { z } from "zod";
import type { Bench } from "./bench.ts";

/** One run of one client, as it is kept. */
export const Measurement = z.object({
  client: z.string(),
  job: z.string(),
  platform: z.string(),
  n: z.number(),
  in_flight: z.number(),
  rtt_ms: z.number(),
  ok: z.number(),
  fail: z.number(),
  wall_s: z.number(),
  devices_s: z.number(),
  cpu_ms: z.number(),
  rss_mib: z.number(),
  held_rss_mib: z.number().nullable(),
  p50_s: z.number(),
  p99_s: z.number(),
  routers_cpu_ms: z.number(),
  database_cpu_ms: z.number(),
  /** Cores that others used during the run. */
  others_cores: z.number(),
  negotiated: z.string(),
  error: z.string().nullable(),
});
export type Measurement = z.infer<typeof Measurement>;

/** A figure against its bar. */
export const Figure = z.object({
  /** The line of the table that it belongs to. */
  line: z.string(),
  name: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  better: z.enum(["higher", "lower"]),
  bar: z.number().nullable(),
  aim: z.number().nullable(),
  /** Why there is no value, or what stands behind it. */
  note: z.string(),
});
export type Figure = z.infer<typeof Figure>;

export type RowResult = {
  figures: Figure[];
  measurements: Measurement[];
  notes: string[];
  /** Where one more run of our own spent its time. */
  profile?: string[];
};

export type Row = {
  id: string;
  title: string;
  run(bench: Bench): Promise<RowResult>;
};

type Given = Pick<Figure, "line" | "name" | "value" | "unit"> & Partial<Figure>;

export const figure = (given: Given): Figure => ({ better: "higher", bar: null, aim: null, note: "", ...given });

export type Verdict = "aim" | "met" | "missed" | "none" | "shown";

/** `none`: it could not be measured. `shown`: there is no bar for it. */
export function verdictOf({ value, bar, aim, better }: Figure): Verdict {
  if (value === null) return "none";
  if (bar === null) return "shown";
  const reaches = (mark: number): boolean => (better === "higher" ? value >= mark : value <= mark);
  if (aim !== null && reaches(aim)) return "aim";
  return reaches(bar) ? "met" : "missed";
}

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { describeMachine } from "./machine.ts";
import { Figure, Measurement, type Row, type RowResult } from "./rows.ts";

const StoredRow = z.object({
  id: z.string(),
  title: z.string(),
  command: z.string(),
  seconds: z.number(),
  machine: z.object({
    date: z.string(),
    cpu: z.string(),
    cores: z.number(),
    memory_gib: z.number(),
    kernel: z.string(),
    node: z.string(),
    commit: z.string(),
    versions: z.record(z.string(), z.string()),
  }),
  figures: z.array(Figure),
  measurements: z.array(Measurement),
  notes: z.array(z.string()),
  profile: z.array(z.string()).optional(),
});
export type StoredRow = z.infer<typeof StoredRow>;

/** Keeps one row in a file of its own, so that it can be measured again without the others. */
export function storeRow(
  folder: string,
  row: Pick<Row, "id" | "title">,
  result: RowResult,
  about: { command: string; seconds: number },
): void {
  mkdirSync(folder, { recursive: true });
  const stored: StoredRow = { id: row.id, title: row.title, ...about, machine: describeMachine(), ...result };
  writeFileSync(join(folder, `${row.id}.json`), `${JSON.stringify(stored, rounded, 1)}\n`);
}

/** Six significant digits are more than any of these figures has. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === "number" ? Number(value.toPrecision(6)) : value;

/** What was kept, in the order of `ids`. */
export function loadRows(folder: string, ids: readonly string[]): StoredRow[] {
  if (!existsSync(folder)) return [];
  const files = new Set(readdirSync(folder));
  return ids.flatMap((id) =>
    files.has(`${id}.json`) ? [StoredRow.parse(JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8")))] : [],
  );
}

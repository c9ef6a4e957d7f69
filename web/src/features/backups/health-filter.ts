import { BACKUP_HEALTH, type BackupHealthStatus } from "../../../../domain/contract/backup.ts";
import type { Query } from "../../lib/api.ts";
import { formatFilterLine, parseFilterLine, valuesOf } from "../../lib/filter-line.ts";

export const FILTER_KEYS = ["health"] as const;
/** The words for the filter are those of the page. */
const WORDS: Record<BackupHealthStatus, string> = {
  fresh: "fresh",
  stale: "old",
  failed: "failed",
  never: "never",
  unsupported: "unsupported",
};
export const healthWord = (status: BackupHealthStatus): string => WORDS[status];

/** The API's query for a filter line: `health:old,failed core`. A word that is none of these goes as it is, so that the API says so. */
export function healthFilter(line: string): Query {
  const parsed = parseFilterLine(line, FILTER_KEYS);
  const wanted = valuesOf(parsed, "health")
    ?.split(",")
    .map((word) => BACKUP_HEALTH.find((status) => WORDS[status] === word.toLowerCase()) ?? word.toLowerCase());
  return { search: parsed.words, status: wanted?.join(",") };
}

/** The same line, with only this health or, where it was the only one, with none. */
export function toggleHealth(line: string, status: BackupHealthStatus): string {
  const parsed = parseFilterLine(line, FILTER_KEYS);
  const on = valuesOf(parsed, "health") === WORDS[status];
  const terms = on ? [] : [{ key: "health", values: [WORDS[status]] }];
  return formatFilterLine({ terms, words: parsed.words });
}
export const isOnly = (line: string, status: BackupHealthStatus): boolean =>
  valuesOf(parseFilterLine(line, FILTER_KEYS), "health") === WORDS[status];

/** What is chosen: names in the address, or everything that the filter finds. */
export const EVERYTHING = "*";
export type Chosen = ReadonlySet<string> | typeof EVERYTHING;
export const parseChosen = (text: string | undefined): Chosen =>
  text === EVERYTHING ? EVERYTHING : new Set((text ?? "").split(",").filter((name) => name !== ""));
export const formatChosen = (chosen: Chosen): string | undefined =>
  chosen === EVERYTHING ? EVERYTHING : [...chosen].join(",") || undefined;

import type { TranscriptEntry } from "../../../../domain/contract/run.ts";

/** One printed line of a transcript. */
export type TranscriptRow = { at: string; first: boolean; direction: TranscriptEntry["direction"]; text: string };

/** Entries by line, so that long output is windowed as well. */
export function transcriptRows(entries: readonly TranscriptEntry[]): TranscriptRow[] {
  return entries.flatMap(({ at, direction, text }) =>
    text
      .replace(/\r\n?/g, "\n")
      .replace(/\n+$/, "")
      .split("\n")
      .map((line, i): TranscriptRow => ({ at, direction, text: line, first: i === 0 })),
  );
}

/** The rows that hold the words, ignoring case. */
export function findRows(rows: readonly TranscriptRow[], words: string): number[] {
  const wanted = words.trim().toLowerCase();
  return wanted === "" ? [] : rows.flatMap((row, i) => (row.text.toLowerCase().includes(wanted) ? [i] : []));
}

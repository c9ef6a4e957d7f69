import type { JournalLine } from "../../../../domain/contract/run.ts";

export type JournalHead = { kind: "head"; direction: JournalLine["direction"]; label: string };
export type JournalRow = { kind: "line"; line: JournalLine; number: number; time: string | null };

const DIRECTIONS = ["apply", "keep", "rollback"] as const;
const LABELS = { apply: "Sent", keep: "Made to stay", rollback: "The way back" } as const;

/** Of lines that were sent again after a read-back, the last attempt; in sending order. */
export function currentLines(lines: readonly JournalLine[]): JournalLine[] {
  const last = new Map<string, JournalLine>();
  for (const line of lines) {
    const key = `${line.direction} ${line.seq}`;
    const known = last.get(key);
    if (!known || line.attempt >= known.attempt) last.set(key, line);
  }
  return DIRECTIONS.flatMap((d) => [...last.values()].filter((l) => l.direction === d).sort((a, b) => a.seq - b.seq));
}

const PAUSE_MS = 5000;

/** Rows of the list: a head before each direction where there is more than one; a time at the first and the last line that was answered, at what went wrong, and after a pause. */
export function journalRows(
  lines: readonly JournalLine[],
  clock: (iso: string) => string,
): (JournalHead | JournalRow)[] {
  const current = currentLines(lines);
  const directions = DIRECTIONS.filter((d) => current.some((l) => l.direction === d));
  return directions.flatMap((direction) => {
    const mine = current.filter((l) => l.direction === direction);
    const last = mine.findLastIndex((l) => l.state === "taken");
    let before = Number.NEGATIVE_INFINITY;
    const rows = mine.map((line, i): JournalRow => {
      const at = line.answered_at ?? line.sent_at;
      const ms = at === null ? before : Date.parse(at);
      const told = i === last || line.state === "in_doubt" || line.state === "refused" || ms - before >= PAUSE_MS;
      before = ms;
      return { kind: "line", line, number: i + 1, time: at !== null && told ? clock(at) : null };
    });
    return directions.length > 1 ? [{ kind: "head" as const, direction, label: LABELS[direction] }, ...rows] : rows;
  });
}

export type LineCounts = {
  taken: number;
  in_doubt: number;
  refused: number;
  not_sent: number;
  total: number;
  firstInDoubt: number | null;
};

/** How a device stands in one direction, from its journal. */
export function countStates(lines: readonly JournalLine[], direction: JournalLine["direction"]): LineCounts {
  const mine = currentLines(lines).filter((l) => l.direction === direction);
  const of = (state: JournalLine["state"]): number => mine.filter((l) => l.state === state).length;
  const first = mine.findIndex((l) => l.state === "in_doubt");
  return {
    taken: of("taken") + of("not_needed"),
    in_doubt: of("in_doubt"),
    refused: of("refused"),
    not_sent: of("not_sent"),
    total: mine.length,
    firstInDoubt: first === -1 ? null : first + 1,
  };
}

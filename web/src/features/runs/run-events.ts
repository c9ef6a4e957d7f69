import type { RunEvent } from "../../../../domain/contract/run.ts";

/** Events by their number, each once, in order: what a resumed stream sends again does not show twice. */
export function mergeEvents(known: readonly RunEvent[], more: readonly RunEvent[]): RunEvent[] {
  const bySeq = new Map(known.map((e) => [e.seq, e]));
  for (const event of more) bySeq.set(event.seq, event);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

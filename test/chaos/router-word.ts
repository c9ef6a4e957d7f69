import type { LedgerEntry } from "../../lab/ledger.ts";
import type { RouterWord } from "./evidence.ts";

/** Lines that only lead in and out of the configuration mode, or throw a candidate away: they change nothing. */
export const isFrame = (line: string): boolean =>
  /^(end|exit|abort|top|exit configuration-mode|rollback 0|show \| compare|configure \S.*)$/.test(line);

/** A section's first line is sent again whenever a session goes on inside of it. */
export const isHeader = (line: string): boolean => /^interface \S+$/.test(line);

/** The box worked on the line: it was neither refused, nor swallowed by a fault of the connection. */
function reachedBox(entry: LedgerEntry): boolean {
  const swallowed = entry.faults.some((fault) => fault === "cut_at_line" || fault === "half_open") && !entry.changed;
  return entry.kind === "config" && !entry.refused && !swallowed;
}

/** The line became part of the running config: at once, or with the commit that followed in its session. */
export function becameActive(entry: LedgerEntry, { router, ledger }: RouterWord): boolean {
  if (!reachedBox(entry)) return false;
  if (router.device_type === "cisco_ios") return true;
  const ends = ledger.find(
    (e) =>
      e.seq > entry.seq &&
      e.session === entry.session &&
      e.kind === "config" &&
      /^(commit\b(?! check)|abort$|rollback 0$|exit configuration-mode$)/.test(e.line.trim()),
  );
  return ends !== undefined && ends.line.trim().startsWith("commit") && reachedBox(ends);
}

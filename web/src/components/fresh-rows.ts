import { useEffect, useRef, useState } from "react";

type Fresh<Row> = {
  rows: Row[];
  /** Rows that came or changed in the last second. */
  changed: ReadonlySet<string>;
  /** Rows that wait until the pointer leaves. */
  waiting: number;
  hold: () => void;
  release: () => void;
  show: () => void;
};

const NONE: ReadonlySet<string> = new Set();

/** Keeps the order of rows still while they are held: what is shown updates in place, what is new is counted. */
export function arrange<Row>(
  held: readonly string[] | null,
  rows: readonly Row[],
  rowId: (row: Row) => string,
): { rows: Row[]; waiting: number } {
  if (held === null) return { rows: [...rows], waiting: 0 };
  const byId = new Map(rows.map((row) => [rowId(row), row]));
  const kept = held.flatMap((id) => byId.get(id) ?? []);
  return { rows: kept, waiting: rows.length - kept.length };
}

export function useFreshRows<Row>(
  rows: Row[],
  rowId: (row: Row) => string,
  version?: (row: Row) => string,
): Fresh<Row> {
  const [held, setHeld] = useState<string[] | null>(null);
  const [changed, setChanged] = useState<ReadonlySet<string>>(NONE);
  const seen = useRef<Map<string, string> | null>(null);
  const arranged = arrange(held, rows, rowId);
  // Nothing of what was held is left: another page or filter was asked for, so the new rows are what is wanted.
  const replaced = held !== null && rows.length > 0 && arranged.rows.length === 0;

  useEffect(() => {
    if (!version) return;
    const now = new Map(rows.map((row) => [rowId(row), version(row)]));
    const before = seen.current;
    seen.current = now;
    if (!before || before.size === 0) return;
    const moved = [...now].filter(([id, v]) => before.has(id) && before.get(id) !== v).map(([id]) => id);
    if (moved.length === 0) return;
    setChanged(new Set(moved));
    const timer = setTimeout(() => setChanged(NONE), 1000);
    return () => clearTimeout(timer);
  }, [rows, rowId, version]);

  const ids = (): string[] => rows.map(rowId);
  return {
    rows: replaced ? rows : arranged.rows,
    changed,
    waiting: replaced ? 0 : arranged.waiting,
    hold: () => setHeld((current) => current ?? ids()),
    release: () => setHeld(null),
    show: () => setHeld(ids()),
  };
}

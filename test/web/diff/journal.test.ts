import { expect, test } from "vitest";
import type { JournalLine } from "../../../domain/contract/run.ts";
import { countStates, currentLines, journalRows } from "../../../web/src/components/diff/journal.ts";

const line = (seq: number, more: Partial<JournalLine> = {}): JournalLine => ({
  device: "r1",
  direction: "apply",
  seq,
  attempt: 1,
  window: seq,
  line: `line ${seq}`,
  state: "taken",
  sent_at: "2026-11-24T01:00:00Z",
  answered_at: "2026-11-24T01:00:00Z",
  answer: null,
  ...more,
});

test("a line that was sent again counts once, as it stands after the last attempt", () => {
  const lines = [
    line(1),
    line(2, { state: "in_doubt" }),
    line(2, { attempt: 2 }),
    line(3, { state: "not_sent", sent_at: null, answered_at: null }),
  ];
  expect(currentLines(lines).map((l) => [l.seq, l.state])).toEqual([
    [1, "taken"],
    [2, "taken"],
    [3, "not_sent"],
  ]);
  expect(countStates(lines, "apply")).toEqual({
    taken: 2,
    in_doubt: 0,
    refused: 0,
    not_sent: 1,
    total: 3,
    firstInDoubt: null,
  });
});

test("the line in doubt is named by its place in the list", () => {
  expect(
    countStates([line(10), line(20, { state: "in_doubt" }), line(30, { state: "not_sent" })], "apply").firstInDoubt,
  ).toBe(2);
});

test("directions have heads only where there is more than one; a time stands at the first and last taken line and after a pause", () => {
  const clock = (iso: string) => iso.slice(11, 19);
  const alone = journalRows(
    [
      line(1),
      line(2),
      line(3, { answered_at: "2026-11-24T01:00:09Z" }),
      line(4, { answered_at: "2026-11-24T01:00:10Z" }),
      line(5, { answered_at: "2026-11-24T01:00:11Z" }),
    ],
    clock,
  );
  expect(alone.map((r) => (r.kind === "line" ? r.time : r.label))).toEqual([
    "01:00:00",
    null,
    "01:00:09",
    null,
    "01:00:11",
  ]);
  const both = journalRows([line(1, { direction: "rollback" }), line(1)], clock);
  expect(both.map((r) => (r.kind === "head" ? r.label : r.line.direction))).toEqual([
    "Sent",
    "apply",
    "The way back",
    "rollback",
  ]);
});

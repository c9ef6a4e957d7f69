import { describe, expect, test } from "vitest";
import type { RunEvent, RunStep } from "../../../domain/contract/run.ts";
import { mergeEvents } from "../../../web/src/features/runs/run-events.ts";
import {
  choicesFor,
  doubtWords,
  eventWords,
  verdictOf,
  worthTelling,
} from "../../../web/src/features/runs/run-words.ts";
import { findRows, transcriptRows } from "../../../web/src/features/runs/transcript.ts";

const event = (seq: number, more: Partial<RunEvent> = {}): RunEvent => ({
  seq,
  at: "2026-11-24T01:00:00Z",
  kind: "step",
  step: null,
  device: null,
  attempt: 1,
  actor: null,
  status: null,
  message: null,
  error: null,
  ...more,
});
const step = (type: string, status: RunStep["status"], device: string): RunStep => ({
  id: type,
  name: type,
  type,
  status,
  device,
  attempt: 1,
  message: null,
  error: null,
  started_at: null,
  completed_at: null,
  duration_ms: null,
});
const lines = { taken: 14, in_doubt: 1, refused: 0, not_sent: 7, total: 22, firstInDoubt: 15 };

describe("a device in doubt", () => {
  test("is told by line, with what is confirmed, and never that the line was sent or not", () => {
    const words = doubtWords({ type: "apply", message: null }, lines);
    expect(words.head).toBe("Line 15 may or may not be on the device.");
    expect(words.rest).toBe("14 of 22 lines are confirmed. Nothing more is sent until you choose.");
  });
  test("with a whole window in doubt names its first and last line", () => {
    expect(doubtWords({ type: "apply", message: null }, { ...lines, in_doubt: 3 }).head).toBe(
      "Lines 15–17 may or may not be on the device.",
    );
  });
  test("with nothing in doubt says only that the session broke", () => {
    expect(doubtWords({ type: "apply", message: null }, { ...lines, in_doubt: 0, firstInDoubt: null }).head).toBe(
      "The session broke off.",
    );
  });
  test("is offered only what its step allows, reading back first", () => {
    const of = (s: string) => {
      const c = choicesFor(s);
      return [c.main, ...c.beside, ...c.more].map((x) => x.choice);
    };
    expect(of("apply")).toEqual(["verify", "rollback", "skip", "retry", "fail"]);
    expect(of("keep")).toEqual(["verify", "rollback", "skip", "retry"]);
    expect(of("rollback")).toEqual(["verify", "skip", "retry", "fail"]);
  });
});

describe("the verdict", () => {
  const run = { devices: ["a", "b"], error: null, message: null };
  test("counts what was kept", () => {
    expect(
      verdictOf({ ...run, status: "success", steps: [step("keep", "success", "a"), step("keep", "success", "b")] })
        .head,
    ).toBe("Kept on 2 of 2 devices.");
    expect(verdictOf({ ...run, status: "success", steps: [] }).head).toBe("Nothing had to be sent.");
  });
  test("tells a failure that touched nothing from one that did", () => {
    expect(verdictOf({ ...run, status: "failed", steps: [] }).head).toBe("It failed, nothing was sent.");
    expect(verdictOf({ ...run, status: "failed", steps: [step("apply", "failed", "a")] }).head).toBe("It failed.");
    expect(verdictOf({ ...run, status: "cancelled", steps: [step("apply", "success", "a")] }).rest).toContain(
      "stays on the devices",
    );
  });
});

describe("the list of acts", () => {
  test("holds people and what went wrong on any number of devices, and each device's steps only for few", () => {
    expect(worthTelling(event(1, { kind: "person", actor: "ann" }), 400)).toBe(true);
    expect(worthTelling(event(1, { device: "a", step: "apply", status: "interrupted" }), 400)).toBe(true);
    expect(worthTelling(event(1, { device: "a", step: "keep", status: "success" }), 400)).toBe(false);
    expect(worthTelling(event(1, { device: "a", step: "keep", status: "success" }), 3)).toBe(true);
    expect(worthTelling(event(1, { step: "approve", status: "success" }), 3)).toBe(false);
  });
  test("names who or what an event is about", () => {
    expect(eventWords(event(1, { kind: "person", actor: "ann", message: "paused it" }))).toEqual({
      who: "ann",
      what: "paused it",
    });
    expect(eventWords(event(1, { device: "a", step: "keep", status: "success" }))).toEqual({ who: "a", what: "kept" });
    expect(
      eventWords(
        event(1, {
          device: "a",
          step: "apply",
          status: "failed",
          error: { code: "line_rejected", message: "refused line 3" },
        }),
      ).what,
    ).toBe("refused line 3");
  });
  test("shows an event once and in order, however often a resumed stream sends it", () => {
    const merged = mergeEvents([event(1), event(2)], [event(4), event(2), event(3), event(4)]);
    expect(merged.map((e) => e.seq)).toEqual([1, 2, 3, 4]);
  });
});

test("a transcript is cut into printed lines and found in without regard to case", () => {
  const at = "2026-11-24T01:00:00Z";
  const rows = transcriptRows([
    { at, device: "a", step: "apply", direction: "sent", text: "show clock\n" },
    { at, device: "a", step: "apply", direction: "received", text: "01:00\r\nr1#\r\n" },
  ]);
  expect(rows.map((r) => [r.text, r.first])).toEqual([
    ["show clock", true],
    ["01:00", true],
    ["r1#", false],
  ]);
  expect(findRows(rows, "CLOCK")).toEqual([0]);
  expect(findRows(rows, " ")).toEqual([]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunStep } from "../../../domain/contract/run.ts";
import {
  COLUMNS,
  cellStep,
  cellView,
  countColumn,
  firstCell,
  indexSteps,
  interruptedSteps,
  loudest,
  moveCell,
  shortDuration,
} from "../../../web/src/features/runs/matrix.ts";

const step = (
  type: string,
  status: RunStep["status"],
  device: string | null,
  more: Partial<RunStep> = {},
): RunStep => ({
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
  ...more,
});
const seconds = (ms: number): string => `${ms / 1000} s`;

describe("a cell", () => {
  const steps = [
    step("plan", "success", null, { duration_ms: 2000 }),
    step("approve", "success", null, { message: "change-mgr approved" }),
    step("apply", "success", null),
    step("apply", "running", "r1"),
    step("apply", "interrupted", "r2"),
  ];
  const index = indexSteps({ steps });

  test("shows the run's own step for planning and approving, and only the device's for what touches the device", () => {
    expect(cellStep(index, "r1", "plan")?.duration_ms).toBe(2000);
    expect(cellStep(index, "r3", "apply")).toBeNull();
    expect(cellStep(index, "r1", "apply")?.status).toBe("running");
  });
  test("says who approved, how far the lines are, and which line is in doubt", () => {
    const progress = { device: "r2", direction: "apply" as const, taken: 14, in_doubt: 1, refused: 0, total: 22 };
    expect(cellView(cellStep(index, "r1", "approve"), undefined, seconds).text).toBe("change-mgr");
    expect(cellView(cellStep(index, "r1", "apply"), { ...progress, in_doubt: 0 }, seconds).text).toBe("14 of 22");
    expect(cellView(cellStep(index, "r2", "apply"), progress, seconds)).toMatchObject({
      kind: "doubt",
      text: "line 15 ?",
    });
  });
  test("claims nothing for a step that has not begun", () => {
    expect(cellView(null, undefined, seconds)).toMatchObject({ kind: "idle", text: "", word: "not yet" });
    expect(cellView(step("keep", "pending", "r1"), undefined, seconds).word).toBe("not yet");
  });
  test("shows the way back in the last column once it was used, and not before", () => {
    const kept = step("keep", "success", "r1", { duration_ms: 3000 });
    expect(cellStep(indexSteps({ steps: [kept, step("rollback", "pending", "r1")] }), "r1", "keep")).toBe(kept);
    const back = step("rollback", "success", "r1");
    const used = cellStep(indexSteps({ steps: [kept, back] }), "r1", "keep");
    expect(used).toBe(back);
    expect(cellView(used, undefined, seconds)).toMatchObject({ kind: "back", text: "rolled back" });
  });
});

test("a column counts its devices by state, what is fine first", () => {
  const steps = [step("apply", "success", "a"), step("apply", "success", "b"), step("apply", "failed", "c")];
  const counts = countColumn(indexSteps({ steps }), ["a", "b", "c", "d"], "apply");
  expect(counts.map((c) => [c.kind, c.count])).toEqual([
    ["ok", 2],
    ["bad", 1],
    ["idle", 1],
  ]);
  expect(loudest(counts)).toBe("bad");
  expect(loudest([{ kind: "ok" }, { kind: "idle" }])).toBeNull();
});

test("the cell in doubt is looked at first, then a failed one, else where the first device stands", () => {
  const devices = ["a", "b"];
  const fine = [step("plan", "success", "a"), step("apply", "success", "a")];
  expect(firstCell({ devices, steps: fine })).toEqual({ device: "a", column: "apply" });
  const failed = [...fine, step("verify", "failed", "a")];
  expect(firstCell({ devices, steps: failed })).toEqual({ device: "a", column: "verify" });
  const doubt = [...failed, step("apply", "interrupted", "b")];
  expect(firstCell({ devices, steps: doubt })).toEqual({ device: "b", column: "apply" });
  expect(interruptedSteps({ steps: doubt }).map((s) => s.device)).toEqual(["b"]);
  expect(firstCell({ devices: [], steps: [] })).toBeNull();
});

describe("arrow keys", () => {
  test("move by one and stop at the edges", () => {
    expect(moveCell({ row: 0, column: 0 }, "ArrowUp", 3, 5)).toEqual({ row: 0, column: 0 });
    expect(moveCell({ row: 0, column: 0 }, "ArrowRight", 3, 5)).toEqual({ row: 0, column: 1 });
    expect(moveCell({ row: 2, column: 4 }, "ArrowDown", 3, 5)).toEqual({ row: 2, column: 4 });
    expect(moveCell({ row: 1, column: 2 }, "End", 3, 5)).toEqual({ row: 1, column: 4 });
    expect(moveCell({ row: 1, column: 2 }, "mod+End", 3, 5)).toEqual({ row: 2, column: 4 });
    expect(moveCell({ row: 1, column: 2 }, "PageDown", 40, 5)).toEqual({ row: 11, column: 2 });
    expect(moveCell({ row: 1, column: 2 }, "a", 3, 5)).toBeNull();
  });
  test("never leave the grid, whatever is pressed", () => {
    const keys = [
      "ArrowUp",
      "ArrowDown",
      "ArrowLeft",
      "ArrowRight",
      "Home",
      "End",
      "mod+Home",
      "mod+End",
      "PageUp",
      "PageDown",
    ];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.array(fc.constantFrom(...keys)), (rows, presses) => {
        let at = { row: 0, column: 0 };
        for (const key of presses) at = moveCell(at, key, rows, COLUMNS.length) ?? at;
        expect(at.row).toBeGreaterThanOrEqual(0);
        expect(at.row).toBeLessThan(rows);
        expect(at.column).toBeGreaterThanOrEqual(0);
        expect(at.column).toBeLessThan(COLUMNS.length);
      }),
    );
  });
});

test("durations below a second keep one digit", () => {
  expect(shortDuration(20, seconds)).toBe("<0.1 s");
  expect(shortDuration(420, seconds)).toBe("0.4 s");
  expect(shortDuration(11_000, seconds)).toBe("11 s");
});

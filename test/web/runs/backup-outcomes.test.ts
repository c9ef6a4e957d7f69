import { expect, test } from "vitest";
import type { RunStep } from "../../../domain/contract/run.ts";
import {
  countSegments,
  failuresByName,
  groupOutcomes,
  outcomeOf,
} from "../../../web/src/features/runs/backup-outcomes.ts";

const step = (device: string | null, status: RunStep["status"], more: Partial<RunStep> = {}): RunStep => ({
  id: "backup",
  name: "Back up",
  type: "backup",
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
const failed = (device: string, code: string): RunStep =>
  step(device, "failed", { error: { code, message: "no", what_to_do: `mend ${code}` } });

test("a device that was read is told apart from one that has a new version", () => {
  expect(outcomeOf(step("a", "success", { message: "unchanged" }))).toBe("unchanged");
  expect(outcomeOf(step("a", "success", { message: "new version, 132 lines" }))).toBe("stored");
  expect(outcomeOf(step("a", "cancelled"))).toBe("skipped");
});

test("what went wrong comes first, groups without a device are left out, and every device stands in one", () => {
  const steps = [
    step("a", "success", { message: "unchanged" }),
    step("b", "pending"),
    failed("c", "auth_failed"),
    step("d", "success", { message: "new version, 9 lines" }),
    step(null, "running"),
  ];
  expect(groupOutcomes({ steps }).map((group) => [group.outcome, group.steps.map((s) => s.device)])).toEqual([
    ["failed", ["c"]],
    ["stored", ["d"]],
    ["unchanged", ["a"]],
    ["pending", ["b"]],
  ]);
});

test("failures are told by name, the most frequent first", () => {
  expect(failuresByName([failed("a", "timeout_idle"), failed("b", "auth_failed"), failed("c", "auth_failed")])).toEqual(
    [
      { code: "auth_failed", whatToDo: "mend auth_failed", devices: 2 },
      { code: "timeout_idle", whatToDo: "mend timeout_idle", devices: 1 },
    ],
  );
});

test("the bar shows what is done and leaves open what is not", () => {
  const parts = countSegments({ total: 10, success: 5, unchanged: 4, failed: 1, skipped: 1, pending: 3 });
  expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(7);
});

import { expect, test } from "vitest";
import { APPROVAL_STATUSES } from "../../domain/contract/approval.ts";
import { BACKUP_HEALTH, BACKUP_STATUSES } from "../../domain/contract/backup.ts";
import { CHANGE_STATUSES, PlanTarget, RISKS } from "../../domain/contract/change.ts";
import { Device, HostKey, ImportRow } from "../../domain/contract/device.ts";
import { LINE_STATES, RUN_STATUSES, StepStatus } from "../../domain/contract/run.ts";
import { backupHealthOf, riskOf, statusOf } from "../../web/src/lib/status-of.ts";

const ALL = [
  ...CHANGE_STATUSES,
  ...RUN_STATUSES,
  ...StepStatus.options,
  ...APPROVAL_STATUSES,
  ...Device.shape.state.options,
  ...HostKey.shape.status.options,
  ...ImportRow.shape.action.options,
  ...LINE_STATES,
  ...PlanTarget.shape.state.options,
  ...BACKUP_STATUSES,
];

test("what nobody can know is neither fine nor broken", () => {
  expect(statusOf("interrupted").kind).toBe("doubt");
  expect(statusOf("in_doubt").kind).toBe("doubt");
  expect(statusOf("stale").kind).toBe("doubt");
});

test("only what has ended well is green, and only what has failed is red", () => {
  const of = (kind: string): string[] => [...new Set(ALL.filter((status) => statusOf(status).kind === kind))].sort();
  expect(of("ok")).toEqual([
    "accepted",
    "applied",
    "approved",
    "create",
    "good",
    "planned",
    "reachable",
    "success",
    "taken",
  ]);
  expect(of("bad")).toEqual([
    "changed",
    "error",
    "expired",
    "failed",
    "left_out",
    "refused",
    "rejected",
    "unreachable",
  ]);
});

test("a status that this page does not know is shown by its name and claims nothing", () => {
  expect(statusOf("half_baked")).toEqual({ kind: "idle", icon: "ring", word: "Half baked" });
});

test("every risk has a word, and more risk never looks calmer", () => {
  const order = ["idle", "wait", "bad"];
  expect(RISKS.map((risk) => order.indexOf(riskOf(risk).kind))).toEqual([0, 1, 2]);
});

test("of the ways a backup can stand, only a fresh one is green and only a failed one is red", () => {
  const of = (kind: string): string[] => BACKUP_HEALTH.filter((status) => backupHealthOf(status).kind === kind);
  expect([of("ok"), of("bad")]).toEqual([["fresh"], ["failed"]]);
});

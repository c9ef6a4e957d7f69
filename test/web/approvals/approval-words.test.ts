import { describe, expect, test } from "vitest";
import type { Approval, ApprovalDetail } from "../../../domain/contract/approval.ts";
import { leftPart, sortApprovals, verdictWords, walk } from "../../../web/src/features/approvals/approval-words.ts";

const approval = (id: string, more: Partial<Approval> = {}): Approval => ({
  id,
  kind: "change",
  deploy_id: null,
  status: "pending",
  title: id,
  reason: null,
  risk_level: "low",
  requested_by: "ann",
  run_id: id,
  change_id: id,
  change_hash: "",
  required: 1,
  decisions: [],
  created_at: "2026-11-24T00:00:00Z",
  expires_at: "2026-11-24T10:00:00Z",
  valid_until: null,
  run_nudged: true,
  lab_only: false,
  devices: [],
  sites: [],
  diffs: 1,
  added: 0,
  removed: 0,
  can_decide: true,
  cannot_because: null,
  read_groups: [],
  ...more,
});
const said = (
  user: string,
  decision: "approved" | "rejected" | "revoked",
  at: string,
  reason: string | null = null,
) => ({ user, decision, reason, at });

test("what I may decide comes first, by deadline; decided ones by when they were", () => {
  const sorted = sortApprovals(
    [
      approval("late", { expires_at: "2026-11-24T12:00:00Z" }),
      approval("soon", { expires_at: "2026-11-24T02:00:00Z" }),
      approval("mine", { can_decide: false, requested_by: "me" }),
      approval("old", {
        status: "approved",
        can_decide: false,
        decisions: [said("bob", "approved", "2026-11-23T01:00:00Z")],
      }),
      approval("new", {
        status: "rejected",
        can_decide: false,
        decisions: [said("bob", "rejected", "2026-11-24T01:00:00Z")],
      }),
    ],
    "me",
  );
  expect(sorted.forMe.map((a) => a.id)).toEqual(["soon", "late"]);
  expect(sorted.forOthers.map((a) => a.id)).toEqual(["mine"]);
  expect(sorted.mine.map((a) => a.id)).toEqual(["mine"]);
  expect(sorted.decided.map((a) => a.id)).toEqual(["new", "old"]);
});

test("the verdict names who, and why not", () => {
  const yes = [said("ann", "approved", "2026-11-24T01:00:00Z"), said("me", "approved", "2026-11-24T02:00:00Z")];
  expect(verdictWords(approval("a", { status: "approved", decisions: yes }), "me")).toBe("by ann and you");
  expect(
    verdictWords(
      approval("a", { status: "rejected", decisions: [said("bob", "rejected", "2026-11-24T01:00:00Z", "no limit")] }),
      "me",
    ),
  ).toBe("by bob: “no limit”");
  expect(verdictWords(approval("a", { status: "expired" }), "me")).toBe("nobody decided in time, nothing sent");
  expect(
    verdictWords(
      approval("a", { status: "cancelled", decisions: [said("bob", "revoked", "2026-11-24T01:00:00Z")] }),
      "me",
    ),
  ).toBe("taken back by bob");
});

describe("reading", () => {
  const groups = ["a", "b", "c"].map((key) => ({ key })) as unknown as ApprovalDetail["groups"];
  test("goes on to the next unread diff, and round to those that were passed over", () => {
    expect(walk(groups, new Set(), 0)).toEqual({ unread: 3, read: 0, total: 3, next: 0 });
    expect(walk(groups, new Set(["a"]), 1).next).toBe(1);
    expect(walk(groups, new Set(["b", "c"]), 2).next).toBe(0);
  });
  test("ends only when every diff was read", () => {
    expect(walk(groups, new Set(["a", "b", "c"]), 0)).toEqual({ unread: 0, read: 3, total: 3, next: null });
  });
});

test("the ring shows the part of the time that is left, never less than none", () => {
  const a = approval("a");
  expect(leftPart(a, Date.parse("2026-11-24T05:00:00Z"))).toBe(0.5);
  expect(leftPart(a, Date.parse("2026-11-25T00:00:00Z"))).toBe(0);
});

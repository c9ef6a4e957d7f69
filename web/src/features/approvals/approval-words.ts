import type { Approval, ApprovalDetail } from "../../../../domain/contract/approval.ts";

/** Newest and most urgent first: those that can still be decided by deadline, decided ones by when they were. */
export const byDeadline = (a: Approval, b: Approval): number => Date.parse(a.expires_at) - Date.parse(b.expires_at);
export const decidedAt = (a: Approval): string =>
  a.decisions.at(-1)?.at ?? (a.status === "expired" ? a.expires_at : a.created_at);
const byDecision = (a: Approval, b: Approval): number => Date.parse(decidedAt(b)) - Date.parse(decidedAt(a));

export type Sorted = { forMe: Approval[]; forOthers: Approval[]; mine: Approval[]; decided: Approval[] };

/** What waits for me, what waits for others, what I asked for, what is over. */
export function sortApprovals(approvals: readonly Approval[], me: string): Sorted {
  const open = approvals.filter((a) => a.status === "pending").sort(byDeadline);
  return {
    forMe: open.filter((a) => a.can_decide),
    forOthers: open.filter((a) => !a.can_decide),
    mine: approvals
      .filter((a) => a.requested_by === me)
      .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at)),
    decided: approvals.filter((a) => a.status !== "pending").sort(byDecision),
  };
}

export const yesCount = (a: Pick<Approval, "decisions">): number =>
  a.decisions.filter((d) => d.decision === "approved").length;

/** `by change-mgr and neteng-2`, `nobody decided, nothing was sent`. */
export function verdictWords(a: Approval, me: string): string {
  const who = (decision: string): string => {
    const names = a.decisions.filter((d) => d.decision === decision).map((d) => (d.user === me ? "you" : d.user));
    return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "");
  };
  const last = a.decisions.at(-1);
  if (a.status === "approved") return `by ${who("approved")}`;
  if (a.status === "rejected") return `by ${who("rejected")}${last?.reason ? `: “${last.reason}”` : ""}`;
  if (a.status === "expired") return "nobody decided in time, nothing sent";
  if (last?.decision === "revoked") return `taken back by ${who("revoked")}`;
  return "withdrawn, nothing sent";
}

export type Walk = { unread: number; read: number; total: number; next: number | null };
/** How far the reading is: the first unread group at or after `from`, else the first one. */
export function walk(groups: ApprovalDetail["groups"], read: ReadonlySet<string>, from: number): Walk {
  const unread = groups.flatMap((g, i) => (read.has(g.key) ? [] : [i]));
  return {
    unread: unread.length,
    read: groups.length - unread.length,
    total: groups.length,
    next: unread.find((i) => i >= from) ?? unread[0] ?? null,
  };
}

/** Part of the time to decide that is left, for the ring. */
export function leftPart(a: Pick<Approval, "created_at" | "expires_at">, now: number): number {
  const whole = Date.parse(a.expires_at) - Date.parse(a.created_at);
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (Date.parse(a.expires_at) - now) / whole));
}

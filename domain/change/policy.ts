import type { Risk } from "../contract/change.ts";

/** The rules under which plans are approved. Its version is in every plan's hash: other rules, other decision. */
export const policy = {
  version: "1",
  /** How many people must say yes. */
  approvals: { low: 1, medium: 1, high: 1 },
  /** Until when one may decide. */
  expiresAfterMinutes: 7 * 24 * 60,
  /** How long a yes holds, where no window says so. */
  validForMinutes: 4 * 60,
  /** Whoever asked may decide when every device is a virtual one of the lab. */
  labSelfApproval: true,
} as const;

type Window = { from: string; to: string } | null;

export const requiredApprovals = (risk: Risk): number => policy.approvals[risk.level];

const later = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * 60_000);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** Nobody can usefully decide after the window. */
export function expiresAt(asked: Date, window: Window): Date {
  const end = later(asked, policy.expiresAfterMinutes);
  return window ? earlier(end, new Date(window.to)) : end;
}

export const validUntil = (decided: Date, window: Window): Date =>
  window ? new Date(window.to) : later(decided, policy.validForMinutes);

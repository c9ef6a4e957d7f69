import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../domain/change/canonical.ts";
import { planHash, type PlanContent } from "../../../domain/change/hash.ts";
import type { PlanTarget } from "../../../domain/contract/change.ts";
import { plan } from "./plan.ts";

const text = "no logging host 192.0.2.50 vrf MGMT\nlogging host 192.0.2.140 vrf MGMT";
const content: PlanContent = {
  targets: [plan("par-edge-01", text), plan("par-edge-02", text)],
  verify: [{ command: "show version", expect: "IOS" }],
  on_interrupted: "ask",
  window: { from: "2026-11-25T01:00:00Z", to: "2026-11-25T05:00:00Z" },
  policy_version: "1",
};
const withTarget = (change: (target: PlanTarget) => Partial<PlanTarget>): PlanContent => ({
  ...content,
  targets: content.targets.map((t, i) => (i === 0 ? { ...t, ...change(t) } : t)),
});

test("is a sha256, the same every time and in whatever order devices and keys come", () => {
  const hash = planHash(content);
  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(planHash(structuredClone(content))).toBe(hash);
  expect(planHash({ ...content, targets: content.targets.toReversed() })).toBe(hash);
  expect(
    planHash({
      ...content,
      targets: content.targets.map((t) => Object.fromEntries(Object.entries(t).reverse()) as PlanTarget),
    }),
  ).toBe(hash);
});

describe("another value anywhere is another plan", () => {
  const mutations: [string, PlanContent][] = [
    ["a device less", { ...content, targets: content.targets.slice(1) }],
    ["device", withTarget(() => ({ device: "other" }))],
    ["device_id", withTarget(() => ({ device_id: "0190a5e1-0000-7000-8000-ffffffffffff" }))],
    ["device_type", withTarget(() => ({ device_type: "frr" }))],
    ["host", withTarget(() => ({ host: "192.0.2.99" }))],
    ["is_lab", withTarget(() => ({ is_lab: true }))],
    ["state", withTarget(() => ({ state: "no_change" }))],
    ["host_key", withTarget(() => ({ host_key: "SHA256:other" }))],
    ["host_key gone", withTarget(() => ({ host_key: null }))],
    ["a line more", withTarget((t) => ({ lines: [...t.lines, "reload"] }))],
    ["a line less", withTarget((t) => ({ lines: t.lines.slice(1) }))],
    ["lines in another order", withTarget((t) => ({ lines: t.lines.toReversed() }))],
    ["a space in a line", withTarget((t) => ({ lines: t.lines.map((l) => `${l} `) }))],
    ["two lines as one", withTarget((t) => ({ lines: [t.lines.join(",")] }))],
    ["mode", withTarget(() => ({ mode: "staged" }))],
    ["transaction", withTarget(() => ({ transaction: "configure session" }))],
    ["confirm_minutes", withTarget(() => ({ confirm_minutes: 10 }))],
    [
      "diff",
      withTarget((t) => ({
        diff: t.diff.map((h) => ({
          ...h,
          lines: h.lines.map((l) => (l.op === "+" ? { ...l, text: `${l.text}x` } : l)),
        })),
      })),
    ],
    ["the diff's section", withTarget((t) => ({ diff: t.diff.map((h) => ({ ...h, path: ["elsewhere"] })) }))],
    ["rollback_lines", withTarget((t) => ({ rollback_lines: t.rollback_lines.slice(1) }))],
    ["verify", { ...content, verify: [] }],
    ["verify's expectation", { ...content, verify: [{ command: "show version", expect: "EOS" }] }],
    ["on_interrupted", { ...content, on_interrupted: "retry" }],
    ["window", { ...content, window: null }],
    ["window's end", { ...content, window: { from: "2026-11-25T01:00:00Z", to: "2026-11-25T06:00:00Z" } }],
    ["policy_version", { ...content, policy_version: "2" }],
  ];
  test.each(mutations)("%s", (_, changed) => {
    expect(planHash(changed)).not.toBe(planHash(content));
  });
  test("all of these are different from each other", () => {
    expect(new Set(mutations.map(([, c]) => planHash(c))).size).toBe(mutations.length);
  });
});

test("what moves without anything changing is no other plan: line numbers, lines around, when the base was read", () => {
  const moved = withTarget((t) => ({
    base_hash: "other",
    diff: t.diff.map((h) => ({
      ...h,
      line: h.line + 7,
      lines: h.lines.filter((l) => l.op !== " ").map((l) => ({ ...l, line: (l.line ?? 0) + 7 })),
    })),
  }));
  expect(planHash(moved)).toBe(planHash(content));
});

describe("canonical JSON", () => {
  test("sorts keys, leaves out undefined, keeps order in lists", () => {
    expect(canonicalJson({ b: [3, 1, { z: null, a: "é\n" }], a: undefined, A: true })).toBe(
      '{"A":true,"b":[3,1,{"a":"é\\n","z":null}]}',
    );
  });
  test("refuses what has no JSON form", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson({ f: () => 1 })).toThrow(TypeError);
  });
  test("says the same as JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

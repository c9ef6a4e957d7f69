import { describe, expect, test } from "vitest";
import { driftOf } from "../../../domain/change/drift.ts";
import { groupKey, groupTargets } from "../../../domain/change/groups.ts";
import { expiresAt, policy, requiredApprovals, validUntil } from "../../../domain/change/policy.ts";
import { worstRisk } from "../../../domain/change/risk.ts";
import { unifiedText } from "../../../domain/change/unified.ts";
import { planWindows } from "../../../domain/change/windows.ts";
import { PlanGroup } from "../../../domain/contract/change.ts";
import { plan, unreachable } from "./plan.ts";

const text = "no logging host 192.0.2.50 vrf MGMT\nlogging host 192.0.2.140 vrf MGMT";

describe("groups", () => {
  test("devices with the same effect and the same way back are read once; the riskiest first", () => {
    const groups = groupTargets([
      plan("par-edge-01", text),
      plan("ams-core-01", "delete system syslog host 192.0.2.50", { platform: "juniper_junos" }),
      plan("par-edge-02", text, {
        config: (t) => t.replace("hostname par-edge-01", "hostname par-edge-02\nsomething else here"),
      }),
      plan("mad-edge-01", text, { config: (t) => t.replace("logging host 192.0.2.50 vrf MGMT\n", "") }),
      plan("par-edge-04", "interface Gi0/0/0\n shutdown"),
      plan("par-edge-05", "ip ssh version 2"),
      unreachable("mil-edge-01"),
    ]);
    expect(groups.map((g) => [g.key, g.devices])).toEqual([
      ["A", ["par-edge-04"]],
      ["B", ["par-edge-01", "par-edge-02"]],
      ["C", ["ams-core-01"]],
      ["D", ["mad-edge-01"]],
    ]);
    for (const group of groups) expect(PlanGroup.parse(group)).toEqual(group);
  });
  test("another way of sending is another group", () => {
    const groups = groupTargets([
      plan("a", text),
      plan("b", text, { way: { mode: "staged", transaction: "configure session", confirm_minutes: 5 } }),
    ]);
    expect(groups).toHaveLength(2);
  });
  test("keys go A to Z, then AA", () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(groupKey)).toEqual(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
  });
});

describe("drift", () => {
  const planned = plan("a", text);
  test("other lines of the config may change", () => {
    expect(
      driftOf(
        planned,
        plan("a", text, {
          config: (t) =>
            t
              .replace("mtu 9100", "mtu 9000")
              .replace("hostname par-edge-01\n", "hostname par-edge-01\n!\n!\nip ftp passive\n"),
        }),
      ),
    ).toBeNull();
  });
  test("what would be changed may not", () => {
    const drift = driftOf(
      planned,
      plan("a", text, { config: (t) => t.replace("logging host 192.0.2.50 vrf MGMT\n", "") }),
    );
    expect(drift).toMatchObject({ device: "a", what: "the same lines would change other things" });
    expect(drift?.diff).toHaveLength(1);
  });
  test("nothing left to change, another key, no answer, another way", () => {
    const done = plan("a", text, { config: (t) => t.replace("192.0.2.50 vrf", "192.0.2.140 vrf") });
    expect(driftOf(planned, done)?.what).toContain("the lines would change nothing any more");
    expect(driftOf(planned, plan("a", text, { hostKey: "SHA256:other" }))?.what).toBe("its host key is another one");
    expect(driftOf(planned, unreachable("a"))?.what).toContain("no answer");
    expect(
      driftOf(planned, plan("a", text, { way: { mode: "staged", transaction: "none", confirm_minutes: 5 } }))?.what,
    ).toBe("it would be sent in another way");
  });
  test("another value to go back to", () => {
    const set = "interface Gi0/0/0\n mtu 9000";
    expect(driftOf(plan("a", set), plan("a", set, { config: (t) => t.replace("mtu 9100", "mtu 9200") }))?.what).toBe(
      "the same lines would change other things",
    );
  });
});

describe("windows", () => {
  const lines = [
    "interface Loopback7",
    " description x",
    " ip address 10.0.0.1 255.0.0.0",
    "router bgp 1",
    " address-family ipv4",
    "  network 10.0.0.0",
    "  exit",
    " timers bgp 3 9",
    "ntp server 192.0.2.7",
    "ntp server 192.0.2.8",
    "banner motd #",
    "hi",
    "#",
    "hostname r",
  ];
  const seqs = (mode: "line" | "section" | "staged") => planWindows("cisco_ios", lines, mode).map((w) => w.seqs);
  test("line: each line alone, a banner with its text", () => {
    expect(seqs("line")).toEqual([[0], [1], [2], [3], [4], [5], [6], [7], [8], [9], [10, 11, 12], [13]]);
    expect(planWindows("cisco_ios", lines, "line").filter((w) => w.block)).toEqual([
      { seqs: [10, 11, 12], block: true },
    ]);
  });
  test("section: the leaves whose prompt was seen, and the next header", () => {
    expect(seqs("section")).toEqual([[0], [1, 2, 3], [4], [5, 6], [7], [8], [9], [10, 11, 12], [13]]);
  });
  test("staged: all at once", () => {
    expect(seqs("staged")).toEqual([lines.map((_, i) => i)]);
  });
  test("a line that may not be sent twice is alone", () => {
    expect(
      planWindows(
        "cisco_ios",
        ["ntp server 192.0.2.7", "username x secret secret://1", "ntp server 192.0.2.8"],
        "section",
      ).map((w) => w.seqs),
    ).toEqual([[0], [1], [2]]);
  });
  test("every line is in exactly one window, in order", () => {
    for (const mode of ["line", "section", "staged"] as const)
      expect(seqs(mode).flat()).toEqual(lines.map((_, i) => i));
  });
  test("no line, no window", () => {
    expect(planWindows("cisco_ios", [], "staged")).toEqual([]);
  });
});

describe("policy", () => {
  const at = new Date("2026-11-24T02:00:00Z");
  const window = { from: "2026-11-25T01:00:00Z", to: "2026-11-25T05:00:00Z" };
  test("one yes, seven days to decide, four hours or the window's end to act", () => {
    expect(requiredApprovals({ level: "high", reasons: [] })).toBe(1);
    expect(expiresAt(at, null).toISOString()).toBe("2026-12-01T02:00:00.000Z");
    expect(expiresAt(at, window).toISOString()).toBe("2026-11-25T05:00:00.000Z");
    expect(validUntil(at, null).toISOString()).toBe("2026-11-24T06:00:00.000Z");
    expect(validUntil(at, window).toISOString()).toBe("2026-11-25T05:00:00.000Z");
    expect(policy.labSelfApproval).toBe(true);
  });
  test("a change is as risky as its riskiest device", () => {
    expect(
      worstRisk([
        { level: "low", reasons: ["a"] },
        { level: "high", reasons: ["b"] },
        { level: "high", reasons: ["b", "c"] },
      ]),
    ).toEqual({ level: "high", reasons: ["b", "c"] });
    expect(worstRisk([])).toEqual({ level: "low", reasons: [] });
  });
});

test("a plan as text", () => {
  const junos = plan("ams-core-01", "set system ntp server 192.0.2.7", { platform: "juniper_junos" });
  expect(unifiedText(groupTargets([plan("par-edge-01", text), junos]))).toBe(
    [
      "# Diff A, IOS: par-edge-01 (+1 -1, risk medium)",
      "--- running-config",
      "+++ planned",
      "@@ line 203 @@",
      " logging origin-id hostname",
      " logging source-interface GigabitEthernet0 vrf MGMT",
      "-logging host 192.0.2.50 vrf MGMT",
      "+logging host 192.0.2.140 vrf MGMT",
      " access-list 10 permit 192.0.2.0 0.0.0.255",
      " access-list 10 deny   any",
      "# rollback lines:",
      "#   no logging host 192.0.2.140 vrf MGMT",
      "#   logging host 192.0.2.50 vrf MGMT",
      "",
      "# Diff B, Junos: ams-core-01 (+1 -0, risk low)",
      "--- running-config",
      "+++ planned",
      "@@ [edit system ntp], line 63 @@",
      "     server 192.0.2.123 key 1 prefer;",
      "     server 192.0.2.124;",
      "+    server 192.0.2.7;",
      "     trusted-key 1;",
      "# rollback lines:",
      "#   delete system ntp server 192.0.2.7",
      "",
    ].join("\n"),
  );
});

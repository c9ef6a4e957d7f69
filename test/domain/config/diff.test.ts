import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLines } from "../../../domain/config/apply.ts";
import { countHunks, diffTrees } from "../../../domain/config/diff.ts";
import { parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import type { Hunk } from "../../../domain/contract/change.ts";
import type { PlatformId } from "../../../domain/contract/device.ts";
import { fixture } from "../fixtures/read-fixture.ts";
import { changeFor } from "./generate.ts";

const show = (hunks: Hunk[]): string =>
  hunks
    .map((h) =>
      [`@ ${h.path.join(" > ")} ${h.line}`, ...h.lines.map((l) => `${l.line ?? "-"} ${l.op}${l.text}`)].join("\n"),
    )
    .join("\n");
const planned = (platform: PlatformId, config: string, lines: string[]): Hunk[] => {
  const before = parseConfig(platform, config);
  return diffTrees(before, applyLines(platform, before, lines).tree);
};

test("IOS: stanzas with some lines around, numbered as in the config before and after", () => {
  const lines = [
    "no logging host 192.0.2.50 vrf MGMT",
    "logging host 192.0.2.140 vrf MGMT",
    "route-map TRANSIT-IN permit 20",
    " set local-preference 140",
    "interface GigabitEthernet0/0/3",
    " description spare",
  ];
  expect(show(planned("cisco_ios", fixture("cisco_ios"), lines))).toBe(
    [
      "@ interface GigabitEthernet0/0/3 136",
      "136 + description spare",
      "136   no ip address",
      "137   shutdown",
      "@  203",
      "203  logging origin-id hostname",
      "204  logging source-interface GigabitEthernet0 vrf MGMT",
      "205 -logging host 192.0.2.50 vrf MGMT",
      "206 +logging host 192.0.2.140 vrf MGMT",
      "206  access-list 10 permit 192.0.2.0 0.0.0.255",
      "207  access-list 10 deny   any",
      "@ route-map TRANSIT-IN permit 20 210",
      "210   match as-path 41",
      "211 - set local-preference 120",
      "212 + set local-preference 140",
    ].join("\n"),
  );
});

test("Junos: braces under the edit path, a new container as a whole", () => {
  const hunks = planned("juniper_junos", fixture("juniper_junos"), [
    "delete system syslog host 192.0.2.50",
    "set system syslog host 192.0.2.140 any info",
    "set protocols bgp group TRANSIT family inet unicast prefix-limit maximum 1200",
  ]);
  expect(hunks.map((h) => h.path.join(" "))).toEqual([
    "system syslog",
    "protocols bgp group TRANSIT family inet unicast prefix-limit",
  ]);
  expect(hunks[0]?.lines.filter((l) => l.op !== " ").map((l) => l.op + l.text)).toEqual([
    "-    host 192.0.2.50 {",
    "-        any notice;",
    "-    }",
    "+    host 192.0.2.140 {",
    "+        any info;",
    "+    }",
  ]);
  expect(hunks[1]?.lines.map((l) => `${l.op}${l.text}`)).toEqual([
    "-    maximum 1000;",
    "+    maximum 1200;",
    "     teardown 80;",
  ]);
  expect(hunks[1]?.lines[0]?.line).toBe(
    fixture("juniper_junos").split("\n").indexOf("                        maximum 1000;") + 1,
  );
});

test("a new section and a removed one are shown with all their lines", () => {
  const hunks = planned("frr", fixture("frr"), ["no router ospf", "interface dummy0", " ip address 10.9.9.9/32"]);
  const changed = hunks.flatMap((h) => h.lines.filter((l) => l.op !== " ").map((l) => l.op + l.text));
  expect(changed).toEqual([
    "+interface dummy0",
    "+ ip address 10.9.9.9/32",
    "-router ospf",
    "- ospf router-id 10.255.0.1",
    "- network 10.0.1.0/24 area 0",
  ]);
});

describe("order", () => {
  const acl = (...entries: string[]) =>
    parseConfig("cisco_ios", ["ip access-list extended A", ...entries.map((e) => ` ${e}`)].join("\n"));
  test("counts in an ACL without numbers", () => {
    const hunks = diffTrees(
      acl("permit ip any host 10.0.0.1", "deny ip any any"),
      acl("deny ip any any", "permit ip any host 10.0.0.1"),
    );
    expect(countHunks(hunks)).toEqual({ added: 1, removed: 1 });
  });
  test("does not count among interfaces or leaves", () => {
    const a = parseConfig("cisco_ios", "interface A1\n mtu 1\n description x\ninterface A2\nntp server 10.0.0.1\n");
    const b = parseConfig("cisco_ios", "ntp server 10.0.0.1\ninterface A2\ninterface A1\n description x\n mtu 1\n");
    expect(diffTrees(a, b)).toEqual([]);
  });
  test("counts among the terms of a policy", () => {
    const hunks = planned("juniper_junos", fixture("juniper_junos"), [
      "insert policy-options policy-statement TRANSIT-IN term last before term cust",
    ]);
    expect(countHunks(hunks).added).toBeGreaterThan(0);
  });
});

test.each(["cisco_ios", "arista_eos", "frr", "juniper_junos"] as const)(
  "%s: a diff is empty exactly when nothing changes, and its counts hold",
  (platform) => {
    const before = parseConfig(platform, fixture(platform));
    const text = renderConfig(before).split("\n");
    fc.assert(
      fc.property(changeFor(platform), (lines) => {
        const after = applyLines(platform, before, lines).tree;
        const hunks = diffTrees(before, after);
        if (hunks.length === 0) expect(sameConfig(before, after)).toBe(true);
        const { added, removed } = countHunks(hunks);
        // every line that is more or less is in the diff
        if (platform !== "juniper_junos")
          expect(added - removed).toBe(renderConfig(after).split("\n").length - text.length);
        for (const line of hunks.flatMap((h) => h.lines))
          if (line.op !== "+" && line.line !== null) expect(line.line).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  },
  60_000,
);

test("10,000 lines with a few that differ, and 10,000 that all differ, are compared", () => {
  const text = Array.from(
    { length: 2500 },
    (_, i) => `interface Ethernet${i}\n description port ${i}\n mtu 9000\n ip address 10.${i >> 8}.${i & 255}.1/24`,
  ).join("\n");
  const before = parseConfig("arista_eos", text);
  const after = applyLines("arista_eos", before, [
    "interface Ethernet1200",
    " description other",
    "no interface Ethernet7",
  ]).tree;
  expect(countHunks(diffTrees(before, after))).toEqual({ added: 1, removed: 5 });
  const all = parseConfig("arista_eos", text.replaceAll("9000", "9100"));
  expect(countHunks(diffTrees(before, all))).toEqual({ added: 2500, removed: 2500 });
});

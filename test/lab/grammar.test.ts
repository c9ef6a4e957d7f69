import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLine, loadConfig, type Position } from "../../lab/config/apply.ts";
import type { Dialect } from "../../lab/config/dialect.ts";
import { unifiedDiff } from "../../lab/config/diff.ts";
import { encodeType7 } from "../../lab/config/secrets.ts";
import type { ConfigNode } from "../../lab/config/tree.ts";
import { emptyConfig } from "../../lab/config/tree.ts";
import { eos, eosLines } from "../../lab/eos/render.ts";
import { completions, match } from "../../lab/grammar/match.ts";
import { compile } from "../../lab/grammar/pattern.ts";
import { COMMON_VALUES, lengthMask, maskLength } from "../../lab/grammar/values.ts";
import { LAB_ROUTERS } from "../../lab/inventory.ts";
import { ios, iosLines } from "../../lab/ios/render.ts";
import { compare, printSet } from "../../lab/junos/print.ts";
import { printConfig, readConfig } from "../../lab/junos/commit.ts";
import { parseStatement, words } from "../../lab/junos/parse.ts";
import { emptyJunos, setStatement } from "../../lab/junos/tree.ts";

describe("patterns", () => {
  const machine = compile(
    [
      "ntp server <host> / { prefer | version <1-4> }",
      "ntp source / <word>",
      "snmp location <line>",
      "hostname / <word>",
    ],
    COMMON_VALUES,
  );
  test.each([
    ["ntp ser 10.0.0.1 version 3 prefer", "ntp server 10.0.0.1 version 3 prefer", 3],
    ["NTP server ntp.example", "ntp server ntp.example", 3],
    ["snmp loc  Amsterdam,  row 5 ", "snmp location Amsterdam,  row 5", 3],
    ["h r1", "hostname r1", 1],
  ])("%s", (line, canonical, keyLength) => {
    const found = match(machine, line);
    expect(found.kind === "match" && [found.match.words.join(" "), found.match.keyLength]).toEqual([
      canonical,
      keyLength,
    ]);
  });
  test.each([
    ["ntp s 10.0.0.1", { kind: "ambiguous", offset: 4 }],
    ["ntp server", { kind: "incomplete" }],
    ["ntp server 10.0.0.1 version 9", { kind: "invalid", offset: 28 }],
    ["ntp serfer 10.0.0.1", { kind: "invalid", offset: 7 }],
    ["ntp server 10.0.0.1 prefer again", { kind: "invalid", offset: 27 }],
  ])("%s is not understood", (line, why) => {
    expect(match(machine, line)).toEqual(why);
  });
  test("say what may come next", () => {
    expect(completions(machine, "ntp s")).toEqual(["server", "source"]);
    expect(completions(machine, "ntp server 10.0.0.1 ")).toEqual(["prefer", "version", "<cr>"]);
    expect(completions(machine, "nonsense ")).toEqual([]);
  });
});

test("network masks are contiguous", () => {
  for (let length = 0; length <= 32; length++) expect(maskLength(lengthMask(length))).toBe(length);
  expect([maskLength("255.0.255.0"), maskLength("255.255.255.256"), maskLength("0.0.0.255")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("type 7 is Cisco's", () => {
  expect(encodeType7("cisco", 2)).toBe("02050D480809");
});

describe("a printed config, read again, is the same", () => {
  test.each(LAB_ROUTERS.map((router) => [router.name, router] as const))("%s", (_name, { device_type, config }) => {
    if (device_type === "juniper_junos") {
      const printed = printConfig(readConfig(config));
      expect(printConfig(readConfig(printed))).toBe(printed);
      return;
    }
    const [dialect, print] = device_type === "cisco_ios" ? ([ios, iosLines] as const) : ([eos, eosLines] as const);
    const first = loadConfig(dialect, config);
    expect(first.unknown).toEqual([]);
    const printed = print(first.root).join("\n");
    expect(printed.split("\n").length).toBeGreaterThanOrEqual(60);
    expect(print(loadConfig(dialect, printed).root).join("\n")).toBe(printed);
  });

  const IOS_LINES = [
    "hostname a",
    "hostname b",
    "interface loopback 1",
    "interface gi0/1",
    "ip address 10.0.0.1 255.255.255.0",
    "ip address 10.0.1.1 255.255.255.0",
    "no ip address",
    "description one",
    "no description",
    "shutdown",
    "no shutdown",
    "router bgp 65000",
    "neighbor 10.0.0.2 remote-as 65000",
    "neighbor 10.0.0.2 description x",
    "no neighbor 10.0.0.2 remote-as 65000",
    "address-family ipv4",
    "neighbor 10.0.0.2 activate",
    "exit-address-family",
    "ntp server 192.0.2.1",
    "no ntp server 192.0.2.1",
    "ntp server 192.0.2.1 prefer",
    "ip prefix-list P permit 10.0.0.0/8",
    "no ip prefix-list P",
    "route-map R permit 10",
    "match ip address prefix-list P",
    "ip access-list extended A",
    "permit ip any any",
    "no permit ip any any",
    "vlan 10",
    "name ten",
    "no vlan 10",
    "line vty 0 4",
    "transport input ssh",
    "no ip domain lookup",
    "ip domain lookup",
    "default interface gi0/1",
  ];
  const EOS_LINES = [
    "hostname a",
    "interface lo1",
    "interface et1",
    "no switchport",
    "switchport",
    "ip address 10.0.0.1/24",
    "no ip address",
    "shutdown",
    "no shutdown",
    "router bgp 65000",
    "neighbor G peer group",
    "neighbor 10.0.0.2 peer group G",
    "neighbor 10.0.0.2 remote-as 65001",
    "address-family ipv4",
    "neighbor G activate",
    "network 10.0.0.0/8",
    "ntp server 192.0.2.1",
    "no ntp server 192.0.2.1",
    "ip access-list A",
    "permit ip any any",
    "10 deny ip any any",
    "no 10",
    "ip prefix-list P",
    "seq 10 permit 10.0.0.0/8",
    "vlan 10",
    "name ten",
    "management api http-commands",
    "no shutdown",
    "ip route 10.0.0.0 255.0.0.0 10.0.0.9",
    "router ospf 1",
    "passive-interface default",
    "no passive-interface Ethernet1",
  ];
  test.each([
    ["cisco_ios", ios, iosLines, IOS_LINES],
    ["arista_eos", eos, eosLines, EOS_LINES],
  ] as [string, Dialect, (root: ConfigNode) => string[], string[]][])(
    "%s, whatever was typed in whatever order",
    (_name, dialect, print, vocabulary) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...vocabulary), { maxLength: 60 }), (lines) => {
          const root = emptyConfig();
          let position: Position = [];
          for (const line of lines) {
            const outcome = applyLine(dialect, root, position, line);
            if (outcome.kind === "applied") position = outcome.position;
          }
          const printed = print(root).join("\n");
          const again = loadConfig(dialect, printed);
          expect(again.unknown).toEqual([]);
          expect(print(again.root).join("\n")).toBe(printed);
        }),
        { numRuns: 150 },
      );
    },
  );

  test("juniper_junos: braces and set lines tell the same", () => {
    for (const { config } of LAB_ROUTERS.filter((router) => router.device_type === "juniper_junos")) {
      const root = readConfig(config);
      const rebuilt = emptyJunos();
      for (const line of printSet(root)) {
        const parsed = parseStatement([], words(line.replace(/^set /, "")));
        if ("message" in parsed) throw new Error(`${line}: ${parsed.message}`);
        for (const path of parsed.paths) setStatement(rebuilt, path);
      }
      expect(printConfig(rebuilt)).toBe(printConfig(root));
      expect(compare(root, rebuilt)).toEqual([]);
    }
  });
});

test("a unified diff shows three lines around each change", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  const after = ["a", "b", "c", "d", "E", "f", "g", "h", "i", "j"];
  expect(unifiedDiff(before, after, "old", "new")).toBe(
    "--- old\n+++ new\n@@ -2,8 +2,9 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n i\n+j\n",
  );
  expect(unifiedDiff(before, before, "old", "new")).toBe("");
});

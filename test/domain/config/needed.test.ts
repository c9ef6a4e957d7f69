import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLines } from "../../../domain/config/apply.ts";
import { inverseLines } from "../../../domain/config/inverse.ts";
import { contextOf, linePresent, mayAllRepeat, mayNotRepeat, neededLines } from "../../../domain/config/needed.ts";
import { parseConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import { fixture } from "../fixtures/read-fixture.ts";
import { changeFor } from "./generate.ts";

const platforms = ["cisco_ios", "arista_eos", "frr", "juniper_junos"] as const;
const lines = [
  "interface Loopback7",
  " description seven",
  " ip address 10.7.7.7 255.255.255.255",
  "router bgp 64510",
  " address-family ipv4",
  "  network 10.7.7.7",
  "ntp server 192.0.2.7",
];
const before = parseConfig("cisco_ios", fixture("cisco_ios"));
const after = (count: number) => applyLines("cisco_ios", before, lines.slice(0, count)).tree;

describe("after a cut", () => {
  test("what is still needed, with the headers that lead there", () => {
    expect(neededLines("cisco_ios", before, lines)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(neededLines("cisco_ios", after(2), lines)).toEqual([0, 2, 3, 4, 5, 6]);
    expect(neededLines("cisco_ios", after(6), lines)).toEqual([6]);
    expect(neededLines("cisco_ios", after(7), lines)).toEqual([]);
  });

  test("one line: taken, or not", () => {
    expect(linePresent("cisco_ios", after(2), lines, 1)).toBe("present");
    expect(linePresent("cisco_ios", after(1), lines, 1)).toBe("absent");
    expect(linePresent("cisco_ios", before, lines, 1)).toBe("absent");
    expect(linePresent("cisco_ios", before, lines, 0)).toBe("absent");
    expect(linePresent("cisco_ios", after(6), lines, 5)).toBe("present");
    expect(linePresent("cisco_ios", before, ["no ntp server 192.0.2.99"], 0)).toBe("present");
    expect(linePresent("cisco_ios", before, ["no ntp authenticate"], 0)).toBe("absent");
  });

  test("one line of which the config tells nothing", () => {
    const unclear = [
      "banner motd #",
      "x",
      "#",
      "username noc secret secret://0190",
      "crypto key generate rsa",
      "snmp-server community secret://0190 ro",
    ];
    for (const [i] of unclear.entries()) expect(linePresent("cisco_ios", before, unclear, i)).toBe("unclear");
    expect(linePresent("linux", before, ["systemctl restart frr"], 0)).toBe("unclear");
  });

  test("the way into a line's section", () => {
    expect(contextOf("cisco_ios", lines, 5)).toEqual([3, 4]);
    expect(contextOf("cisco_ios", lines, 6)).toEqual([]);
  });

  test("Junos: whole paths need no way in", () => {
    const set = ["set system ntp server 192.0.2.7", "delete system syslog"];
    const junos = parseConfig("juniper_junos", fixture("juniper_junos"));
    expect(neededLines("juniper_junos", applyLines("juniper_junos", junos, set.slice(0, 1)).tree, set)).toEqual([1]);
    expect(linePresent("juniper_junos", junos, set, 0)).toBe("absent");
    expect(contextOf("juniper_junos", set, 1)).toEqual([]);
  });
});

test("what may not be sent twice without asking", () => {
  expect(mayNotRepeat("cisco_ios", "crypto key generate rsa modulus 2048")).toBe(true);
  expect(mayNotRepeat("cisco_ios", " description x")).toBe(false);
  expect(mayAllRepeat("cisco_ios", lines)).toBe(true);
  expect(mayAllRepeat("cisco_ios", [...lines, "banner motd # x #"])).toBe(false);
  expect(mayNotRepeat("linux", "echo x >> /etc/motd")).toBe(true);
});

describe.each(platforms)("%s", (platform) => {
  const base = parseConfig(platform, fixture(platform));

  test("cut anywhere in the way back, only what is still needed of it leads to the config before", () => {
    fc.assert(
      fc.property(changeFor(platform), fc.double({ min: 0, max: 1, noNaN: true }), (change, where) => {
        const changed = applyLines(platform, base, change).tree;
        const back = inverseLines(platform, base, changed);
        const now = applyLines(platform, changed, back.slice(0, Math.floor(back.length * where))).tree;
        const needed = neededLines(platform, now, back);
        const rest = back.filter((_, i) => needed.includes(i));
        const all = applyLines(platform, now, back).tree;
        expect(sameConfig(applyLines(platform, now, rest).tree, all)).toBe(true);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("nothing of a way back is needed where nothing was changed", () => {
    fc.assert(
      fc.property(changeFor(platform), (change) => {
        const back = inverseLines(platform, base, applyLines(platform, base, change).tree);
        if (sameConfig(applyLines(platform, base, back).tree, base))
          expect(neededLines(platform, base, back)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

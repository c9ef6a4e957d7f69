import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { planTarget } from "../../../domain/change/plan-target.ts";
import { planWindows } from "../../../domain/change/windows.ts";
import { applyLines } from "../../../domain/config/apply.ts";
import { compareToPlan } from "../../../domain/config/compare.ts";
import { diffTrees } from "../../../domain/config/diff.ts";
import { flatten } from "../../../domain/config/flat.ts";
import { inverseLines, wayBack } from "../../../domain/config/inverse.ts";
import { parseLines } from "../../../domain/config/lines.ts";
import { linePresent, neededLines } from "../../../domain/config/needed.ts";
import { normaliseConfig, parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import { sayingLines } from "../../../domain/config/text-diff.ts";
import { maskSecrets, secretValues } from "../../../domain/config/secrets.ts";

type Vrp = "huawei_vrp" | "hp_comware";
const config = (platform: Vrp): string => readFileSync(new URL(`../fixtures/${platform}.cfg`, import.meta.url), "utf8");
const treeOf = (platform: Vrp) => parseConfig(platform, config(platform));
const linesOf = (platform: Vrp, text: string): string[] => {
  const { lines, problems } = parseLines(platform, text);
  expect(problems).toEqual([]);
  return lines;
};
/** What changes, without the lines around it. */
const changed = (platform: Vrp, text: string): string[] => {
  const before = treeOf(platform);
  const after = applyLines(platform, before, linesOf(platform, text)).tree;
  return diffTrees(before, after).flatMap((h) =>
    h.lines.filter((l) => l.op !== " ").map((l) => `${l.op}${h.path.map((p) => `${p} / `).join("")}${l.text.trim()}`),
  );
};
const back = (platform: Vrp, text: string): string[] => {
  const before = treeOf(platform);
  return inverseLines(platform, before, applyLines(platform, before, linesOf(platform, text)).tree);
};

describe.each(["huawei_vrp", "hp_comware"] as const)("%s", (platform) => {
  test("what was read is written as it was read", () => {
    const tree = treeOf(platform);
    expect(sameConfig(tree, parseConfig(platform, renderConfig(tree)))).toBe(true);
    expect(diffTrees(tree, parseConfig(platform, renderConfig(tree)))).toEqual([]);
  });

  test("its secrets are masked, all of them, and masking again changes nothing", () => {
    const text = config(platform);
    const masked = maskSecrets(platform, text, () => "secret://x");
    expect(masked).not.toMatch(/%\^%#|\$1a\$|\$c\$3\$|\$h\$6\$/);
    expect(maskSecrets(platform, masked, () => "again")).toBe(masked);
    expect(secretValues(platform, text).length).toBeGreaterThan(4);
    for (const line of ["ssh server cipher aes256_ctr aes128_ctr", " authentication-mode aaa", "ssh server enable"])
      if (text.includes(line)) expect(masked).toContain(line);
  });

  test("lines whose only difference is the version do not count as a change", () => {
    const other = config(platform).replace("V200R011C10SPC600", "V200R011C10SPC601").replace("2612P02", "2612P03");
    expect(other).not.toBe(config(platform));
    expect(normaliseConfig(platform, other)).toBe(normaliseConfig(platform, config(platform)));
  });

  test("a line of a banner that begins like a comment counts", () => {
    const banner = (words: string): string => `header login information "\n! ${words}\n"\nsysname a\n`;
    expect(sayingLines(platform, banner("new"))).not.toBe(sayingLines(platform, banner("old")));
  });

  test("the way back of any change gives the config before, in lines that a user could send", () => {
    const before = treeOf(platform);
    fc.assert(
      fc.property(changeFor(platform), (lines) => {
        const after = applyLines(platform, before, lines).tree;
        const way = wayBack(platform, before, after);
        expect(way.complete).toBe(true);
        expect(sameConfig(applyLines(platform, after, way.lines).tree, before)).toBe(true);
        if (way.lines.length > 0) expect(parseLines(platform, way.lines)).toEqual({ lines: way.lines, problems: [] });
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  test("cut anywhere in the way back, what is still needed of it leads to the config before", () => {
    const before = treeOf(platform);
    fc.assert(
      fc.property(changeFor(platform), fc.double({ min: 0, max: 1, noNaN: true }), (lines, where) => {
        const after = applyLines(platform, before, lines).tree;
        const way = inverseLines(platform, before, after);
        const sent = way.slice(0, Math.floor(way.length * where));
        const cut = applyLines(platform, after, sent).tree;
        const rest = neededLines(platform, cut, way).map((i) => way[i] ?? "");
        expect(sameConfig(applyLines(platform, cut, rest).tree, before)).toBe(true);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  test("a plan names what is dangerous and hides what is secret", () => {
    const interfaceName = platform === "huawei_vrp" ? "GigabitEthernet0/0/1" : "GigabitEthernet1/0/1";
    const target = planTarget({
      facts: { device: "sw", device_id: "1", device_type: platform, site: null, host: "192.0.2.9", is_lab: false },
      way: { mode: "line", transaction: "none", confirm_minutes: 0 },
      hostKey: null,
      config: config(platform),
      baseHash: "hmac:0",
      lines: linesOf(
        platform,
        `interface ${interfaceName}\n shutdown\nundo bgp ${platform === "huawei_vrp" ? "64517" : "64504"}`,
      ),
      mask: () => "secret://hmac:00000000",
    });
    expect(target.risk.level).toBe("high");
    expect(target.risk.reasons.join("\n")).toMatch(
      /takes an interface down[^]*takes a routing process away|routing process[^]*interface down/,
    );
    expect(JSON.stringify(target)).not.toMatch(/%\^%#|\$c\$3\$/);
    expect(target.rollback_lines).toContain(" peer 198.51.100.1 password cipher secret://hmac:00000000");
  });
});

describe("views", () => {
  test("each is left before a line of another one, as these devices need it", () => {
    expect(
      linesOf("huawei_vrp", "int g0/0/1\ndescription A\nint vlanif 10\nip address 192.0.2.9 25\nsysname NEW"),
    ).toEqual([
      "interface GigabitEthernet0/0/1",
      " description A",
      " quit",
      "interface Vlanif10",
      " ip address 192.0.2.9 255.255.255.128",
      " quit",
      "sysname NEW",
    ]);
  });

  test("a line of the top level behind an indented section leaves it", () => {
    expect(linesOf("huawei_vrp", "bgp 64517\n ipv4-family unicast\n  peer 198.51.100.1 enable\nsysname NEW")).toEqual([
      "bgp 64517",
      " ipv4-family unicast",
      "  peer 198.51.100.1 enable",
      "  quit",
      " quit",
      "sysname NEW",
    ]);
  });

  test("every line goes alone", () => {
    const lines = linesOf("hp_comware", "interface GigabitEthernet1/0/1\n description A\n undo shutdown");
    expect(planWindows("hp_comware", lines, "line").map((w) => w.seqs)).toEqual([[0], [1], [2]]);
  });

  test("`ospf 1` is the section that the device shows with its router id", () => {
    expect(changed("huawei_vrp", "ospf 1\n area 0.0.0.0\n  network 203.0.113.17 0.0.0.0")).toEqual([
      "+ospf 1 router-id 203.0.113.17 / area 0.0.0.0 / network 203.0.113.17 0.0.0.0",
    ]);
  });
});

describe("`undo`", () => {
  test.each<[Vrp, string, string[]]>([
    [
      "huawei_vrp",
      "interface GigabitEthernet0/0/2\n undo description",
      ["-interface GigabitEthernet0/0/2 / description AP-3"],
    ],
    ["huawei_vrp", "interface GigabitEthernet0/0/3\n undo shutdown", ["-interface GigabitEthernet0/0/3 / shutdown"]],
    [
      "huawei_vrp",
      "interface Vlanif10\n undo ip address 192.0.2.1 24",
      ["-interface Vlanif10 / ip address 192.0.2.1 255.255.255.0"],
    ],
    ["huawei_vrp", "http server enable", ["-undo http server enable"]],
    ["huawei_vrp", "acl 2000\n undo rule 10", ["-acl number 2000 / rule 10 permit source 198.51.100.0 0.0.0.255"]],
    ["huawei_vrp", "undo ip route-static 0.0.0.0 0 198.51.100.1", ["-ip route-static 0.0.0.0 0.0.0.0 198.51.100.1"]],
    ["hp_comware", "undo ip route-static 0.0.0.0 0.0.0.0 198.51.100.1", ["-ip route-static 0.0.0.0 0 198.51.100.1"]],
    [
      "hp_comware",
      "acl basic 2000\n rule permit source 203.0.113.0 0.0.0.255",
      ["+acl basic 2000 / rule 105 permit source 203.0.113.0 0.0.0.255"],
    ],
    [
      "huawei_vrp",
      "bgp 64517\n undo peer 198.51.100.1 description",
      ["-bgp 64517 / peer 198.51.100.1 description CORE"],
    ],
  ])("%s: %s", (platform, text, expected) => {
    expect(changed(platform, text)).toEqual(expected);
  });

  test("a neighbour goes with all its lines, in the address families too, and comes back with them", () => {
    const text = "bgp 64517\n undo peer 198.51.100.1";
    expect(changed("huawei_vrp", text).filter((l) => l.startsWith("-"))).toHaveLength(5);
    expect(back("huawei_vrp", text)).toEqual([
      "bgp 64517",
      " peer 198.51.100.1 as-number 64500",
      " peer 198.51.100.1 description CORE",
      expect.stringContaining(" peer 198.51.100.1 password cipher "),
      " ipv4-family unicast",
      "  peer 198.51.100.1 enable",
      "  peer 198.51.100.1 route-policy OUT export",
    ]);
  });

  test("one attribute of a user that was there is taken back by itself, never the user", () => {
    expect(back("huawei_vrp", "aaa\n local-user netops state block")).toEqual(["aaa", " undo local-user netops state"]);
    expect(back("huawei_vrp", "aaa\n local-user guest privilege level 1\n local-user guest service-type ssh")).toEqual([
      "aaa",
      " undo local-user guest",
    ]);
  });
});

describe("lists of VLANs", () => {
  const trunk = "interface GigabitEthernet0/0/2";
  test("a line adds, `undo` takes away, and the way back does only that", () => {
    expect(changed("huawei_vrp", `${trunk}\n port trunk allow-pass vlan 30 to 32`)).toEqual([
      `-${trunk} / port trunk allow-pass vlan 10 20`,
      `+${trunk} / port trunk allow-pass vlan 10 20 30 to 32`,
    ]);
    expect(back("huawei_vrp", `${trunk}\n port trunk allow-pass vlan 30 to 32`)).toEqual([
      trunk,
      " undo port trunk allow-pass vlan 30 to 32",
    ]);
    expect(back("huawei_vrp", `${trunk}\n undo port trunk allow-pass vlan 20`)).toEqual([
      trunk,
      " port trunk allow-pass vlan 20",
    ]);
  });

  test("what is in the list already changes nothing", () => {
    expect(changed("huawei_vrp", `${trunk}\n port trunk allow-pass vlan 10`)).toEqual([]);
    expect(neededLines("huawei_vrp", treeOf("huawei_vrp"), [trunk, " port trunk allow-pass vlan 10"])).toEqual([]);
    expect(linePresent("huawei_vrp", treeOf("huawei_vrp"), [trunk, " port trunk allow-pass vlan 10"], 1)).toBe(
      "present",
    );
    expect(linePresent("huawei_vrp", treeOf("huawei_vrp"), [trunk, " port trunk allow-pass vlan 11"], 1)).toBe(
      "absent",
    );
  });

  test("a list that the device shows in several lines is one list", () => {
    const text = `${trunk}\n port trunk allow-pass vlan 10 20\n port trunk allow-pass vlan 30 to 32\n#\nreturn\n`;
    expect(renderConfig(parseConfig("huawei_vrp", text))).toBe(
      `${trunk}\n port trunk allow-pass vlan 10 20 30 to 32\n`,
    );
  });

  test("VLAN 1 is there by itself, and shown only when it is gone", () => {
    expect(changed("huawei_vrp", `${trunk}\n undo port trunk allow-pass vlan 1`)).toEqual([
      `+${trunk} / undo port trunk allow-pass vlan 1`,
    ]);
    expect(changed("huawei_vrp", "interface Eth-Trunk1\n port trunk allow-pass vlan 1")).toEqual([
      "-interface Eth-Trunk1 / undo port trunk allow-pass vlan 1",
    ]);
  });

  test("a long list comes back in lines of ten ranges", () => {
    const many = Array.from({ length: 23 }, (_, n) => 100 + n * 2);
    const before = parseConfig("huawei_vrp", `${trunk}\n port trunk allow-pass vlan ${many.join(" ")}\n`);
    const after = applyLines("huawei_vrp", before, [trunk, " undo port trunk allow-pass vlan 2 to 4094"]).tree;
    expect(inverseLines("huawei_vrp", before, after)).toEqual([
      trunk,
      ` port trunk allow-pass vlan ${many.slice(0, 10).join(" ")}`,
      ` port trunk allow-pass vlan ${many.slice(10, 20).join(" ")}`,
      ` port trunk allow-pass vlan ${many.slice(20).join(" ")}`,
    ]);
  });

  test("a port is of its kind again before it takes its VLANs", () => {
    const text = "interface GigabitEthernet0/0/2\n undo port trunk allow-pass vlan 10 20\n undo port link-type";
    expect(back("huawei_vrp", text)).toEqual([
      "interface GigabitEthernet0/0/2",
      " port link-type trunk",
      " port trunk allow-pass vlan 10 20",
    ]);
    const access = "interface GigabitEthernet1/0/2\n port link-type access";
    expect(changed("hp_comware", access)).toEqual([
      "-interface GigabitEthernet1/0/2 / port link-type trunk",
      "-interface GigabitEthernet1/0/2 / port trunk permit vlan 2 to 4094",
      "-interface GigabitEthernet1/0/2 / port trunk pvid vlan 20",
    ]);
    expect(back("hp_comware", access)).toEqual([
      "interface GigabitEthernet1/0/2",
      " port link-type trunk",
      " port trunk pvid vlan 20",
      " port trunk permit vlan 2 to 4094",
    ]);
  });

  test("`vlan batch` and `vlan` name the same VLANs", () => {
    expect(changed("huawei_vrp", "vlan batch 30 40")).toEqual(["+vlan 40"]);
    expect(changed("huawei_vrp", "vlan 40\n name forty")).toEqual(["+vlan 40", "+name forty"]);
    expect(changed("huawei_vrp", "vlan 30\n name thirty")).toEqual(["+vlan 30 / name thirty"]);
    expect(back("huawei_vrp", "vlan 30\n name thirty")).toEqual(["vlan 30", " undo name"]);
    expect(back("huawei_vrp", "vlan 40\n name forty")).toEqual(["undo vlan 40"]);
    expect(back("huawei_vrp", "undo vlan 10")).toEqual(["vlan 10", " description USERS", " name users"]);
    expect(back("huawei_vrp", "undo vlan batch 20 30")).toEqual(
      ["vlan 20", " description PHONES", " quit", "vlan 30", " quit"].slice(0, -1),
    );
    expect(changed("hp_comware", "undo vlan 21")).toEqual(["-vlan 21"]);
    expect(changed("hp_comware", "vlan 20 to 24")).toEqual(["+vlan 23", "+vlan 24"]);
  });

  test("after the change the device may show its VLANs as it likes", () => {
    const before = treeOf("huawei_vrp");
    const lines = linesOf("huawei_vrp", "vlan 40\n name forty");
    const actual = parseConfig(
      "huawei_vrp",
      config("huawei_vrp")
        .replace("vlan batch 10 20 30 to 32 100", "vlan batch 10 20 30 to 32 40 100")
        .replace("vlan 20\n description PHONES\n", "vlan 20\n description PHONES\nvlan 40\n name forty\n"),
    );
    expect(compareToPlan("huawei_vrp", { before, lines, actual })).toEqual({ missing: [], unwanted: [], other: [] });
  });
});

describe("what the device shows otherwise than it was given", () => {
  test.each<[Vrp, string, string, string]>([
    ["hp_comware", "line vty 0 63\n idle-timeout 5", " idle-timeout 10 0", " idle-timeout 5 0"],
    [
      "hp_comware",
      "local-user netops class manage\n password simple Another12",
      " password hash $h$6$bV1qN0mE4cJ7zT5d$kX8lP2rH6wY0aG9sF3uQ1oL5",
      " password hash $h$6$other$other",
    ],
    ["hp_comware", "interface GigabitEthernet1/0/1\n port access vlan 1", " port access vlan 10\n", ""],
    [
      "huawei_vrp",
      "snmp-agent community read another",
      "snmp-agent community read cipher ",
      "snmp-agent community read cipher %^%#another%^%#\nsnmp-agent community read cipher ",
    ],
    [
      "huawei_vrp",
      "interface Vlanif10\n ip address 192.0.2.2 25",
      "192.0.2.1 255.255.255.0",
      "192.0.2.2 255.255.255.128",
    ],
  ])("%s: %s", (platform, text, was, is) => {
    const before = treeOf(platform);
    const text2 = config(platform).replace(was, () => is);
    expect(text2).not.toBe(config(platform));
    const { missing, unwanted } = compareToPlan(platform, {
      before,
      lines: linesOf(platform, text),
      actual: parseConfig(platform, text2),
    });
    expect({ missing, unwanted }).toEqual({ missing: [], unwanted: [] });
  });
});

describe("what is not sent", () => {
  test.each<[Vrp, string, string]>([
    ["huawei_vrp", "system-view", "line_session"],
    ["huawei_vrp", "save", "line_session"],
    ["huawei_vrp", "commit", "line_session"],
    ["huawei_vrp", "return", "line_session"],
    ["huawei_vrp", "reboot fast", "line_not_config"],
    ["huawei_vrp", "display this", "line_not_config"],
    ["hp_comware", "reset saved-configuration", "line_not_config"],
    ["hp_comware", "interface range GigabitEthernet1/0/1 to GigabitEthernet1/0/4", "line_not_config"],
    ["hp_comware", "interface GigabitEthernet1/0/3\n port hybrid vlan 10 tagged", "line_not_config"],
    ["huawei_vrp", "header login information hello", "line_not_config"],
    ["huawei_vrp", "sysname a?b", "line_question_mark"],
  ])("%s: %s", (platform, text, code) => {
    expect(parseLines(platform, text).problems.map((p) => p.code)).toEqual([code]);
  });
});

const bump = (text: string, by: number): string => text.replace(/\d+(?!.*\d)/, (n) => String((Number(n) + by) % 250));

/** Lines of a change as somebody could write it for the fixture: its own, changed, undone, and new ones. */
function changeFor(platform: Vrp): fc.Arbitrary<string[]> {
  const known = [...flatten(treeOf(platform)).values()].filter(
    (l) => !/^(vlan|interface|user-interface|line) /.test(l.text),
  );
  const leaf = fc.constantFrom(...known);
  const at = ({ path, text }: { path: readonly string[]; text: string }): string[] => [
    ...path.map((p, i) => " ".repeat(i) + p),
    " ".repeat(path.length) + text,
  ];
  const positive = (text: string): string => text.replace(/^undo /, "");
  const vlan = platform === "huawei_vrp" ? "port trunk allow-pass vlan" : "port trunk permit vlan";
  const port = platform === "huawei_vrp" ? "interface GigabitEthernet0/0/2" : "interface GigabitEthernet1/0/2";
  const ids = fc
    .uniqueArray(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 14 })
    .map((n) => n.sort((a, b) => a - b).join(" "));
  const step = fc.oneof(
    leaf.map(at),
    leaf.map((l) => at({ ...l, text: `undo ${positive(l.text)}` })),
    fc.tuple(leaf, fc.integer({ min: 1, max: 40 })).map(([l, by]) => at({ ...l, text: bump(positive(l.text), by) })),
    fc
      .tuple(leaf, fc.integer({ min: 1, max: 3 }))
      .map(([l, n]) => at({ ...l, text: `undo ${positive(l.text).split(" ").slice(0, n).join(" ")}` })),
    ids.map((n) => [port, ` ${vlan} ${n}`]),
    ids.map((n) => [port, ` undo ${vlan} ${n}`]),
    ids.map((n) => [
      `${platform === "huawei_vrp" ? "vlan batch" : "vlan"} ${n.split(" ")[0]} to ${Number(n.split(" ").at(-1)) + 1}`,
    ]),
    fc.integer({ min: 2, max: 120 }).map((n) => [`undo vlan ${n}`]),
    fc.integer({ min: 2, max: 120 }).map((n) => [`vlan ${n}`, ` name v${n}`]),
    fc
      .constantFrom(
        ["interface LoopBack77", " description new", " ip address 10.77.0.1 32"],
        ["undo interface LoopBack0"],
        [port, " shutdown"],
        ["sysname OTHER"],
        ["ospf 1", " area 0.0.0.1", "  network 10.0.0.0 0.0.0.255"],
        ["undo ospf 1"],
        ["aaa", " local-user guest privilege level 1"],
      )
      .map((l) => [...l]),
  );
  return fc.array(step, { minLength: 1, maxLength: 8 }).map((steps) => {
    const { lines, problems } = parseLines(platform, steps.flat());
    return problems.length > 0 ? [] : lines;
  });
}

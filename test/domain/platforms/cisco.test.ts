import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLines } from "../../../domain/config/apply.ts";
import { flatten } from "../../../domain/config/flat.ts";
import { inverseLines } from "../../../domain/config/inverse.ts";
import { parseLines } from "../../../domain/config/lines.ts";
import { parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import { maskSecrets } from "../../../domain/config/secrets.ts";
import { fixture } from "../fixtures/read-fixture.ts";

const platforms = ["cisco_nxos", "cisco_xr"] as const;
type Cisco = (typeof platforms)[number];

const treeOf = (platform: Cisco) => parseConfig(platform, fixture(platform));
const change = (platform: Cisco, text: string) => {
  const { lines, problems } = parseLines(platform, text);
  const before = treeOf(platform);
  const after = applyLines(platform, before, lines).tree;
  return { lines, problems, after: renderConfig(after), back: inverseLines(platform, before, after) };
};

/** The config's own lines, changed, taken back and given again, each with the sections on the way to it. */
function changesOf(platform: Cisco): fc.Arbitrary<string[]> {
  const known = [...flatten(treeOf(platform)).values()].filter(
    ({ text }) => !text.includes("\n") && !/^(version|feature|boot|end)/.test(text),
  );
  const inSection = (path: readonly string[], text: string): string[] => [
    ...path.map((p, i) => " ".repeat(i) + p),
    " ".repeat(path.length) + text,
  ];
  const line = fc.constantFrom(...known);
  const step = fc.oneof(
    line.map(({ path, text }) => inSection(path, text)),
    line.map(({ path, text }) => inSection(path, `no ${text.replace(/^no /, "")}`)),
    fc.tuple(line, fc.integer({ min: 1, max: 40 })).map(([{ path, text }, by]) =>
      inSection(
        path,
        text.replace(/^no /, "").replace(/\d+(?!.*\d)/, (n) => String((Number(n) + by) % 250)),
      ),
    ),
  );
  return fc.array(step, { minLength: 1, maxLength: 8 }).map((steps) => {
    const { lines, problems } = parseLines(platform, steps.flat());
    return problems.length > 0 ? [] : lines;
  });
}

describe.each(platforms)("%s", (platform) => {
  test("the way back of any change gives the config before", () => {
    const before = treeOf(platform);
    fc.assert(
      fc.property(changesOf(platform), (lines) => {
        const after = applyLines(platform, before, lines).tree;
        const back = inverseLines(platform, before, after);
        const again = applyLines(platform, after, back).tree;
        if (!sameConfig(again, before))
          expect({ lines, back, left: renderConfig(again) }).toEqual({ lines, back, left: renderConfig(before) });
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test("the way back is lines that a user could send", () => {
    const before = treeOf(platform);
    fc.assert(
      fc.property(changesOf(platform), (lines) => {
        const back = inverseLines(platform, before, applyLines(platform, before, lines).tree);
        const { lines: parsed, problems } = parseLines(platform, back);
        expect(problems.filter((p) => p.code !== "lines_empty")).toEqual([]);
        expect(parsed).toEqual(back);
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  test("its secrets are masked", () => {
    const masked = maskSecrets(platform, fixture(platform), () => "secret://*");
    expect(masked).not.toMatch(/nothing(OfASecret|Secret)|0x0000/);
  });
});

test("NX-OS: a neighbour with its family goes with one line", () => {
  const { lines, back } = change(
    "cisco_nxos",
    "router bgp 65001\n  neighbor 203.0.113.2\n    remote-as 65000\n    address-family ipv4 unicast\n",
  );
  expect(lines).toEqual([
    "router bgp 65001",
    " neighbor 203.0.113.2",
    "  remote-as 65000",
    "  address-family ipv4 unicast",
  ]);
  expect(back).toEqual(["router bgp 65001", " no neighbor 203.0.113.2"]);
});

test("NX-OS: a new VLAN joins the list that is shown in one line", () => {
  const { after, back } = change("cisco_nxos", "vlan 30\n  name backup\n");
  expect(after).toContain("vlan 30\n  name backup");
  expect(back).toEqual(["no vlan 30"]);
});

test("NX-OS: what a VRF takes with it comes back", () => {
  const { back } = change("cisco_nxos", "interface Ethernet1/1\n  vrf member customer\n  ip address 203.0.113.1/31\n");
  expect(back).toEqual([
    "interface Ethernet1/1",
    " no vrf member customer",
    "interface Ethernet1/1",
    " ip address 203.0.113.1/31",
  ]);
});

test("NX-OS: a feature is not taken away, a neighbour's AS stands below it", () => {
  expect(change("cisco_nxos", "no feature bgp").problems[0]).toMatchObject({
    code: "line_not_config",
    message: expect.stringContaining("no line could bring back") as string,
  });
  expect(change("cisco_nxos", "router bgp 65001\n neighbor 1.1.1.1 remote-as 65000").problems).toHaveLength(1);
});

test("IOS XR: each section is left before a line of another one", () => {
  const { lines } = change("cisco_xr", "interface GigabitEthernet0/0/0/0\n description x\nvrf customer-b\n");
  expect(lines).toEqual(["interface GigabitEthernet0/0/0/0", " description x", " exit", "vrf customer-b"]);
});

test("IOS XR: a policy is sent whole, and the old one given back whole", () => {
  const { lines, back } = change("cisco_xr", "route-policy PASS\n  set local-preference 200\n  pass\nend-policy\n");
  expect(lines).toEqual(["route-policy PASS", "  set local-preference 200", "  pass", "end-policy"]);
  expect(back).toEqual(["route-policy PASS", "  pass", "end-policy"]);
  expect(change("cisco_xr", "route-policy NEW\n  pass\nend-policy\n").back).toEqual(["no route-policy NEW"]);
});

test("IOS XR: lines deep inside of a protocol, and the way back", () => {
  const { back } = change(
    "cisco_xr",
    "router ospf 1\n area 0\n  interface GigabitEthernet0/0/0/0\n   cost 20\n  interface Bundle-Ether1\n   cost 5\n",
  );
  expect(back).toEqual([
    "router ospf 1",
    " area 0",
    "  no interface Bundle-Ether1",
    "  interface GigabitEthernet0/0/0/0",
    "   cost 10",
  ]);
});

test.each(["commit", "commit label x", "end", "abort", "root", "clear", "do show version", "show version"])(
  "IOS XR: “%s” is not taken as a line",
  (line) => expect(change("cisco_xr", line).problems).toHaveLength(1),
);

test.each([
  ["cisco_nxos", "interface Ethernet1/1\n ip address 192.0.2.1 255.255.255.0"],
  ["cisco_nxos", "interface Ethernet1/1\n ip router ospf 1 area 0"],
  ["cisco_nxos", "ip access-list MGMT\n 30 permit ip host 192.0.2.1 any"],
  ["cisco_nxos", "ip access-list MGMT\n permit ip 192.0.2.0 0.0.0.255 any"],
  ["cisco_xr", "interface Loopback1\n ipv4 address 192.0.2.1/32"],
] as const)("%s: what the device would show in another form is asked for in its own: %s", (platform, text) => {
  expect(change(platform, text).problems).toMatchObject([
    { code: "line_not_config", message: expect.stringContaining("would be shown in another form") as string },
  ]);
});

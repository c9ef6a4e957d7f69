import fc from "fast-check";
import type { PlatformId } from "../../../domain/contract/device.ts";
import { parseConfig } from "../../../domain/config/parse.ts";
import { flatten } from "../../../domain/config/flat.ts";
import { parseLines } from "../../../domain/config/lines.ts";
import { languages } from "../../../domain/platforms/index.ts";
import { fixture } from "../fixtures/read-fixture.ts";

export type Routers = Exclude<PlatformId, "linux">;

/** Lines of a change as somebody could write it for the fixture: its own lines, changed, taken back, moved; new ones; new sections. */
export function changeFor(platform: Routers): fc.Arbitrary<string[]> {
  const step = platform === "juniper_junos" ? junosStep() : indentedStep(platform);
  return fc.array(step, { minLength: 1, maxLength: 12 }).map((steps) => {
    const { lines, problems } = parseLines(platform, steps.flat());
    // what a user must not send is tested elsewhere
    return problems.length > 0 ? [] : lines;
  });
}

const bump = (text: string, by: number): string => text.replace(/\d+(?!.*\d)/, (n) => String((Number(n) + by) % 250));

function indentedStep(platform: Routers): fc.Arbitrary<string[]> {
  const { config } = languages[platform];
  const blocked = config.style === "indented" ? config.blocks : [];
  const known = [...flatten(parseConfig(platform, fixture(platform))).values()].filter(
    (l) => !blocked.some((b) => b.start.test(l.text)),
  );
  const inSection = ({ path, text }: { path: readonly string[]; text: string }): string[] => [
    ...path.map((p, i) => " ".repeat(i) + p),
    " ".repeat(path.length) + text,
  ];
  const positive = (text: string): string => text.replace(/^no /, "");
  const leaf = fc.constantFrom(...known);
  const mine = fc.constantFrom(
    ["interface Loopback77", " description new", " ip address 10.77.0.1 255.255.255.255"],
    ["interface Loopback78"],
    ["ip access-list extended NEW", " permit ip any any", " deny tcp any any"],
    ["ip prefix-list TRANSIT-OUT permit 192.0.2.0/24"],
    ["ip prefix-list NEW seq 7 permit 192.0.2.0/24"],
    ["route-map NEW permit 10", " match tag 5", " set metric 7"],
    ["ntp server 192.0.2.200 prefer"],
    ["logging host 192.0.2.140"],
    [
      "router bgp 64510",
      " neighbor 192.0.2.9 remote-as 65009",
      " neighbor 192.0.2.9 description nine",
      " address-family ipv4",
      "  neighbor 192.0.2.9 activate",
    ],
    ["no router bgp 64510"],
    ["snmp-server community s3cret ro"],
    ["vlan 77", " name seventy-seven"],
  );
  return fc.oneof(
    { weight: 3, arbitrary: mine.map((l) => [...l]) },
    { weight: 2, arbitrary: leaf.map(inSection) },
    { weight: 4, arbitrary: leaf.map((l) => inSection({ ...l, text: `no ${positive(l.text)}` })) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(leaf, fc.integer({ min: 1, max: 40 }))
        .map(([l, by]) => inSection({ ...l, text: bump(positive(l.text), by) })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(leaf, fc.integer({ min: 1, max: 3 }))
        .map(([l, n]) => inSection({ ...l, text: `no ${positive(l.text).split(" ").slice(0, n).join(" ")}` })),
    },
  );
}

function junosStep(): fc.Arbitrary<string[]> {
  const known = [...flatten(parseConfig("juniper_junos", fixture("juniper_junos"))).values()]
    .map((l) => l.text)
    .filter((t) => t.startsWith("set "));
  const leaf = fc.constantFrom(...known).map((t) => t.slice(4).match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []);
  const line = (verb: string, words: readonly string[]): string[] => [`${verb} ${words.join(" ")}`];
  return fc.oneof(
    leaf.map((w) => line("set", w)),
    fc.tuple(leaf, fc.integer({ min: 1, max: 40 })).map(([w, by]) =>
      line(
        "set",
        w.map((x, i) => (i === w.length - 1 ? bump(x, by) : x)),
      ),
    ),
    fc
      .tuple(leaf, fc.integer({ min: 0, max: 4 }))
      .map(([w, n]) => line("delete", w.slice(0, Math.max(1, w.length - n)))),
    fc
      .tuple(leaf, fc.integer({ min: 0, max: 3 }))
      .map(([w, n]) => line("deactivate", w.slice(0, Math.max(1, w.length - n)))),
    fc
      .constantFrom(
        ["activate interfaces xe-0/0/2"],
        ["set system ntp server 192.0.2.200 prefer"],
        ["set system host-name other"],
        ["set protocols bgp group TRANSIT export NEW"],
        ["set protocols bgp group TRANSIT export [ NEW OWN ]"],
        ["delete protocols bgp group TRANSIT export OWN"],
        [
          "set policy-options policy-statement TRANSIT-IN term new then accept",
          "insert policy-options policy-statement TRANSIT-IN term new before term cust",
        ],
        ["insert policy-options policy-statement TRANSIT-IN term last before term bogons"],
        ["delete policy-options policy-statement TRANSIT-IN term bogons"],
        ["delete policy-options policy-statement TRANSIT-IN term cust then local-preference"],
        ["set interfaces xe-0/0/9 unit 5 family inet address 10.9.9.1/30"],
        ["delete interfaces xe-0/0/0 unit 0 family inet address 10.0.1.2/30"],
      )
      .map((l) => [...l]),
  );
}

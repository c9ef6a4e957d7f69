import { describe, expect, test } from "vitest";
import { flatten } from "../../../domain/config/flat.ts";
import { normaliseConfig, parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import { fixture } from "../fixtures/read-fixture.ts";

const platforms = ["cisco_ios", "arista_eos", "frr", "juniper_junos"] as const;

describe.each(platforms)("%s", (platform) => {
  const tree = parseConfig(platform, fixture(platform));

  test("a config written out and read again is the same", () => {
    expect(sameConfig(parseConfig(platform, renderConfig(tree)), tree)).toBe(true);
  });

  test("every node knows the line that it was read from", () => {
    const lines = fixture(platform).split("\n");
    const check = (nodes: typeof tree.children): void => {
      for (const of of nodes) {
        const first = of.text.replace("inactive: ", "").split(" ")[0] ?? "";
        if (of.line !== null) expect(lines[of.line - 1]).toContain(first);
        check(of.children);
      }
    };
    check(tree.children);
    expect(tree.children.every((of) => of.line !== null)).toBe(true);
  });

  test("line ends of Windows make no difference", () => {
    expect(sameConfig(parseConfig(platform, fixture(platform).replaceAll("\n", "\r\n")), tree)).toBe(true);
  });
});

test("sections stand under their headers, blocks are kept whole", () => {
  const tree = parseConfig("cisco_ios", fixture("cisco_ios"));
  const find = (...path: string[]) =>
    path.reduce<(typeof tree.children)[number] | undefined>(
      (at, text) => (at?.children ?? tree.children).find((n) => n.text === text),
      undefined,
    );
  expect(find("router bgp 64510", "address-family ipv4")?.children.map((n) => n.text)).toContain(
    "neighbor 198.51.100.9 route-map TRANSIT-IN in",
  );
  expect(find("policy-map WAN-OUT", "class CRITICAL")?.children.map((n) => n.text)).toEqual([
    "bandwidth percent 30",
    "random-detect dscp-based",
  ]);
  expect(find("banner login")?.block).toEqual(["", "Authorised access only.", "", " Contact: noc@example.net", ""]);
  expect(find("banner motd")?.block).toEqual([" par-edge-01 "]);
  expect(find("crypto pki certificate chain TP-self-signed-1", "certificate self-signed 01")?.block).toHaveLength(2);
  expect(find("line vty 0 4")?.children.map((n) => n.text)).toEqual([
    "access-class VTY in vrf-also",
    "exec-timeout 15 0",
    "transport input ssh",
  ]);
});

test("EOS' banner ends with EOF and keeps its indentation", () => {
  const tree = parseConfig("arista_eos", fixture("arista_eos"));
  expect(tree.children.find((n) => n.text === "banner login")?.block).toEqual([
    "Authorised access only.",
    "  indented line",
  ]);
  expect(tree.children.at(-1)?.text).toBe("management ssh");
});

test("Junos in braces and as set lines is the same configuration", () => {
  const braces = parseConfig("juniper_junos", fixture("juniper_junos"));
  const set = [...flatten(braces).values()].map((l) => l.text).join("\n");
  expect(set).toContain('set system login message "Authorised access only. \\"Quoted\\" here; and a brace {"');
  expect(set).toContain("set system authentication-order tacplus\nset system authentication-order password");
  expect(set).toContain("deactivate interfaces xe-0/0/2\n".trim());
  expect(sameConfig(parseConfig("juniper_junos", set), braces)).toBe(true);
});

test("what differs from read to read is not in the normalised text", () => {
  const one = fixture("cisco_ios");
  const two = one
    .replace("8123 bytes", "9000 bytes")
    .replace("02:14:31 CET Tue Nov 24", "03:00:00 CET Wed Nov 25")
    .replace("hostname par-edge-01\n", "hostname par-edge-01   \r\n")
    .replace("ntp authenticate\n", "ntp clock-period 17179869\nntp authenticate\n");
  expect(normaliseConfig("cisco_ios", two)).toBe(normaliseConfig("cisco_ios", one));
  expect(normaliseConfig("cisco_ios", one.replace("mtu 9100", "mtu 9101"))).not.toBe(normaliseConfig("cisco_ios", one));
  const junos = fixture("juniper_junos");
  expect(normaliseConfig("juniper_junos", junos.replace("02:14:31 CET by noc", "04:00:00 CET by root"))).toBe(
    normaliseConfig("juniper_junos", junos),
  );
});

test("a host has no configuration", () => {
  expect(parseConfig("linux", "anything\n at all").children).toEqual([]);
});

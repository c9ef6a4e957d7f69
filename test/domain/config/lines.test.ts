import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLines } from "../../../domain/config/lines.ts";
import { PLATFORM_IDS } from "../../../domain/contract/device.ts";

const ios = (text: string | string[]) => parseLines("cisco_ios", text);
const codes = (text: string, platform: (typeof PLATFORM_IDS)[number] = "cisco_ios") =>
  parseLines(platform, text).problems.map((p) => p.code);

describe("what is sent", () => {
  test("comments and blank lines go, short forms are written out, depth is shown", () => {
    expect(
      ios("! loopback\nint lo0\ndesc router id\n\nip addr 10.0.0.1 255.255.255.255\nno shut\n# done\n").lines,
    ).toEqual([
      "interface Loopback0",
      " description router id",
      " ip address 10.0.0.1 255.255.255.255",
      " no shutdown",
    ]);
  });

  test("a list of lines is the same as a text", () => {
    expect(ios(["ntp server 192.0.2.1", "logging host 192.0.2.2"])).toEqual(
      ios("ntp server 192.0.2.1\r\nlogging host 192.0.2.2\r\n"),
    );
  });

  test("a line that the device would take for the section above gets an exit before it", () => {
    const { lines } = ios(
      "router bgp 65000\n address-family ipv4\n  neighbor 192.0.2.1 activate\n neighbor 192.0.2.1 description peer\nsome global thing\nntp server 192.0.2.9",
    );
    expect(lines).toEqual([
      "router bgp 65000",
      " address-family ipv4",
      "  neighbor 192.0.2.1 activate",
      "  exit",
      " neighbor 192.0.2.1 description peer",
      " exit",
      "some global thing",
      "ntp server 192.0.2.9",
    ]);
  });

  test("a flat list of lines is placed as the device takes it", () => {
    const { lines } = ios(
      "router bgp 65000\naddress-family ipv4\nneighbor 192.0.2.1 activate\naddress-family ipv6\nneighbor 192.0.2.1 activate\ninterface Gi0/1\nshutdown\nip route 10.0.0.0 255.0.0.0 Null0",
    );
    expect(lines).toEqual([
      "router bgp 65000",
      " address-family ipv4",
      "  neighbor 192.0.2.1 activate",
      " address-family ipv6",
      "  neighbor 192.0.2.1 activate",
      "interface GigabitEthernet0/1",
      " shutdown",
      "ip route 10.0.0.0 255.0.0.0 Null0",
    ]);
  });

  test("a section that nobody here knows is one because lines stand under it", () => {
    expect(ios("quantum tunnel 7\n entangle both").lines).toEqual(["quantum tunnel 7", " entangle both"]);
  });

  test("EOS takes `vlan 10` after a BGP section for a section of BGP, so an exit keeps them apart", () => {
    expect(parseLines("arista_eos", "router bgp 65000\n   router-id 10.0.0.1\nvlan 10\n   name users").lines).toEqual([
      "router bgp 65000",
      " router-id 10.0.0.1",
      " exit",
      "vlan 10",
      " name users",
    ]);
  });

  test("a banner's text is kept as it is", () => {
    expect(ios("banner motd #\n  ! not a comment\n\n end\n#\nhostname r1").lines).toEqual([
      "banner motd #",
      "  ! not a comment",
      "",
      " end",
      "#",
      "hostname r1",
    ]);
    expect(parseLines("arista_eos", "banner motd\n Hello?\nEOF").lines).toEqual(["banner motd", " Hello?", "EOF"]);
  });

  test("Junos keeps what is in quotes", () => {
    expect(parseLines("juniper_junos", '# why\nset  interfaces xe-0/0/0   description "a  {b}; c?"').lines).toEqual([
      'set interfaces xe-0/0/0 description "a  {b}; c?"',
    ]);
  });

  test("an exit at the top level would leave configuration mode and is left out", () => {
    expect(ios("ntp server 192.0.2.1\nexit\ninterface Lo0\n description x\nexit\nexit").lines).toEqual([
      "ntp server 192.0.2.1",
      "interface Loopback0",
      " description x",
      " exit",
    ]);
  });
});

describe("what is refused, with its place", () => {
  test.each([
    ["configure terminal", "line_session"],
    ["conf t", "line_session"],
    ["end", "line_session"],
    ["commit", "line_session"],
    ["wr mem", "line_session"],
    ["write memory", "line_session"],
    ["copy running-config startup-config", "line_session"],
    ["do show clock", "line_session"],
    ["configure session X", "line_session"],
    ["enable", "line_session"],
    ["reload", "line_not_config"],
    ["reload in 5", "line_not_config"],
    ["clear ip bgp *", "line_not_config"],
    ["interface range Gi0/1 - 4", "line_not_config"],
    ["description why?", "line_question_mark"],
    ["banner motd #\nnever closed", "line_block_open"],
    ["banner motd ^C\nx\n^C", "line_delimiter"],
    ["! only a comment\n", "lines_empty"],
  ])("%j: %s", (text, code) => {
    expect(codes(text)).toEqual([code]);
    expect(ios(text).lines).toEqual([]);
  });

  test.each([
    ["commit confirmed 5", "line_session"],
    ["edit system", "line_session"],
    ["request system reboot", "line_not_config"],
    ["system { host-name x; }", "line_not_config"],
    ["set system host-name x;", "line_not_config"],
    ["host-name x", "line_not_config"],
    ["delete", "line_not_config"],
    ['set system login message "open', "line_quote"],
    ["set system root-authentication plain-text-password", "line_session"],
  ])("Junos %j: %s", (text, code) => {
    expect(codes(text, "juniper_junos")).toContain(code);
  });

  test("control characters and what deceives the eye, with line and column", () => {
    expect(ios("ntp server 192.0.2.1\ndescription a\u0007b").problems).toEqual([
      {
        path: "lines[1]",
        line: 2,
        column: 14,
        code: "line_characters",
        message: "holds the character U+0007 at position 14, which would not be sent as one line; remove it",
      },
    ]);
    expect(ios(["a\nreload"]).problems[0]?.code).toBe("line_characters");
    expect(ios(["a\rreload"]).problems[0]?.code).toBe("line_characters");
    expect(codes("description \u202edaoler")).toEqual(["line_characters"]);
    expect(codes("description a\tb")).toEqual(["line_characters"]);
    expect(codes("description zero\u200bwidth")).toEqual(["line_characters"]);
  });

  test("every problem is told at once", () => {
    expect(ios("reload\nntp server 192.0.2.1\nend").problems.map((p) => [p.path, p.line])).toEqual([
      ["lines[0]", 1],
      ["lines[2]", 3],
    ]);
  });
});

test.each(PLATFORM_IDS)(
  "%s: whatever is given, no line that comes out holds a line end or a control",
  (platform) => {
    const character = fc.constantFrom(...Array.from("abc 01#!\"'{};^?|\\\n\r\t\u0000\u0007\u001b\u0085\u2028\u202eé"));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: character, maxLength: 80 }),
          fc.array(fc.string({ unit: character, maxLength: 30 }), { maxLength: 6 }),
        ),
        (given) => {
          const { lines, problems } = parseLines(platform, given);
          for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
          expect(lines.length === 0 || problems.length === 0).toBe(true);
          const count = typeof given === "string" ? given.split("\n").length : given.length;
          // only what leaves a section can be more than what was given
          expect(lines.filter((l) => !/^(?:exit|quit)$/.test(l.trim())).length).toBeLessThanOrEqual(count);
        },
      ),
      { numRuns: 800 },
    );
  },
  60_000,
);

test.each(["cisco_ios", "arista_eos", "frr", "juniper_junos"] as const)(
  "%s: what comes out, given again, comes out the same",
  (platform) => {
    const word = fc.constantFrom(
      "interface Gi0/1",
      "router bgp 1",
      "address-family ipv4",
      "neighbor 1.1.1.1 activate",
      "description x",
      "ntp server 1.1.1.1",
      "exit",
      "foo bar",
      "no shutdown",
      "vlan 10",
      "name x",
      "vrf A",
      "set system host-name a",
      "delete system",
    );
    const line = fc.tuple(fc.constantFrom("", " ", "  ", "   ", "      "), word).map(([lead, text]) => lead + text);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (given) => {
        const { lines } = parseLines(platform, given);
        if (lines.length > 0) expect(parseLines(platform, lines).lines).toEqual(lines);
      }),
      { numRuns: 600 },
    );
  },
  60_000,
);

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError, Invalid } from "../../../domain/contract/errors.ts";
import { PLATFORM_IDS, type PlatformId } from "../../../domain/contract/device.ts";
import { parseRead } from "../../../domain/read/parse-read.ts";

const isRead = (platform: PlatformId, text: string): boolean => {
  try {
    parseRead(platform, text);
    return true;
  } catch (e) {
    expect(e).toBeInstanceOf(Invalid);
    expect(e instanceof AppError && e.code).toBe("command_not_a_read");
    return false;
  }
};

describe("reads", () => {
  test.each<[PlatformId, string]>([
    ["cisco_ios", "show version"],
    ["cisco_ios", "sh run"],
    ["cisco_ios", "show running-config | include ^ntp"],
    ["cisco_ios", "show running-config | section router bgp | exclude description"],
    ["cisco_ios", "show ip route 192.0.2.0 255.255.255.0"],
    ["cisco_ios", 'show log | include "a b"'],
    ["juniper_junos", 'show log messages | match "a|b" | count'],
    ["cisco_ios", "show interfaces | count line protocol is up"],
    ["cisco_ios", "ping 192.0.2.1 source Loopback0 repeat 5"],
    ["arista_eos", "show bgp summary | json"],
    ["arista_eos", "show ip bgp neighbors 192.0.2.1 | begin BGP"],
    ["frr", "show ip bgp summary json"],
    ["juniper_junos", "show configuration | display set | match ntp | no-more"],
    ["juniper_junos", "show bgp summary | except Establ"],
    ["juniper_junos", "show interfaces terse | match xe- | count"],
    ["linux", "uname -a"],
    ["linux", "ip -br addr show"],
    ["linux", "ip route show dev eth0"],
    ["linux", "cat /etc/os-release"],
    ["linux", "df -h"],
    ["linux", "ping -c 3 192.0.2.1"],
  ])("%s: %s", (platform, text) => {
    expect(parseRead(platform, text)).toBe(text);
  });

  test("space around it is no part of it", () => {
    expect(parseRead("cisco_ios", "  show clock  ")).toBe("show clock");
  });
});

describe("no reads", () => {
  test.each<[PlatformId, string]>([
    ["cisco_ios", ""],
    ["cisco_ios", "reload"],
    ["cisco_ios", "configure terminal"],
    ["cisco_ios", "clear ip bgp *"],
    ["cisco_ios", "write memory"],
    ["cisco_ios", "copy running-config tftp://192.0.2.1/x"],
    ["cisco_ios", "show version\nreload"],
    ["cisco_ios", "show version\r\nreload"],
    ["cisco_ios", "show version ; reload"],
    ["cisco_ios", "show version | redirect flash:x"],
    ["cisco_ios", "show version | tee flash:x"],
    ["cisco_ios", "show version | append flash:x"],
    ["cisco_ios", "show version | include x | redirect tftp://192.0.2.1/x"],
    ["cisco_ios", "show version > flash:x"],
    ["cisco_ios", "show version |"],
    ["cisco_ios", "show"],
    ["cisco_ios", "show tech-support"],
    ["cisco_ios", "shutdown"],
    ["cisco_ios", "sho\u0007w version"],
    ["cisco_ios", "show\u00a0version"],
    ["cisco_ios", "show version\u202e"],
    ["cisco_ios", "show version ?"],
    ["cisco_ios", 'show log | include "a|b"'],
    ["arista_eos", 'show log | include "x|bash"'],
    ["juniper_junos", 'show log | match "a | save x"'],
    ["juniper_junos", 'show log | match "a'],
    ["arista_eos", "show version | bash"],
    ["arista_eos", "show version | json | sh"],
    ["arista_eos", "bash ls"],
    ["juniper_junos", "show configuration | save /var/x"],
    ["juniper_junos", "show configuration | append x"],
    ["juniper_junos", "show version | request message all"],
    ["juniper_junos", "request system reboot"],
    ["juniper_junos", "configure"],
    ["juniper_junos", "set system host-name x"],
    ["juniper_junos", "start shell"],
    ["linux", "uname -a; reboot"],
    ["linux", "uname -a && reboot"],
    ["linux", "cat /etc/shadow"],
    ["linux", "cat /etc/os-release /etc/shadow"],
    ["linux", "ip addr add 192.0.2.1/24 dev eth0"],
    ["linux", "ip addr a 192.0.2.1/24 dev eth0"],
    ["linux", "ip link set eth0 down"],
    ["linux", "ip l s eth0 down"],
    ["linux", "ip route flush all"],
    ["linux", "hostname other"],
    ["linux", "date -s 2020-01-01"],
    ["linux", "df -h | tee x"],
    ["linux", "uptime $(reboot)"],
    ["linux", "uptime `reboot`"],
    ["linux", "systemctl restart frr"],
    ["linux", "free > /var/x"],
  ])("%s: %j", (platform, text) => {
    expect(isRead(platform, text)).toBe(false);
  });

  test("a command longer than 500 characters", () => {
    expect(isRead("cisco_ios", `show ${"x".repeat(495)}`)).toBe(true);
    expect(isRead("cisco_ios", `show ${"x".repeat(496)}`)).toBe(false);
  });

  test("the sentence names the command, the cause and the way out", () => {
    expect(() => parseRead("cisco_ios", "reload in 5")).toThrow(
      /“reload in 5” is not a read on IOS: its first words are in no list of reads\. Reads are `show …`.*make everything else a line of a change/,
    );
  });
});

describe.each(PLATFORM_IDS)("%s, whatever is put into a read", (platform) => {
  const words = fc.constantFrom(
    "show",
    "sh",
    "version",
    "run",
    "ip",
    "addr",
    "include",
    "match",
    "uname",
    "-a",
    "x",
    "|",
    '"',
    "'",
    "section",
    "display",
    "set",
    "no-more",
    "cat",
    "/etc/os-release",
    "ping",
    "192.0.2.1",
  );
  const poison = fc.constantFrom(
    "\n",
    "\r",
    "\u0000",
    "\u001b[A",
    "\t",
    ";",
    "`",
    "> file",
    ">> file",
    "| redirect x",
    "| tee x",
    "| save x",
    "| append x",
    "$(reboot)",
    "&& reboot",
    "| sh",
    "| bash",
    "\u2028",
    "\u202e",
  );
  const command = fc.array(words, { maxLength: 6 }).map((w) => w.join(" "));

  test("nothing poisonous passes", () => {
    fc.assert(
      fc.property(command, poison, command, (before, bad, after) => {
        expect(isRead(platform, `${before} ${bad} ${after} x`)).toBe(false);
      }),
      { numRuns: 1500 },
    );
  }, 60_000);

  test("nothing that begins otherwise than a read passes", () => {
    const verbs = fc.constantFrom(
      "configure",
      "conf t",
      "reload",
      "clear",
      "write",
      "copy",
      "delete",
      "set",
      "no",
      "commit",
      "debug",
      "request",
      "start",
      "bash",
      "rm",
      "sudo",
      "tclsh",
      "test",
      "monitor",
      "enable",
      "do",
      "ssh",
      "telnet",
      "format",
      "erase",
    );
    fc.assert(
      fc.property(verbs, command, (verb, rest) => {
        expect(isRead(platform, `${verb} ${rest}`)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);

  test("what passes is one printable line", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }).map((s) => `show ${s}`),
        (text) => {
          if (isRead(platform, text)) expect(parseRead(platform, text)).toMatch(/^[ -~]{1,500}$/);
        },
      ),
      { numRuns: 1500 },
    );
  }, 60_000);
});

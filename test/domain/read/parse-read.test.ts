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

/** The ways round, and beside each what must still pass. */
describe("reads that would never end, take minutes, or are none", () => {
  test.each<[PlatformId, string]>([
    ...(
      ["cisco_ios", "cisco_xe", "cisco_xr", "cisco_nxos", "cisco_asa", "arista_eos", "aruba_aoscx", "frr"] as const
    ).flatMap((platform) =>
      [
        "show t",
        "show te",
        "sh tec",
        "show tech",
        "show TECH",
        "show tech-support detail",
        "show x follow",
        "show x fol",
        "show events -f",
        "show x tail",
        "show processes top",
        "show processes to",
        "show capture x",
        "ping 192.0.2.1 repeat 101",
        "ping 192.0.2.1 repeat 2147483647",
        "ping 192.0.2.1 count unlimited",
        "ping 192.0.2.1 repeat 5 repeat 999",
        "ping 192.0.2.1 timeout 0",
        "ping 192.0.2.1 timeout 3600",
        "show run | grep -f /etc/passwd",
        "show run | grep x /etc/passwd",
        "show clock | no-more file x",
        "show run | json x",
      ].map((text): [PlatformId, string] => [platform, text]),
    ),
    ["frr", "ping 192.0.2.1"],
    ["cisco_nxos", "show file bootflash:secret"],
    ["cisco_nxos", "sh fil bootflash:secret"],
    ["juniper_junos", "ping 192.0.2.1"],
    ["juniper_junos", "ping 192.0.2.1 count 1000"],
    ["juniper_junos", "ping 192.0.2.1 count 5 count 1000"],
    ["juniper_junos", "show log messages | hold"],
    ["vyos", "show tec"],
    ["vyos", "show log tail"],
    ["vyos", "show log ta"],
    ["vyos", "show interfaces ethernet eth0 monitor"],
    ["vyos", "show interfaces ethernet eth0 capture"],
    ["vyos", "show interfaces ethernet eth0 cap"],
    ["vyos", "ping 192.0.2.1"],
    ["vyos", "ping 192.0.2.1 count 101"],
    ["vyos", "show version !r"],
    ["vyos", "show configuration ~/x"],
    ["nokia_sros", "ping 192.0.2.1 count 100000"],
    ["nokia_sros", "show router bgp monitor"],
    ["fortinet", "get system performance top"],
    ["fortinet", "get system performance to"],
    ["fortinet", "get test x 99"],
    ["hp_comware", "display d"],
    ["hp_comware", "display di"],
    ["huawei_vrp", "dis DIAG"],
    ["huawei_vrp", "ping -c 4294967295 192.0.2.1"],
    ["huawei_vrp", "ping -c 5 -c 999 192.0.2.1"],
    ["huawei_vrp", "ping 192.0.2.1 -c 999"],
    ["linux", "ping -c 999 192.0.2.1"],
    ["mikrotik_routeros", "/ping 192.0.2.1 count=999"],
    ["mikrotik_routeros", "/system reboot print"],
    ["mikrotik_routeros", "/system/reboot/print"],
    ["mikrotik_routeros", "/interface wireless scan print"],
    ["mikrotik_routeros", "/interface wireless snooper print"],
    ["mikrotik_routeros", "/interface torch print"],
    ["mikrotik_routeros", "/interface wifi provision print"],
    ["mikrotik_routeros", "/interface lte at-chat print"],
    ["mikrotik_routeros", "/interface print follow"],
    ["mikrotik_routeros", "/system package update check-for-updates print"],
    ["mikrotik_routeros", "/system check-disk print"],
    ["mikrotik_routeros", "/system sup-output print"],
    ["mikrotik_routeros", "/system sup-output export"],
    ["mikrotik_routeros", "/system license renew print"],
    ["mikrotik_routeros", "/disk format-drive print"],
    ["mikrotik_routeros", "/port firmware print"],
    ["mikrotik_routeros", "/ip dns cache flush print"],
    ["mikrotik_routeros", "/nonsense print"],
  ])("%s: %s", (platform, text) => {
    expect(isRead(platform, text)).toBe(false);
  });

  test.each<[PlatformId, string]>([
    ["cisco_ios", "show tcp brief"],
    ["cisco_ios", "show terminal"],
    ["cisco_ios", "show monitor session 1"],
    ["cisco_ios", "show file systems"],
    ["cisco_ios", "show interfaces description | include top"],
    ["cisco_ios", "ping 192.0.2.1 repeat 100 size 1500 df-bit"],
    ["cisco_ios", "traceroute 192.0.2.1 vrf MGMT"],
    ["arista_eos", "show processes top once"],
    ["arista_eos", "show ip interface 198.51.100.1 | grep -i up"],
    ["cisco_nxos", "show telemetry yang"],
    ["cisco_nxos", "show run | grep mtu"],
    ["cisco_nxos", "show interface | json native"],
    ["cisco_asa", "show run | grep access-list"],
    ["frr", "traceroute 192.0.2.1"],
    ["juniper_junos", "ping 192.0.2.1 count 5 rapid"],
    ["juniper_junos", "ping 192.0.2.1 source 198.51.100.1 count 100"],
    ["juniper_junos", "traceroute 192.0.2.1"],
    ["vyos", "ping 192.0.2.1 count 5"],
    ["vyos", "show interfaces ethernet eth0"],
    ["vyos", "show configuration commands | match tail"],
    ["nokia_sros", "ping 192.0.2.1 count 5 router-instance Base"],
    ["hp_comware", "display device manuinfo"],
    ["hp_comware", "display dhcp server"],
    ["huawei_vrp", "ping -c 5 -a 198.51.100.1 192.0.2.1"],
    ["huawei_vrp", "tracert 192.0.2.1"],
    ["fortinet", "get system performance status"],
    ["mikrotik_routeros", "/ping 192.0.2.1 count=5"],
    ["mikrotik_routeros", "/ip address print detail"],
    ["mikrotik_routeros", "/ip/firewall/filter/print"],
    ["mikrotik_routeros", "/interface bridge port print"],
    ["mikrotik_routeros", "/routing bgp session print"],
    ["mikrotik_routeros", "/log print"],
    ["mikrotik_routeros", "/ip firewall export terse"],
    ["mikrotik_routeros", "/export"],
  ])("but %s: %s", (platform, text) => {
    expect(isRead(platform, text)).toBe(true);
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

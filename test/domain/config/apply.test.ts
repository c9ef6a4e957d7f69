import { describe, expect, test } from "vitest";
import { applyLines } from "../../../domain/config/apply.ts";
import { inverseLines } from "../../../domain/config/inverse.ts";
import { parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import type { PlatformId } from "../../../domain/contract/device.ts";

const apply = (platform: PlatformId, config: string, lines: string): { text: string; notes: string[] } => {
  const { tree, notes } = applyLines(platform, parseConfig(platform, config), lines.split("\n"));
  return { text: renderConfig(tree).trimEnd(), notes };
};
const ios = (config: string, lines: string): string => apply("cisco_ios", config, lines).text;
const junos = (config: string, lines: string): string => apply("juniper_junos", config, lines).text;

describe("IOS", () => {
  test("a line with one value takes the place of the one before", () => {
    expect(
      ios("hostname a\ninterface GigabitEthernet1\n description x\n mtu 1500", "hostname b\ninterface Gi1\n mtu 9000"),
    ).toBe("hostname b\ninterface GigabitEthernet1\n description x\n mtu 9000");
  });
  test("a secondary address stands beside the first", () => {
    expect(
      ios(
        "interface Loopback0\n ip address 10.0.0.1 255.0.0.0",
        "interface Lo0\n ip address 10.0.0.2 255.0.0.0 secondary",
      ),
    ).toBe("interface Loopback0\n ip address 10.0.0.1 255.0.0.0\n ip address 10.0.0.2 255.0.0.0 secondary");
  });
  test("what is there already changes nothing", () => {
    const config =
      "ntp server 192.0.2.1\nip access-list extended A\n 10 permit ip any any\nip prefix-list P seq 5 permit 10.0.0.0/8";
    expect(
      ios(
        config,
        "ntp server 192.0.2.1\nip access-list extended A\n permit ip any any\nip prefix-list P permit 10.0.0.0/8",
      ),
    ).toBe(config);
  });
  test("`no` takes a line back, by its beginning too, and says what was not there", () => {
    const { text, notes } = apply(
      "cisco_ios",
      "ntp server 192.0.2.1 prefer\nlogging host 192.0.2.2",
      "no ntp server 192.0.2.1\nno logging host 192.0.2.9",
    );
    expect(text).toBe("logging host 192.0.2.2");
    expect(notes).toEqual(["“no logging host 192.0.2.9”: nothing to remove"]);
  });
  test("`no` goes by words, not by letters", () => {
    expect(ios("interface Loopback1\n mtu 1\ninterface Loopback10\n mtu 2", "no interface Loopback1")).toBe(
      "interface Loopback10\n mtu 2",
    );
  });
  test("`no description other` takes the description; `no ip address other` takes no address", () => {
    expect(
      ios(
        "interface A1\n description x\n ip address 10.0.0.1 255.0.0.0",
        "interface A1\n no description y\n no ip address 10.0.0.9 255.0.0.0",
      ),
    ).toBe("interface A1\n ip address 10.0.0.1 255.0.0.0");
  });
  test("without its address an interface says so", () => {
    expect(ios("interface A1\n ip address 10.0.0.1 255.0.0.0", "interface A1\n no ip address")).toBe(
      "interface A1\n no ip address",
    );
    expect(ios("interface A1\n no ip address", "interface A1\n ip address 10.0.0.1 255.0.0.0")).toBe(
      "interface A1\n ip address 10.0.0.1 255.0.0.0",
    );
  });
  test("a neighbour goes with all of its lines, in the address families too", () => {
    const config =
      "router bgp 1\n neighbor 192.0.2.1 remote-as 2\n neighbor 192.0.2.1 description x\n neighbor 192.0.2.11 remote-as 3\n address-family ipv4\n  neighbor 192.0.2.1 activate\n  neighbor 192.0.2.11 activate";
    const { text, notes } = apply("cisco_ios", config, "router bgp 1\n no neighbor 192.0.2.1");
    expect(text).toBe(
      "router bgp 1\n neighbor 192.0.2.11 remote-as 3\n address-family ipv4\n  neighbor 192.0.2.11 activate",
    );
    expect(notes).toEqual(["“no neighbor 192.0.2.1” removes 3 lines"]);
  });
  test("numbered entries go where their number says, unnumbered ones to the end", () => {
    const config = "ip access-list extended A\n 10 permit tcp any any\n 30 deny ip any any";
    expect(ios(config, "ip access-list extended A\n 20 permit udp any any\n permit icmp any any\n no 10")).toBe(
      "ip access-list extended A\n 20 permit udp any any\n 30 deny ip any any\n 40 permit icmp any any",
    );
    expect(ios("ip prefix-list P seq 5 permit 10.0.0.0/8", "ip prefix-list P permit 11.0.0.0/8")).toBe(
      "ip prefix-list P seq 5 permit 10.0.0.0/8\nip prefix-list P seq 10 permit 11.0.0.0/8",
    );
  });
  test("`no` of one line of a numbered ACL takes the whole ACL", () => {
    expect(
      ios(
        "access-list 10 permit any\naccess-list 10 deny any\naccess-list 11 permit any",
        "no access-list 10 deny any",
      ),
    ).toBe("access-list 11 permit any");
  });
  test("VLANs are added to and taken from a trunk's list", () => {
    const config = "interface A1\n switchport trunk allowed vlan 10,20,30-35";
    expect(ios(config, "interface A1\n switchport trunk allowed vlan add 21,36")).toBe(
      "interface A1\n switchport trunk allowed vlan 10,20,21,30-36",
    );
    expect(ios(config, "interface A1\n switchport trunk allowed vlan remove 10,32-33")).toBe(
      "interface A1\n switchport trunk allowed vlan 20,30,31,34,35",
    );
    expect(ios(config, "interface A1\n switchport trunk allowed vlan 7")).toBe(
      "interface A1\n switchport trunk allowed vlan 7",
    );
  });
  test("what is on by default shows only when it is off", () => {
    expect(ios("interface A1\n mtu 1", "interface A1\n no ip redirects")).toBe(
      "interface A1\n mtu 1\n no ip redirects",
    );
    expect(ios("interface A1\n mtu 1\n no ip redirects", "interface A1\n ip redirects")).toBe("interface A1\n mtu 1");
    expect(ios("interface A1\n mtu 1", "interface A1\n ip redirects")).toBe("interface A1\n mtu 1");
  });
  test("a VRF takes an interface's addresses with it", () => {
    const { text, notes } = apply(
      "cisco_ios",
      "interface A1\n ip address 10.0.0.1 255.0.0.0",
      "interface A1\n vrf forwarding CUST",
    );
    expect(text).toBe("interface A1\n vrf forwarding CUST");
    expect(notes).toEqual([
      "“vrf forwarding CUST” in “interface A1”: the device removes the interface's addresses when its VRF changes",
    ]);
  });
  test("a route-map's entry changes its action and keeps its lines", () => {
    expect(ios("route-map R permit 10\n set metric 5", "route-map R deny 10")).toBe(
      "route-map R deny 10\n set metric 5",
    );
  });
  test("a second BGP process is foreseen to be refused", () => {
    expect(apply("cisco_ios", "router bgp 1\n bgp router-id 1.1.1.1", "router bgp 2").notes).toEqual([
      "“router bgp 2”: the device runs “router bgp 1” and may refuse a second one",
    ]);
  });
  test("a banner is replaced as a whole", () => {
    expect(ios("banner motd ^C old ^C", "banner motd #\nnew\n#")).toBe("banner motd ^C\nnew\n^C");
  });
  test("what leaves no trace is said", () => {
    expect(apply("cisco_ios", "hostname a", "crypto key generate rsa modulus 2048").notes).toEqual([
      "“crypto key generate rsa modulus 2048” does not show in the configuration: it can be neither compared nor taken back",
    ]);
  });
  test("a line goes beside its like, before the sections of its section", () => {
    expect(
      ios(
        "router bgp 1\n neighbor 192.0.2.1 remote-as 2\n address-family ipv4\n  network 10.0.0.0",
        "router bgp 1\n timers bgp 3 9\n neighbor 192.0.2.2 remote-as 2",
      ),
    ).toBe(
      "router bgp 1\n neighbor 192.0.2.1 remote-as 2\n neighbor 192.0.2.2 remote-as 2\n timers bgp 3 9\n address-family ipv4\n  network 10.0.0.0",
    );
  });
});

describe("FRR", () => {
  test("an interface has as many addresses as it is given", () => {
    expect(
      apply("frr", "interface eth0\n ip address 10.0.0.1/24\nexit", "interface eth0\n ip address 10.0.0.2/24").text,
    ).toBe("interface eth0\n ip address 10.0.0.1/24\n ip address 10.0.0.2/24");
  });
  test("a neighbour is active in IPv4 without saying so", () => {
    const config =
      "router bgp 1\n neighbor 192.0.2.1 remote-as 2\n !\n address-family ipv4 unicast\n  network 10.0.0.0/8\n exit-address-family\nexit";
    expect(
      apply("frr", config, "router bgp 1\n address-family ipv4 unicast\n  neighbor 192.0.2.1 activate").text,
    ).not.toContain("activate");
    expect(
      apply(
        "frr",
        config.replace(" neighbor", " no bgp default ipv4-unicast\n neighbor"),
        "router bgp 1\n address-family ipv4 unicast\n  neighbor 192.0.2.1 activate",
      ).text,
    ).toContain("activate");
  });
});

describe("what a real device does otherwise than its lines say", () => {
  test("FRR shows OSPF's passive interfaces at the interfaces", () => {
    expect(
      apply("frr", "router ospf\n ospf router-id 10.0.0.1\nexit", "router ospf\n passive-interface eth0").text,
    ).toBe("router ospf\n ospf router-id 10.0.0.1\ninterface eth0\n ip ospf passive");
  });
  test("FRR and IOS drop a neighbour with its AS, EOS does not", () => {
    const config = "router bgp 1\n neighbor 192.0.2.1 remote-as 2\n neighbor 192.0.2.1 description x\n timers bgp 3 9";
    const lines = "router bgp 1\n no neighbor 192.0.2.1 remote-as 2";
    expect(apply("frr", config, lines).text).toBe("router bgp 1\n timers bgp 3 9");
    expect(apply("cisco_ios", config, lines).text).toBe("router bgp 1\n timers bgp 3 9");
    expect(apply("arista_eos", config, lines).text).toContain("neighbor 192.0.2.1 description x");
  });
  test("FRR shows an address family only while it holds a line, and its lines are taken back one by one", () => {
    const before = parseConfig("frr", "router bgp 1\n neighbor 192.0.2.1 remote-as 2\nexit");
    const { tree } = applyLines("frr", before, [
      "router bgp 1",
      " address-family ipv6 unicast",
      "  neighbor 192.0.2.1 activate",
    ]);
    expect(inverseLines("frr", before, tree)).toEqual([
      "router bgp 1",
      " address-family ipv6 unicast",
      "  no neighbor 192.0.2.1 activate",
    ]);
    expect(
      renderConfig(
        applyLines("frr", tree, ["router bgp 1", " address-family ipv6 unicast", "  no neighbor 192.0.2.1 activate"])
          .tree,
      ),
    ).not.toContain("address-family");
  });
  test("redistribution keeps its options until it is taken back", () => {
    const config = "router bgp 1\n redistribute static route-map R";
    expect(apply("cisco_ios", config, "router bgp 1\n redistribute static").text).toBe(config);
    const before = parseConfig("cisco_ios", "router bgp 1\n redistribute static");
    expect(inverseLines("cisco_ios", before, parseConfig("cisco_ios", config))).toEqual([
      "router bgp 1",
      " no redistribute static",
      " redistribute static",
    ]);
  });
  test("a list has an entry once", () => {
    const { text, notes } = apply(
      "frr",
      "ip prefix-list P seq 5 permit 10.0.0.0/8",
      "ip prefix-list P seq 15 permit 10.0.0.0/8",
    );
    expect(text).toBe("ip prefix-list P seq 5 permit 10.0.0.0/8");
    expect(notes).toEqual([
      "“ip prefix-list P seq 15 permit 10.0.0.0/8”: the list has this entry already, as “ip prefix-list P seq 5 permit 10.0.0.0/8”",
    ]);
  });
  test("what has no `no` goes back to its default", () => {
    const before = parseConfig("frr", "bfd\n peer 192.0.2.1\n exit\nexit");
    const { tree } = applyLines("frr", before, ["bfd", " peer 192.0.2.1", "  receive-interval 100"]);
    const back = inverseLines("frr", before, tree);
    expect(back).toEqual(["bfd", " peer 192.0.2.1", "  receive-interval 300"]);
    expect(sameConfig(applyLines("frr", tree, back).tree, before)).toBe(true);
  });
  test("EOS shows prefix lists as sections, or as lines in old versions: the same configuration", () => {
    const old = parseConfig("arista_eos", "ip prefix-list P seq 10 permit 10.0.0.0/8");
    expect(sameConfig(old, parseConfig("arista_eos", "ip prefix-list P\n   seq 10 permit 10.0.0.0/8"))).toBe(true);
    expect(
      apply("arista_eos", "ip prefix-list P\n   seq 10 permit 10.0.0.0/8", "ip prefix-list P seq 20 permit 11.0.0.0/8")
        .text,
    ).toBe("ip prefix-list P\n   seq 10 permit 10.0.0.0/8\n   seq 20 permit 11.0.0.0/8");
  });
  test("with `passive-interface default` only the exceptions are shown", () => {
    const config = "router ospf 1\n passive-interface default\n no passive-interface Vlan10";
    expect(ios(config, "router ospf 1\n passive-interface Vlan10")).toBe("router ospf 1\n passive-interface default");
    expect(ios(config, "router ospf 1\n no passive-interface Vlan20")).toBe(`${config}\n no passive-interface Vlan20`);
  });
  test("a physical interface is emptied, not removed", () => {
    const before = parseConfig("cisco_ios", "hostname a");
    const { tree } = applyLines("cisco_ios", before, [
      "interface GigabitEthernet0/1",
      " description x",
      "interface Loopback1",
      " description y",
    ]);
    expect(inverseLines("cisco_ios", before, tree)).toEqual([
      "interface GigabitEthernet0/1",
      " no description",
      "no interface Loopback1",
    ]);
  });
});

describe("Junos", () => {
  const ntp = "system {\n    host-name a;\n    ntp {\n        server 192.0.2.1 prefer;\n    }\n}";
  test("set adds, one value takes the place of another", () => {
    expect(junos(ntp, "set system ntp server 192.0.2.2\nset system host-name b")).toBe(
      ntp.replace("name a", "name b").replace("prefer;\n", "prefer;\n        server 192.0.2.2;\n"),
    );
  });
  test("what is there, also as a part of more, changes nothing", () => {
    expect(junos(ntp, "set system ntp server 192.0.2.1\nset system ntp server 192.0.2.1 prefer")).toBe(ntp);
  });
  test("delete takes the whole below, and the containers that it leaves empty", () => {
    expect(junos(ntp, "delete system ntp server 192.0.2.1")).toBe("system {\n    host-name a;\n}");
    expect(
      junos(
        "interfaces {\n    xe-0/0/0 {\n        unit 0 {\n            family inet {\n                address 10.0.0.1/24;\n            }\n        }\n    }\n}",
        "delete interfaces xe-0/0/0 unit 0 family inet address 10.0.0.1/24",
      ),
    ).toContain("family inet;");
  });
  test("lists grow at their end and lose single values", () => {
    const config = "protocols {\n    bgp {\n        group A {\n            export [ X Y ];\n        }\n    }\n}";
    expect(junos(config, "set protocols bgp group A export Z\ndelete protocols bgp group A export X")).toContain(
      "export [ Y Z ];",
    );
    expect(junos(config, "delete protocols bgp group A export X")).toContain("export Y;");
  });
  test("deactivate and activate", () => {
    expect(junos(ntp, "deactivate system ntp")).toContain("inactive: ntp {");
    expect(junos(junos(ntp, "deactivate system ntp"), "activate system ntp")).toBe(ntp);
  });
  test("one line can name several leaves of an entry", () => {
    const { text } = apply(
      "juniper_junos",
      "",
      'set system login user x class super-user authentication encrypted-password "$6$a"',
    );
    expect(text).toContain(
      'user x {\n            class super-user;\n            authentication {\n                encrypted-password "$6$a";',
    );
  });
  test("what is deactivated is the statement, whichever of its words is named", () => {
    const config =
      "system {\n    ntp {\n        server 192.0.2.1 prefer;\n    }\n    services {\n        ssh {\n            root-login deny;\n        }\n    }\n}";
    expect(junos(config, "deactivate system ntp server 192.0.2.1")).toContain("inactive: server 192.0.2.1 prefer;");
    expect(junos(config, "deactivate system services ssh root-login")).toContain("inactive: root-login deny;");
    const off = parseConfig("juniper_junos", config.replace("server", "inactive: server"));
    expect(inverseLines("juniper_junos", parseConfig("juniper_junos", config), off)).toEqual([
      "activate system ntp server 192.0.2.1",
    ]);
  });
  test("what cannot be is said", () => {
    expect(
      apply("juniper_junos", ntp, "delete system syslog\ndeactivate snmp\ninsert system a before b").notes,
    ).toEqual([
      "“delete system syslog”: nothing to remove",
      "“deactivate snmp”: there is no such statement",
      "“insert system a before b”: there is no such statement",
    ]);
  });
  test("a value deep in a path that nobody here knows is still replaced", () => {
    expect(
      junos(
        "protocols {\n    something {\n        odd {\n            maximum 5;\n        }\n    }\n}",
        "set protocols something odd maximum 7",
      ),
    ).toContain("maximum 7;");
  });
});

test("a host: nothing is foreseen", () => {
  expect(apply("linux", "", "systemctl restart frr").notes).toEqual([
    "“systemctl restart frr”: what a command changes on Linux cannot be foreseen or taken back",
  ]);
});

import { describe, expect, test } from "vitest";
import { atWork, login, typeAll, type Person } from "./support/client.ts";
import { labForTests, smallRouter } from "./support/lab.ts";

const { router, control } = labForTests({
  routers: [
    smallRouter("cisco_ios", {
      config: "hostname r1\ninterface Loopback0\n ip address 10.255.0.1 255.255.255.255\nntp server 192.0.2.10\n",
    }),
  ],
});

async function fresh(): Promise<Person> {
  await control().reset("r1");
  return atWork(router("r1"));
}
const configured = async (lines: readonly string[]): Promise<{ running: string; said: string[] }> => {
  const person = await fresh();
  const said = await typeAll(person, ["configure terminal", ...lines]);
  await person.type("end");
  person.leave();
  return { running: (await control().running("r1")).running, said: said.slice(1) };
};

describe("a session", () => {
  test("starts unprivileged, and enable asks for the password", async () => {
    const person = await login(router("r1"));
    expect(await person.read()).toMatch(/r1>$/);
    expect(await person.type("show running-config")).toContain("% Invalid input detected at '^' marker.");
    expect(await person.type("enable", /Password: $/)).not.toContain("r1#");
    expect(await person.type("lab")).toBe("\nr1#");
    person.leave();
  });

  test("a wrong enable password is asked for three times, then refused", async () => {
    const person = await login(router("r1"));
    await person.read();
    await person.type("enable", /Password: $/);
    await person.type("a", /Password: $/);
    await person.type("b", /Password: $/);
    expect(await person.type("c")).toContain("% Bad secrets");
    person.leave();
  });

  test("echoes what is typed, and announces config mode as IOS does", async () => {
    const person = await fresh();
    expect(await person.type("conf t")).toBe(
      "conf t\nEnter configuration commands, one per line.  End with CNTL/Z.\nr1(config)#",
    );
    expect(await person.type("int lo0")).toBe("int lo0\nr1(config-if)#");
    person.send("\u001a");
    expect(await person.read()).toMatch(/r1#$/);
    person.leave();
  });

  test("lines typed ahead are taken one after the other, each with its echo at its prompt", async () => {
    const person = await fresh();
    person.send("conf t\rint lo7\rdescription ahead\rend\r");
    const said = await person.read(/r1\(config-if\)#end\nr1#$/);
    expect(said).toContain("r1(config)#int lo7\nr1(config-if)#description ahead\nr1(config-if)#end\nr1#");
    person.leave();
  });

  test("a question mark shows what may come next and keeps the line", async () => {
    const person = await fresh();
    person.send("show ip ?");
    const help = await person.read(/r1#show ip $/);
    expect(help).toContain("  interface\n");
    expect(help).toContain("  route\n");
    expect(await person.type("interface brief")).toContain("Loopback0");
    person.leave();
  });
});

describe("config lines", () => {
  test("a single value replaces, a list grows, a duplicate changes nothing", async () => {
    const { running } = await configured([
      "hostname r2",
      "ntp server 192.0.2.11",
      "ntp server 192.0.2.11",
      "hostname r1",
    ]);
    expect(running.match(/^hostname .*$/gm)).toEqual(["hostname r1"]);
    expect(running.match(/^ntp server .*$/gm)).toEqual(["ntp server 192.0.2.10", "ntp server 192.0.2.11"]);
    const config = (await control().ledger("r1"))
      .filter((e) => e.kind === "config" && e.line.startsWith("ntp"))
      .slice(-2);
    expect(config.map((e) => e.changed)).toEqual([true, false]);
  });

  test("sections nest, and a global command leaves them", async () => {
    const { running, said } = await configured([
      "router bgp 65000",
      "neighbor 10.0.0.9 remote-as 65001",
      "neighbor 10.0.0.2 remote-as 65000",
      "address-family ipv4",
      "neighbor 10.0.0.9 activate",
      "ntp server 192.0.2.12",
      "interface gi 0/1",
      "ip address 10.0.0.1 255.255.255.0",
      "no shutdown",
    ]);
    expect(said[3]).toMatch(/r1\(config-router-af\)#$/);
    expect(said[5]).toMatch(/r1\(config\)#$/);
    expect(running).toContain(
      "router bgp 65000\n neighbor 10.0.0.2 remote-as 65000\n neighbor 10.0.0.9 remote-as 65001\n !\n address-family ipv4\n  neighbor 10.0.0.9 activate\n exit-address-family\n!",
    );
    expect(running).toContain("interface GigabitEthernet0/1\n ip address 10.0.0.1 255.255.255.0\n!");
    expect(running).toContain("ntp server 192.0.2.12");
  });

  test("no takes away what the line put there, and only that", async () => {
    const { running } = await configured([
      "interface loopback 7",
      "description to be removed",
      "ip address 10.7.7.7 255.255.255.255",
      "no description",
      "interface loopback 8",
      "no interface loopback 8",
      "no ntp server 192.0.2.10",
      "no ntp server 192.0.2.99",
    ]);
    expect(running).toContain("interface Loopback7\n ip address 10.7.7.7 255.255.255.255\n");
    expect(running).not.toContain("Loopback8");
    expect(running).not.toContain("ntp server");
  });

  test("default interface empties the section", async () => {
    const { running, said } = await configured([
      "interface gi0/2",
      "description old",
      "mtu 1400",
      "default interface gi0/2",
    ]);
    expect(said.at(-1)).toContain("Interface GigabitEthernet0/2 set to default configuration");
    expect(running).toContain("interface GigabitEthernet0/2\n no ip address\n!");
  });

  test("a neighbor that loses its AS loses all its lines, in address families too", async () => {
    const { running } = await configured([
      "router bgp 65000",
      "neighbor 10.0.0.9 remote-as 65001",
      "neighbor 10.0.0.9 description gone soon",
      "address-family ipv4",
      "neighbor 10.0.0.9 activate",
      "exit-address-family",
      "no neighbor 10.0.0.9 remote-as 65001",
    ]);
    expect(running).not.toContain("10.0.0.9");
  });

  test("a banner of several lines is one setting", async () => {
    const person = await fresh();
    await person.type("conf t");
    await person.type("banner motd %", /End with the character '%'\.\n$/);
    await person.type("  Keep out", /Keep out\n$/);
    await person.type("r1# not a prompt", /prompt\n$/);
    await person.type("%");
    await person.type("end");
    expect(await person.type("show running-config | begin banner")).toContain(
      "banner motd ^C\n  Keep out\nr1# not a prompt\n^C",
    );
    person.leave();
    const again = await login(router("r1"));
    expect(await again.read()).toContain("  Keep out\nr1# not a prompt\n");
    again.leave();
  });

  test("secrets are never shown as they were typed", async () => {
    const { running } = await configured([
      "service password-encryption",
      "username eve privilege 15 secret hunter22",
      "username eve privilege 3",
      "line vty 0 4",
      "password hunter33",
    ]);
    expect(running).toMatch(/^username eve privilege 3 secret 9 \$9\$/m);
    expect(running).toMatch(/^ password 7 [0-9A-F]+$/m);
    expect(running).not.toMatch(/hunter/);
  });

  test("prefix lists number themselves, access lists keep the order of entry", async () => {
    const { running } = await configured([
      "ip prefix-list P permit 10.2.0.0/16",
      "ip prefix-list P seq 3 deny 10.1.0.0/16",
      "ip prefix-list P permit 10.2.0.0/16",
      "ip access-list extended A",
      "permit tcp any any eq 22",
      "deny ip any any log",
      "5 permit icmp any any",
      "permit tcp any any eq 22",
      "no 20",
    ]);
    expect(running).toContain("ip prefix-list P seq 3 deny 10.1.0.0/16\nip prefix-list P seq 5 permit 10.2.0.0/16\n");
    expect(running).toContain("ip access-list extended A\n permit icmp any any\n permit tcp any any eq 22\n!");
  });

  test("allowed VLANs are edited as a list", async () => {
    const { running } = await configured([
      "int gi0/3",
      "switchport trunk allowed vlan 10,20,30-33",
      "switchport trunk allowed vlan add 34,40",
      "switchport trunk allowed vlan remove 20",
    ]);
    expect(running).toContain(" switchport trunk allowed vlan 10,30-34,40");
  });

  test("do runs a command from within config mode and stays there", async () => {
    const { said } = await configured(["interface loopback 0", "do show clock"]);
    expect(said[1]).toMatch(/\*\d\d:\d\d:\d\d\.\d{3} UTC .*\nr1\(config-if\)#$/);
  });
});

describe("what IOS refuses", () => {
  test.each([
    ["frobnicate", "", "% Invalid input detected at '^' marker."],
    ["ip address 999.1.1.1 255.0.0.0", "interface loopback 0", "% Invalid input detected at '^' marker."],
    ["interface GigabitEthernet0/77", "", "% Invalid input detected at '^' marker."],
    ["ntp server", "", "% Incomplete command."],
    ["s", "", '% Ambiguous command:  "s"'],
    ["ip address 10.0.0.1 255.0.255.0", "interface loopback 0", "Bad mask 0xFF00FF00 for address 10.0.0.1"],
    ["ip address 10.255.0.1 255.255.255.0", "interface gi0/4", "% 10.255.0.1 overlaps with Loopback0"],
    ["ip route 10.0.0.1 255.255.255.0 10.0.0.9", "", "%Inconsistent address and mask"],
    ["neighbor 10.0.0.9 activate", "router bgp 65000", "% Specify remote-as or peer-group commands first"],
  ])("%s (in %s)", async (line, section, refusal) => {
    const { said, running } = await configured([...(section === "" ? [] : [section]), line]);
    expect(said.at(-1)).toContain(refusal);
    expect(running.split("\n").map((l) => l.trim())).not.toContain(line);
    const entry = (await control().ledger("r1")).findLast((e) => e.line === line);
    expect(entry).toMatchObject({ refused: true, changed: false });
  });

  test("the caret stands under the first wrong character", async () => {
    const { said } = await configured(["interface loopback 0", "ip adress 10.0.0.1 255.0.0.0"]);
    const lines = said.at(-1)?.split("\n") ?? [];
    expect(lines[1]?.indexOf("^")).toBe("r1(config-if)#ip ad".length);
  });

  test("a second BGP process", async () => {
    const { said } = await configured(["router bgp 65000", "router bgp 65001"]);
    expect(said.at(-1)).toContain("BGP is already running; AS is 65000");
  });
});

describe("show and save", () => {
  test("the running config has IOS's head and end, and pipes work on it", async () => {
    const person = await fresh();
    const running = await person.type("show running-config");
    expect(running).toMatch(
      /^show running-config\nBuilding configuration\.\.\.\n\nCurrent configuration : \d+ bytes\n!\n/,
    );
    expect(running).toMatch(/\nend\n\nr1#$/);
    expect(await person.type("sh run | inc ntp")).toBe("sh run | inc ntp\nntp server 192.0.2.10\nr1#");
    expect(await person.type("sh run | beg ntp")).toMatch(/\| beg ntp\nntp server 192\.0\.2\.10\n!?\n?end/);
    expect(await person.type("sh run | count ntp")).toContain("Number of lines which match regexp = 1");
    expect(await person.type("sh run | exc interface|address")).not.toContain("Loopback0");
    expect(await person.type("sh run | redirect flash:x")).toContain("% Invalid input");
    person.leave();
  });

  test("write memory and copy running-config save; until then the startup config is the old one", async () => {
    const person = await fresh();
    await typeAll(person, ["conf t", "ntp server 192.0.2.44", "end"]);
    expect((await control().running("r1")).startup).not.toContain("192.0.2.44");
    expect(await person.type("wr")).toContain("Building configuration...\n[OK]");
    expect((await control().running("r1")).startup).toContain("192.0.2.44");
    await typeAll(person, ["conf t", "no ntp server 192.0.2.44", "end"]);
    await person.type("copy running-config startup-config", /Destination filename \[startup-config\]\? $/);
    expect(await person.type("")).toContain("[OK]");
    expect((await control().running("r1")).startup).not.toContain("192.0.2.44");
    person.leave();
  });

  test("show version says that the router is virtual", async () => {
    const person = await fresh();
    expect(await person.type("show version")).toContain("VIRTUAL LAB ROUTER");
    person.leave();
  });
});

describe("paging", () => {
  test("long output stops at --More--: space, Enter and q as on the box", async () => {
    await control().reset("r1");
    const person = await atWork(router("r1"), { window: { rows: 6, cols: 80 } });
    await person.type("show running-config", / --More-- $/);
    person.send("\r");
    const oneLine = await person.read(/ --More-- $/);
    expect(oneLine.split("\n")).toHaveLength(2);
    person.send("q");
    expect(await person.read()).toMatch(/r1#$/);
    await person.type("terminal length 0");
    expect(await person.type("show running-config")).toMatch(/end\n\nr1#$/);
    person.leave();
  });
});

describe("long lines", () => {
  test("scroll sideways at the terminal's width, and arrive whole", async () => {
    const person = await fresh();
    await typeAll(person, ["terminal width 40", "conf t", "interface loopback 0"]);
    const description = "a description that is much longer than forty columns are wide";
    const echo = await person.type(`description ${description}`);
    expect(echo).toContain("\b");
    expect(echo).toContain("$");
    expect((await control().running("r1")).running).toContain(` description ${description}`);
    person.leave();
  });
});

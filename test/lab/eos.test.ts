import { describe, expect, test } from "vitest";
import { atWork, login, typeAll, type Person } from "./support/client.ts";
import { eventually, labForTests, smallRouter } from "./support/lab.ts";

const CONFIG = "hostname r1\nntp server 192.0.2.10\nip routing\ninterface Loopback0\n   ip address 10.255.0.1/32\n";
// 600 times faster: a commit timer of one minute takes a tenth of a second.
const { router, control } = labForTests({ timeScale: 600, routers: [smallRouter("arista_eos", { config: CONFIG })] });

async function fresh(): Promise<Person> {
  await control().reset("r1");
  return atWork(router("r1"));
}
const running = async (): Promise<string> => (await control().running("r1")).running;
const configured = async (lines: readonly string[]): Promise<{ running: string; said: string[] }> => {
  const person = await fresh();
  const said = await typeAll(person, ["configure", ...lines]);
  await person.type("end");
  person.leave();
  return { running: await running(), said: said.slice(1) };
};

describe("config lines", () => {
  test("print as EOS prints them: three spaces, prefix lengths, sorted", async () => {
    const person = await fresh();
    await typeAll(person, [
      "configure",
      "interface et1",
      "no switchport",
      "ip address 10.0.0.1 255.255.255.0",
      "router bgp 65000",
      "neighbor 10.0.0.2 remote-as 65001",
      "address-family ipv4",
      "neighbor 10.0.0.2 activate",
      "ntp server 192.0.2.1",
      "end",
    ]);
    const shown = await person.type("show running-config");
    expect(shown).toMatch(
      /^show running-config\n! Command: show running-config\n! device: r1 \(vEOS-lab, EOS-[\w.]+\)\n!\n/,
    );
    expect(shown).toContain("ntp server 192.0.2.1\nntp server 192.0.2.10\n");
    expect(shown).toContain("interface Ethernet1\n   no switchport\n   ip address 10.0.0.1/24\n!");
    expect(shown).toContain(
      "router bgp 65000\n   neighbor 10.0.0.2 remote-as 65001\n   !\n   address-family ipv4\n      neighbor 10.0.0.2 activate\n!\nend",
    );
    person.leave();
  });

  test("prompts name the section", async () => {
    const { said } = await configured([
      "interface ethernet 2",
      "router bgp 65000",
      "address-family ipv4",
      "ip access-list X",
      "vlan 100",
      "route-map R permit 10",
    ]);
    expect(said.map((text) => /\((.*)\)#$/.exec(text)?.[1])).toEqual([
      "config-if-Et2",
      "config-router-bgp",
      "config-router-bgp-af",
      "config-acl-X",
      "config-vlan-100",
      "config-route-map-R",
    ]);
  });

  test("a line of the section above is found from below", async () => {
    const { running: config } = await configured([
      "router bgp 65000",
      "neighbor 10.0.0.2 remote-as 65001",
      "address-family ipv4",
      "neighbor 10.0.0.3 remote-as 65002",
    ]);
    expect(config).toContain("   neighbor 10.0.0.3 remote-as 65002\n");
  });

  test("access list entries have numbers", async () => {
    const { running: config } = await configured([
      "ip access-list X",
      "permit ip host 10.0.0.1 any",
      "deny ip any any",
      "15 permit icmp any any",
      "no 10",
    ]);
    expect(config).toContain("ip access-list X\n   15 permit icmp any any\n   20 deny ip any any\n!");
  });

  test("what is on by default shows when it is off", async () => {
    const { running: config } = await configured([
      "management api http-commands",
      "no shutdown",
      "interface et3",
      "no switchport",
      "switchport",
    ]);
    expect(config).toContain("management api http-commands\n   no shutdown\n");
    expect(config).toContain("interface Ethernet3\n!");
  });

  test("a banner ends with EOF", async () => {
    const person = await fresh();
    await person.type("configure");
    await person.type("banner login", /on its own line to end\.\n$/);
    await person.type("Keep out", /out\n$/);
    await person.type("EOF");
    expect(await running()).toContain("banner login\nKeep out\nEOF\n");
    person.leave();
  });

  test.each([
    ["frobnicate", "% Invalid input"],
    ["interface Ethernet99", "% Invalid input"],
    ["ntp server", "% Incomplete command"],
    ["vlan 5000", "% Invalid input"],
    ["ro", "% Ambiguous command"],
  ])("%s is refused", async (line, refusal) => {
    const { said, running: config } = await configured([line]);
    expect(said[0]).toContain(`\n${refusal}\n`);
    expect(config).toBe((await control().running("r1")).startup);
  });
});

describe("config sessions", () => {
  test("change nothing before the commit, show their difference, and are listed", async () => {
    const person = await fresh();
    expect(await person.type("configure session window42")).toMatch(/r1\(config-s-window\)#$/);
    expect(await person.type("interface lo7")).toMatch(/r1\(config-s-window-if-Lo7\)#$/);
    await typeAll(person, ["ip address 10.7.7.7/32", "exit", "no ntp server 192.0.2.10", "ntp server 192.0.2.11"]);
    expect(await running()).not.toContain("Loopback7");
    const diff = await person.type("show session-config diffs");
    expect(diff).toContain("--- system:/running-config\n+++ session:/window42-session-config\n@@ ");
    expect(diff).toContain("\n-ntp server 192.0.2.10\n+ntp server 192.0.2.11\n");
    expect(diff).toContain("\n+interface Loopback7\n+   ip address 10.7.7.7/32\n");
    expect(await person.type("show configuration sessions")).toMatch(/\n\* window42 +pending +lab +vty0\n/);
    expect(await person.type("commit")).toMatch(/r1#$/);
    expect(await running()).toContain("interface Loopback7\n   ip address 10.7.7.7/32\n");
    expect(await person.type("show configuration sessions")).toMatch(/\n {2}window42 +completed/);
    person.leave();
  });

  test("outlive the connection, and abort drops them", async () => {
    const first = await fresh();
    await typeAll(first, ["configure session keep", "ntp server 192.0.2.77"]);
    first.leave();
    await first.gone;
    const second = await atWork(router("r1"));
    expect(await second.type("show session-config named keep diffs")).toContain("+ntp server 192.0.2.77");
    await second.type("configure session keep");
    expect(await second.type("abort")).toMatch(/r1#$/);
    expect(await second.type("configure session keep commit")).toContain("% Cannot find session: keep");
    expect(await running()).not.toContain("192.0.2.77");
    second.leave();
  });

  test("rollback clean-config starts the candidate empty", async () => {
    const person = await fresh();
    await typeAll(person, [
      "configure session replace",
      "rollback clean-config",
      "hostname r1",
      "ntp server 192.0.2.88",
    ]);
    await person.type("commit");
    expect(await running()).toBe("hostname r1\n!\nntp server 192.0.2.88\n!\n");
    person.leave();
  });

  test("a commit timer that nobody confirms reverts the config", async () => {
    const person = await fresh();
    const before = await running();
    await typeAll(person, ["configure session timed", "ntp server 192.0.2.11", "commit timer 00:05:00"]);
    expect(await running()).toContain("192.0.2.11");
    expect(await person.type("show configuration sessions detail")).toMatch(/timed +pendingCommitTimer .*00:0\d:\d\d/);
    await eventually(async () => ((await running()) === before ? true : undefined));
    expect(await person.type("show configuration sessions")).not.toContain("timed");
    person.leave();
  });

  test("a commit timer that is confirmed stays", async () => {
    const person = await fresh();
    await typeAll(person, ["configure session timed", "ntp server 192.0.2.11", "commit timer 00:05:00"]);
    expect(await person.type("configure session other")).toMatch(/r1\(config-s-other\)#$/);
    await person.type("ntp server 192.0.2.12");
    expect(await person.type("commit")).toContain("% Another session is pending commit timer");
    await person.type("abort");
    expect(await person.type("configure session timed commit")).not.toContain("%");
    expect(await person.type("show configuration sessions")).toMatch(/timed +completed/);
    // Longer than the timer would have run.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await running()).toContain("192.0.2.11");
    person.leave();
  });
});

describe("exec", () => {
  test("enable, paging off, save", async () => {
    const person = await login(router("r1"));
    await person.read();
    await person.type("enable", /Password: $/);
    await person.type("lab");
    expect(await person.type("terminal length 0")).toContain("Pagination disabled.");
    expect(await person.type("write memory")).toContain("Copy completed successfully.");
    expect(await person.type("show version")).toContain("VIRTUAL LAB ROUTER");
    expect(await person.type("show bogus")).toContain("% Invalid input");
    person.leave();
  });
});

import { describe, expect, test } from "vitest";
import { planTarget } from "../../../domain/change/plan-target.ts";
import { PlanTarget } from "../../../domain/contract/change.ts";
import { facts, plan, unreachable, way } from "./plan.ts";

test("a planned target holds what is sent, what it changes and the way back", () => {
  const target = plan("par-edge-01", "no logging host 192.0.2.50 vrf MGMT\nlogging host 192.0.2.140 vrf MGMT");
  expect(PlanTarget.parse(target)).toEqual(target);
  expect(target).toMatchObject({
    state: "planned",
    error: null,
    added: 1,
    removed: 1,
    notes: [],
    host_key: "SHA256:abc",
    base_hash: "base",
    ...way,
  });
  expect(target.lines).toEqual(["no logging host 192.0.2.50 vrf MGMT", "logging host 192.0.2.140 vrf MGMT"]);
  expect(target.rollback_lines).toEqual(["no logging host 192.0.2.140 vrf MGMT", "logging host 192.0.2.50 vrf MGMT"]);
  expect(target.diff).toHaveLength(1);
});

test("a change that changes nothing says so", () => {
  const target = plan("par-edge-01", "ip ssh version 2\nno ntp server 192.0.2.99");
  expect(target.state).toBe("no_change");
  expect(target.notes).toEqual(["“no ntp server 192.0.2.99”: nothing to remove"]);
  expect([target.diff, target.rollback_lines]).toEqual([[], []]);
});

test("a line that leaves no trace is still something to send", () => {
  expect(plan("par-edge-01", "crypto key generate rsa modulus 2048").state).toBe("planned");
});

test("no secret of the device gets into a plan, and the lines keep their references", () => {
  const target = plan(
    "par-edge-01",
    "username noc privilege 15 secret secret://0190\nno snmp-server community n0tpubl1c\nno router bgp 64510",
  );
  const all = JSON.stringify(target);
  for (const canary of ["$9$", "n0tpubl1c", "14141B180F0B"])
    expect(all.replaceAll("no snmp-server community n0tpubl1c", "")).not.toContain(canary);
  const changed = target.diff.flatMap((h) => h.lines.filter((l) => l.op !== " ").map((l) => l.op + l.text));
  expect(changed).toContain("+username noc privilege 15 secret secret://0190");
  expect(changed.find((l) => l.startsWith("-username noc"))).toMatch(
    /^-username noc privilege 15 secret 9 secret:\/\/hmac:[0-9a-f]{8}$/,
  );
  expect(target.rollback_lines.find((l) => l.startsWith("username noc"))).toMatch(/secret 9 secret:\/\/hmac:/);
});

test("a host without a configuration is always something to send, and nothing to take back", () => {
  const target = planTarget({
    facts: facts("srv", "linux"),
    way,
    hostKey: null,
    config: "",
    baseHash: "",
    lines: ["systemctl restart frr"],
    mask: () => "x",
  });
  expect(target).toMatchObject({ state: "planned", diff: [], rollback_lines: [] });
  expect(target.risk.level).not.toBe("low");
  expect(target.notes).toHaveLength(1);
});

test("a device that is left out keeps its failure", () => {
  const target = unreachable("x");
  expect(PlanTarget.parse(target)).toEqual(target);
  expect(target.error?.code).toBe("connect_timeout");
});

describe("risk, in plain words", () => {
  const risk = (text: string) => plan("par-edge-01", text).risk;
  test.each([
    ["ntp server 192.0.2.7", "low", "only adds lines that touch no traffic, login or routing"],
    ["no logging host 192.0.2.50 vrf MGMT", "medium", "1 line goes away"],
    ["interface Gi0/0/1\n shutdown", "high", "“shutdown” in “interface GigabitEthernet0/0/1” takes an interface down"],
    ["no router ospf 1", "high", "“no router ospf 1” takes a routing process away"],
    [
      "line vty 0 4\n transport input telnet",
      "high",
      "“transport input telnet” in “line vty 0 4” changes who can reach the device's own lines",
    ],
    [
      "username x secret secret://1",
      "high",
      "“username x secret secret://1” changes who may sign in and what they may do",
    ],
    [
      "interface Gi0/1/0\n switchport trunk allowed vlan 7",
      "high",
      "“switchport trunk allowed vlan 7” in “interface GigabitEthernet0/1/0” replaces the whole list of VLANs on a trunk",
    ],
    [
      "ip prefix-list TRANSIT-OUT seq 7 permit 192.0.2.0/24",
      "medium",
      "“ip prefix-list TRANSIT-OUT seq 7 permit 192.0.2.0/24” changes routing policy or static routes",
    ],
    [
      "interface Lo0\n description café",
      "medium",
      "“description café” in “interface Loopback0” holds characters outside ASCII: look at them twice",
    ],
  ])("%j is %s", (text, level, reason) => {
    expect(risk(text).level).toBe(level);
    expect(risk(text).reasons).toContain(reason);
  });
  test("the worst stands first, like reasons are counted together", () => {
    const { level, reasons } = risk(
      "ip route 10.0.0.0 255.0.0.0 Null0\ninterface Gi0/0/0\n shutdown\ninterface Gi0/0/1\n shutdown",
    );
    expect(level).toBe("high");
    expect(reasons[0]).toBe("“shutdown” in “interface GigabitEthernet0/0/0” and 1 more: takes an interface down");
  });
  test("Junos", () => {
    expect(plan("ams", "set system ntp server 192.0.2.7", { platform: "juniper_junos" }).risk.level).toBe("low");
    expect(plan("ams", "delete protocols bgp", { platform: "juniper_junos" }).risk.level).toBe("high");
    expect(plan("ams", "set system login user x class super-user", { platform: "juniper_junos" }).risk.level).toBe(
      "high",
    );
  });
});

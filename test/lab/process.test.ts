import { appendFileSync, existsSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { labControl } from "../../lab/control.ts";
import { LAB_ROUTERS } from "../../lab/inventory.ts";
import { startLab, type Lab, type LabOptions } from "../../lab/lab.ts";
import type { LabPlatform } from "../../lab/types.ts";
import { atWork, execute, login, typeAll } from "./support/client.ts";
import { dropFolder, eventually, newFolder, onlyRouters, routerNamed, smallRouter } from "./support/lab.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
function folder(): string {
  const dir = newFolder();
  cleanups.push(() => dropFolder(dir));
  return dir;
}
async function start(options: LabOptions): Promise<Lab> {
  const lab = await startLab(options);
  cleanups.push(() => lab.stop());
  return lab;
}

test("nine routers at three sites, each saying that it is virtual before and after login", async () => {
  const lab = await start({ dir: folder() });
  expect(lab.routers.map((r) => `${r.name} ${r.device_type} ${r.site}`)).toEqual(
    ["ams", "fra", "lon"].flatMap((site) => [
      `lab-${site}-1 cisco_ios ${site}`,
      `lab-${site}-2 arista_eos ${site}`,
      `lab-${site}-3 juniper_junos ${site}`,
    ]),
  );
  expect(lab.routers.every((r) => r.host === "127.0.0.1" && /^SHA256:[\w+/]{43}$/.test(r.host_key_sha256))).toBe(true);
  expect(new Set(lab.routers.map((r) => r.host_key_sha256)).size).toBe(9);
  for (const router of lab.routers.slice(0, 3)) {
    let banner = "";
    const person = await atWork(router, { onBanner: (text) => (banner += text) });
    expect(banner).toContain("VIRTUAL LAB ROUTER");
    expect(await person.type("show version")).toContain("VIRTUAL LAB ROUTER");
    person.leave();
  }
});

test("all neighbors of the nine are up", async () => {
  const lab = await start({ dir: folder() });
  const commands = {
    cisco_ios: ["show ip bgp summary", "show ip ospf neighbor"],
    arista_eos: ["show ip bgp summary", "show ip ospf neighbor"],
    juniper_junos: ["show bgp summary", "show ospf neighbor"],
  };
  for (const router of lab.routers) {
    const person = await atWork(router);
    const [bgp, ospf] = await typeAll(person, commands[router.device_type]);
    expect(bgp, router.name).not.toMatch(/ (Active|Idle)( |$)/m);
    expect(
      bgp?.match(/^ *10\.255\.\d\.\d/gm)?.length ?? bgp?.match(/10\.255\.\d\.\d +4/g)?.length,
      router.name,
    ).toBeGreaterThanOrEqual(2);
    expect(ospf?.match(/FULL|Full/g)?.length, router.name).toBe(router.device_type === "cisco_ios" ? 4 : 2);
    person.leave();
  }
});

const READS: Record<LabPlatform, string[]> = {
  cisco_ios: [
    ..."version,running-config,startup-config,ip interface brief,interfaces,interfaces Loopback0,interfaces description,ip bgp summary,bgp ipv4 unicast summary".split(
      ",",
    ),
    ..."ip ospf neighbor,ip route,clock,ntp associations,ntp status,inventory,users,logging,privilege,vlan brief".split(
      ",",
    ),
  ],
  arista_eos: [
    ..."version,running-config,startup-config,configuration sessions,ip interface brief,interfaces,interfaces Ethernet1,interfaces status,interfaces description".split(
      ",",
    ),
    ..."ip bgp summary,ip ospf neighbor,ip route,clock,ntp associations,ntp status,inventory,users,logging,privilege,vlan,hostname".split(
      ",",
    ),
  ],
  juniper_junos: [
    ..."version,configuration,configuration | display set,interfaces,interfaces terse,interfaces ge-0/0/0,interfaces ge-0/0/0 terse,interfaces descriptions,bgp summary".split(
      ",",
    ),
    ..."ospf neighbor,route,system uptime,system commit,system users,system rollback 0,chassis hardware,ntp associations,cli,log messages".split(
      ",",
    ),
  ],
};

test("every show command answers, for a person and for a single command over SSH", async () => {
  const lab = await start({ dir: folder(), routers: onlyRouters("lab-ams-1", "lab-ams-2", "lab-ams-3") });
  for (const router of lab.routers) {
    const person = await atWork(router);
    for (const read of READS[router.device_type]) {
      const answer = await person.type(`show ${read}`);
      expect(answer.split("\n").length, `${router.name}: show ${read}`).toBeGreaterThan(2);
    }
    person.leave();
    const reads = (await labControl(lab.control).ledger(router.name)).filter((e) => e.line.startsWith("show "));
    expect(reads).toHaveLength(READS[router.device_type].length);
    expect(reads.filter((e) => e.refused || e.changed)).toEqual([]);
    expect(await execute(router, "show version")).toMatch(/^[\s\S]*VIRTUAL LAB ROUTER[\s\S]*$/);
  }
});

test("a restart of the lab is no power cut: running config, keys, ports and ledger stay", async () => {
  const dir = folder();
  const routers = onlyRouters("lab-ams-1", "lab-ams-2", "lab-ams-3");
  const first = await startLab({ dir, routers });
  const ios = await atWork(routerNamed(first, "lab-ams-1"));
  await typeAll(ios, ["configure terminal", "hostname renamed", "interface loopback 9", "description not saved"]);
  const junos = await atWork(routerNamed(first, "lab-ams-3"));
  await typeAll(junos, ["configure", "set system domain-name uncommitted.example"]);
  const before = await Promise.all(routers.map((r) => labControl(first.control).running(r.name)));
  const ledger = await labControl(first.control).ledger("lab-ams-1");
  await first.stop();
  await ios.gone;
  expect(existsSync(join(dir, "lab.json"))).toBe(false);

  const second = await start({ dir, routers });
  expect(second.routers).toEqual(first.routers);
  const control = labControl(second.control);
  expect(await Promise.all(routers.map((r) => control.running(r.name)))).toEqual(before);
  expect(before[0]?.running).toContain("hostname renamed");
  expect(before[0]?.startup).not.toContain("hostname renamed");
  const after = await control.ledger("lab-ams-1");
  expect(after.slice(0, ledger.length)).toEqual(ledger);
  expect(after.map((e) => e.seq)).toEqual(after.map((_, i) => i + 1));
  const again = await login(routerNamed(second, "lab-ams-3"));
  await again.read();
  expect(await again.type("configure private")).toContain("shared configuration database modified");
  again.leave();
});

test("a ledger that a crash cut short is read up to there, and goes on", async () => {
  const dir = folder();
  const routers = [smallRouter("cisco_ios")];
  const first = await startLab({ dir, routers });
  (await atWork(routerNamed(first, "r1"))).leave();
  await first.stop();
  appendFileSync(join(dir, "routers/r1/ledger.jsonl"), '{"seq":99,"line":"ha');
  const second = await start({ dir, routers });
  const control = labControl(second.control);
  const kept = await control.ledger("r1");
  expect(kept.length).toBeGreaterThan(3);
  (await atWork(routerNamed(second, "r1"))).leave();
  const more = await eventually(async () => {
    const entries = await control.ledger("r1", kept.at(-1)?.seq);
    return entries.some((e) => e.line === "enable") ? entries : undefined;
  });
  expect(more[0]?.seq).toBe((kept.at(-1)?.seq ?? 0) + 1);
});

test("a commit timer and a commit confirmed go on across a restart", async () => {
  const dir = folder();
  const routers = onlyRouters("lab-ams-2", "lab-ams-3");
  const first = await startLab({ dir, routers, timeScale: 600 });
  const before = await Promise.all(routers.map(async (r) => (await labControl(first.control).running(r.name)).running));
  await typeAll(await atWork(routerNamed(first, "lab-ams-2")), [
    "configure session s",
    "ntp server 192.0.2.11",
    "commit timer 00:04:00",
  ]);
  await typeAll(await atWork(routerNamed(first, "lab-ams-3")), [
    "configure",
    "set system ntp server 192.0.2.11",
    "commit confirmed 4",
  ]);
  await first.stop();
  const second = await start({ dir, routers, timeScale: 600 });
  await eventually(async () => {
    const now = await Promise.all(routers.map(async (r) => (await labControl(second.control).running(r.name)).running));
    return now.join() === before.join() ? true : undefined;
  });
});

test("reload asks about unsaved changes, and brings back the startup config with a new uptime", async () => {
  const lab = await start({
    dir: folder(),
    timeScale: 50,
    routers: [smallRouter("cisco_ios"), smallRouter("arista_eos", { name: "e1", config: "hostname e1\n" })],
  });
  const control = labControl(lab.control);
  for (const name of ["r1", "e1"]) {
    const router = routerNamed(lab, name);
    const person = await atWork(router);
    await typeAll(person, [
      "configure terminal",
      "ntp server 192.0.2.1",
      "end",
      "write memory",
      "configure terminal",
      "ntp server 192.0.2.2",
      "end",
    ]);
    await person.type("reload", /Save\? \[yes\/no(\/cancel\/diff)?\]: ?$/);
    await person.type("no", /Proceed with reload\? \[confirm\]$/);
    person.send("\r");
    await person.gone;
    expect((await control.router(name)).up).toBe(false);
    await expect(login(router)).rejects.toThrow();
    await eventually(async () => ((await control.router(name)).up ? true : undefined));
    const again = await eventually(() => atWork(router).catch(() => undefined));
    const config = await again.type("show running-config");
    expect(config).toContain("ntp server 192.0.2.1\n");
    expect(config).not.toContain("ntp server 192.0.2.2");
    expect(await again.type("show version")).toMatch(/[Uu]ptime.* \d+ minutes?\n/);
    again.leave();
    expect((await control.ledger(name)).filter((e) => e.kind === "event").map((e) => e.line)).toEqual([
      "reload",
      "booted",
    ]);
  }
});

test("a port that somebody else has taken meanwhile is replaced, the others stay", async () => {
  const dir = folder();
  const routers = [smallRouter("cisco_ios"), smallRouter("cisco_ios", { name: "r2" })];
  const first = await startLab({ dir, routers });
  await first.stop();
  const taken = first.routers[0]?.port;
  const other = await new Promise<Server>((resolve) => {
    const server = createServer();
    server.listen(taken, "127.0.0.1", () => resolve(server));
  });
  cleanups.push(() => new Promise<void>((resolve) => other.close(() => resolve())));
  const second = await start({ dir, routers });
  expect(second.routers[0]?.port).not.toBe(taken);
  expect(second.routers[1]?.port).toBe(first.routers[1]?.port);
});

test("no more sessions than there are vty lines", async () => {
  const lab = await start({ dir: folder(), routers: [smallRouter("cisco_ios", { vty_lines: 2 })] });
  const router = routerNamed(lab, "r1");
  const people = [await login(router), await login(router)];
  await expect(login(router)).rejects.toThrow();
  people[0]?.leave();
  await people[0]?.gone;
  const third = await eventually(() => login(router).catch(() => undefined));
  third.leave();
  people[1]?.leave();
});

test("keys and keyboard-interactive log in where the router takes them; a wrong password never does", async () => {
  const { default: ssh2 } = await import("ssh2");
  const pair = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  const lab = await start({
    dir: folder(),
    routers: [
      smallRouter("cisco_ios", { auth: { password: false, keyboard_interactive: false, public_keys: [pair.public] } }),
      smallRouter("cisco_ios", { name: "r2", auth: { password: false } }),
    ],
  });
  const byKey = await login(routerNamed(lab, "r1"), { privateKey: pair.private });
  expect(await byKey.read()).toMatch(/r1>$/);
  byKey.leave();
  const stranger = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  await expect(login(routerNamed(lab, "r1"), { privateKey: stranger.private })).rejects.toThrow(/authentication/);
  await expect(login(routerNamed(lab, "r1"))).rejects.toThrow(/authentication/);
  const byKeyboard = await login(routerNamed(lab, "r2"), { tryKeyboard: true });
  expect(await byKeyboard.read()).toMatch(/r1>$/);
  byKeyboard.leave();
  await expect(login(routerNamed(lab, "r2"), { tryKeyboard: true, password: "wrong" })).rejects.toThrow(
    /authentication/,
  );
  expect(JSON.stringify(await labControl(lab.control).ledger("r2"))).not.toContain("wrong");
});

test("a hundred routers in one process", async () => {
  const routers = Array.from({ length: 12 }, (_, copy) =>
    LAB_ROUTERS.map((router) => ({ ...router, name: `${router.name}-${copy}` })),
  ).flat();
  expect(routers.length).toBeGreaterThan(100);
  const lab = await start({ dir: folder(), routers });
  const people = await Promise.all(lab.routers.map((router) => atWork(router)));
  const answers = await Promise.all(people.map((person) => person.type("show version")));
  expect(answers.every((answer) => answer.includes("VIRTUAL LAB ROUTER"))).toBe(true);
  people.forEach((person) => person.leave());
}, 30_000);

import { describe, expect, test } from "vitest";
import { FAULTS } from "../../lab/faults.ts";
import type { NewFault } from "../../lab/faults.ts";
import { atWork, login, typeAll, type Person } from "./support/client.ts";
import { configLines, eventually, labForTests, onlyRouters, smallRouter } from "./support/lab.ts";

const { lab, router, control } = labForTests({
  timeScale: 100,
  routers: [
    smallRouter("cisco_ios"),
    smallRouter("juniper_junos", { name: "j1", config: "system { host-name j1; }" }),
    smallRouter("arista_eos", { name: "e1", config: "hostname e1\n" }),
    ...onlyRouters("lab-ams-1", "lab-ams-2", "lab-ams-3"),
  ],
});

/** r1 as new with these faults, and somebody in config mode on it. */
async function inConfig(...faults: NewFault[]): Promise<Person> {
  await control().clearFaults("r1");
  await control().reset("r1");
  const person = await atWork(router("r1"));
  await person.type("configure terminal");
  for (const fault of faults) await control().addFault("r1", fault);
  return person;
}
async function with_(name: string, ...faults: NewFault[]): Promise<void> {
  await control().clearFaults(name);
  for (const fault of faults) await control().addFault(name, fault);
}
const running = async (name = "r1"): Promise<string> => (await control().running(name)).running;
const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => String(error),
  );

describe("the connection ends around a config line", () => {
  const LINE = "ntp server 192.0.2.55";
  test.each([
    { phase: "before_echo", applied: false },
    { phase: "before_echo", applied: true },
    { phase: "after_echo", applied: false },
    { phase: "after_echo", applied: true },
    { phase: "before_prompt", applied: true },
    { phase: "before_prompt", applied: false },
  ] as const)("$phase, applied: $applied", async ({ phase, applied }) => {
    const person = await inConfig({ kind: "cut_at_line", line: 2, phase, applied, once: true });
    await person.type("ntp server 192.0.2.54");
    person.send(`${LINE}\r`);
    await person.gone;
    const config = await running();
    expect(config).toContain("192.0.2.54");
    expect(config.includes(LINE)).toBe(applied);
    const last =
      person.seen().split("\n").at(-1) === ""
        ? person.seen().trimEnd().split("\n").at(-1)
        : person.seen().split("\n").at(-1);
    expect(last).toBe(phase === "before_echo" ? "r1(config)#" : `r1(config)#${LINE}`);
    const entry = (await control().ledger("r1")).findLast((e) => e.line === LINE);
    expect(entry).toMatchObject({ kind: "config", changed: applied, faults: ["cut_at_line"] });
    expect((await control().router("r1")).faults).toEqual([]);
  });

  test("before the line is received at all", async () => {
    const person = await inConfig({ kind: "cut_at_line", line: 2, phase: "before_receipt", once: true });
    person.send(`ntp server 192.0.2.54\r`);
    await person.gone;
    expect(await running()).toContain("192.0.2.54");
    expect(person.seen()).toMatch(/192\.0\.2\.54\nr1\(config\)#$/);
  });

  test("on the line that matches", async () => {
    const person = await inConfig({
      kind: "cut_at_line",
      match: "^interface",
      phase: "after_echo",
      applied: true,
      once: true,
    });
    await person.type("ntp server 192.0.2.54");
    person.send("interface loopback 3\r");
    await person.gone;
    expect(await running()).toContain("interface Loopback3");
  });

  test("after a byte: whole lines before it count, the half line does not", async () => {
    const first = "ntp server 192.0.2.1\r";
    const person = await inConfig({ kind: "cut_at_byte", byte: first.length + 5, once: true });
    person.send(`${first}ntp server 192.0.2.2\r`);
    await person.gone;
    expect(await running()).toContain("ntp server 192.0.2.1\n");
    expect(await running()).not.toContain("192.0.2.2");
  });
});

test("half-open: the socket stays open and says nothing more", async () => {
  const person = await inConfig({ kind: "half_open", match: "192.0.2.61", applied: true, once: true });
  await person.type("ntp server 192.0.2.60");
  person.send("ntp server 192.0.2.61\r");
  await eventually(async () => ((await running()).includes("192.0.2.61") ? true : undefined));
  const seen = person.seen();
  person.send("ntp server 192.0.2.62\r");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(person.seen()).toBe(seen);
  expect(person.isGone()).toBe(false);
  expect(await running()).not.toContain("192.0.2.62");
  expect((await control().router("r1")).sessions).toHaveLength(1);
  await control().clearFaults("r1");
  await person.gone;
});

describe("what the router prints", () => {
  test("a late prompt and a late answer", async () => {
    const person = await inConfig(
      { kind: "slow_line", match: "ntp", delay_ms: 120, once: true },
      { kind: "slow_prompt", delay_ms: 80, once: true },
    );
    const start = performance.now();
    await person.type("ntp server 192.0.2.1");
    expect(performance.now() - start).toBeGreaterThanOrEqual(190);
    person.leave();
  });

  test("log lines in the output, in the echo, and before the prompt", async () => {
    const person = await inConfig({ kind: "log_lines", match: "show version", once: true });
    await person.type("end");
    expect(await person.type("show version")).toMatch(
      /\n\*\w{3} +\d+ [\d:.]+: %LINK-3-UPDOWN: Interface GigabitEthernet0\/1, changed state to up\n[\s\S]*Configuration register/,
    );
    await control().addFault("r1", { kind: "log_lines", where: "in_echo", text: "%SYS-5-CONFIG_I: x", once: true });
    expect(await person.type("show clock")).toMatch(/^show \n\*.+: %SYS-5-CONFIG_I: x\nr1#show clock\n/);
    await control().addFault("r1", { kind: "log_lines", where: "before_prompt", once: true });
    expect(await person.type("show clock")).toMatch(/UTC.*\n\n\*.+: %LINK-3-UPDOWN.*\nr1#$/);
    person.leave();
  });

  test("another echo than what was typed", async () => {
    const person = await inConfig({ kind: "wrong_echo", match: "ntp", echo: "ntp srver", once: true });
    expect(await person.type("ntp server 192.0.2.1")).toBe("ntp srver\nr1(config)#");
    expect(await running()).toContain("ntp server 192.0.2.1");
    person.leave();
  });

  test("a pager in spite of terminal length 0", async () => {
    await control().clearFaults("lab-ams-1");
    const person = await atWork(router("lab-ams-1"));
    await person.type("terminal length 0");
    await control().addFault("lab-ams-1", { kind: "pager_stuck" });
    await person.type("show running-config", / --More-- $/);
    person.send("q");
    await person.read();
    await control().clearFaults("lab-ams-1");
    person.leave();
  });

  test("output that does not end until a break comes", async () => {
    const person = await inConfig({ kind: "endless_output", match: "^show clock", once: true });
    await person.type("end");
    await person.type("show clock", /debug: x+\n$/);
    person.send("\u0003");
    expect(await person.read()).toMatch(/r1#$/);
    person.leave();
  });

  test("bytes that are no text", async () => {
    const person = await inConfig({ kind: "binary_output", once: true });
    expect(await person.type("do show clock")).toContain("\ufffd");
    person.leave();
  });

  test("a banner with a prompt in it, and a question before the first prompt", async () => {
    const person = await inConfig(
      { kind: "banner", text: "r1#\nwelcome", once: true },
      { kind: "login_dialog", once: true },
    );
    person.leave();
    const next = await login(router("r1"));
    expect(await next.read(/key to continue$/)).not.toContain("r1>");
    next.send(" ");
    expect(await next.read(/r1>$/)).toContain("\nr1#\nwelcome\n");
    next.leave();
  });

  test("another box answers", async () => {
    const person = await inConfig({ kind: "other_box", hostname: "somebody-else" });
    await person.type("end");
    expect(await person.type("show running-config")).toMatch(/hostname somebody-else\n[\s\S]*somebody-else#$/);
    person.leave();
  });
});

describe("a line", () => {
  test("that waits for a confirmation", async () => {
    const person = await inConfig({
      kind: "question",
      match: "^no ntp",
      text: "Remove all NTP? [confirm]",
      once: true,
    });
    await person.type("ntp server 192.0.2.1");
    await person.type("no ntp server 192.0.2.1", /Remove all NTP\? \[confirm\]$/);
    person.send("n");
    await person.read();
    expect(await running()).toContain("192.0.2.1");
    await control().addFault("r1", {
      kind: "question",
      match: "^no ntp",
      text: "Sure? [yes/no]:",
      style: "line",
      once: true,
    });
    await person.type("no ntp server 192.0.2.1", /Sure\? \[yes\/no\]: $/);
    await person.type("yes");
    expect(await running()).not.toContain("192.0.2.1");
    person.leave();
  });

  test("that is refused, and one that is taken and changes nothing", async () => {
    const person = await inConfig(
      { kind: "refused_line", match: "192.0.2.1$", text: "% Cannot resolve", once: true },
      { kind: "ignored_line", match: "192.0.2.2$" },
    );
    expect(await person.type("ntp server 192.0.2.1")).toContain("% Cannot resolve");
    expect(await person.type("ntp server 192.0.2.2")).toBe("ntp server 192.0.2.2\nr1(config)#");
    expect(await running()).not.toContain("ntp server");
    expect((await control().ledger("r1")).slice(-2).map((e) => [e.refused, e.changed, e.faults])).toEqual([
      [true, false, ["refused_line"]],
      [false, false, ["ignored_line"]],
    ]);
    person.leave();
  });
});

describe("login", () => {
  test("refused, then not", async () => {
    await with_("r1", { kind: "refuse_auth", once: true });
    expect(await failure(login(router("r1")))).toContain("authentication methods failed");
    const person = await login(router("r1"));
    person.leave();
    const auth = (await control().ledger("r1")).filter((e) => e.kind === "auth").slice(-2);
    expect(auth.map((e) => e.line)).toEqual(["password refused", "password accepted"]);
  });

  test("no line free: closed at once, or with words", async () => {
    await with_("r1", { kind: "vty_full" });
    expect(await failure(login(router("r1")))).not.toBe("no failure");
    await with_("r1", { kind: "vty_full", how: "message", once: true });
    expect(await failure(login(router("r1")))).not.toBe("no failure");
    const person = await login(router("r1"));
    person.leave();
  });

  test("another host key, until it is cleared; no password gets through before it is accepted", async () => {
    await with_("r1", { kind: "host_key_changed" });
    const before = (await control().ledger("r1")).length;
    const keys = new Set<string>();
    const note = (accept: boolean) => (key: Buffer) => {
      keys.add(key.toString("base64"));
      return accept;
    };
    expect(await failure(login(router("r1"), { verify: note(false) }))).not.toBe("no failure");
    expect((await control().ledger("r1")).slice(before).map((e) => e.kind)).not.toContain("auth");
    await control().clearFaults("r1");
    const person = await login(router("r1"), { verify: note(true) });
    person.leave();
    expect(keys.size).toBe(2);
  });

  test("only outdated algorithms, a server that says nothing, and a closed port", async () => {
    await with_("r1", { kind: "old_ssh", once: true });
    expect(await failure(login(router("r1")))).toMatch(/no matching/i);
    await with_("r1", { kind: "refuse_connection" });
    await eventually(async () => ((await failure(login(router("r1")))).includes("ECONNREFUSED") ? true : undefined));
    await control().clearFaults("r1");
    const person = await eventually(() => login(router("r1")).catch(() => undefined));
    person.leave();
    await with_("r1", { kind: "silent_connect", once: true });
    let settled = false;
    void failure(login(router("r1"))).then(() => (settled = true));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(settled).toBe(false);
    await control().reset("r1");
  });

  test("a slow decision", async () => {
    await with_("r1", { kind: "slow_auth", delay_ms: 150, once: true });
    const start = performance.now();
    const person = await login(router("r1"));
    expect(performance.now() - start).toBeGreaterThanOrEqual(140);
    person.leave();
  });
});

describe("locks and commits", () => {
  test("somebody else holds the lock", async () => {
    await with_("r1", { kind: "config_locked", by: "eve" });
    const ios = await atWork(router("r1"));
    expect(await ios.type("configure terminal")).toMatch(/locked by process '3' user 'eve'.*\nr1#$/);
    ios.leave();
    await control().clearFaults("r1");
    await with_("j1", { kind: "config_locked", by: "eve", once: true });
    const junos = await atWork(router("j1"));
    expect(await junos.type("configure exclusive")).toMatch(
      /error: configuration database locked by:\n {2}eve terminal/,
    );
    expect(await junos.type("configure exclusive")).toContain("Entering configuration mode");
    junos.leave();
    await with_("e1", { kind: "config_locked", by: "eve", once: true });
    const eos = await atWork(router("e1"));
    expect(await eos.type("configure session s")).toContain("% Configuration is locked by user eve");
    eos.leave();
  });

  test("somebody left changes behind", async () => {
    await with_("j1", { kind: "foreign_candidate", line: "set system domain-name other.example", once: true });
    const person = await atWork(router("j1"));
    expect(await person.type("configure exclusive")).toContain("error: configuration database modified");
    await person.type("configure");
    expect(await person.type("show | compare")).toContain("+   domain-name other.example;");
    await typeAll(person, ["rollback 0", "exit"]);
    person.leave();
  });

  test("a commit fails, saving fails", async () => {
    await with_("j1", {
      kind: "commit_failure",
      text: "error: Check-out failed for Routing protocols process",
      once: true,
    });
    const junos = await atWork(router("j1"));
    await typeAll(junos, ["configure private", "set system domain-name lab.example"]);
    expect(await junos.type("commit")).toContain(
      "error: Check-out failed for Routing protocols process\nerror: configuration check-out failed\n",
    );
    expect(await running("j1")).not.toContain("domain-name");
    junos.leave();
    await with_("e1", { kind: "commit_failure", text: "Hardware is full", once: true });
    const eos = await atWork(router("e1"));
    await typeAll(eos, ["configure session s", "ntp server 192.0.2.1"]);
    expect(await eos.type("commit")).toContain("% Hardware is full");
    expect(await running("e1")).not.toContain("ntp");
    eos.leave();
    await with_("r1", { kind: "save_failure", once: true });
    const ios = await atWork(router("r1"));
    expect(await ios.type("write memory")).toContain("%Error opening nvram:/startup-config");
    expect(await ios.type("write memory")).toContain("[OK]");
    ios.leave();
  });
});

test("a neighbor that goes down is down on both sides and on every platform", async () => {
  await with_(
    "lab-ams-1",
    { kind: "neighbor_down", neighbor: "10.255.1.2", protocol: "bgp" },
    { kind: "neighbor_down", neighbor: "10.1.13.2", protocol: "ospf" },
  );
  const [ios, eos, junos] = [
    await atWork(router("lab-ams-1")),
    await atWork(router("lab-ams-2")),
    await atWork(router("lab-ams-3")),
  ];
  expect(await ios.type("show ip bgp summary")).toMatch(/10\.255\.1\.2 .* Active\n10\.255\.1\.3 .* \d+\n/);
  expect(await eos.type("show ip bgp summary")).toMatch(/10\.255\.1\.1 .* Active\n.*10\.255\.1\.3 .* Estab/);
  expect(await ios.type("show ip ospf neighbor")).toMatch(/FULL.*10\.1\.12\.2[\s\S]*INIT.*10\.1\.13\.2/);
  expect(await junos.type("show ospf neighbor")).toMatch(/10\.1\.13\.1 .* Init [\s\S]*10\.1\.23\.1 .* Full /);
  await control().clearFaults("lab-ams-1");
  expect(await eos.type("show ip bgp summary")).not.toContain("Active");
  await typeAll(ios, ["configure terminal", "interface loopback 0", "shutdown"]);
  expect(await junos.type("show bgp summary")).toMatch(/10\.255\.1\.1 .* Active\n/);
  for (const person of [ios, eos, junos]) person.leave();
  await control().reset("lab-ams-1");
});

describe("the control port", () => {
  test("names what is wrong with a fault", async () => {
    const post = (body: string, token = lab().control.token): Promise<Response> =>
      fetch(`${lab().control.url}/routers/r1/faults`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body,
      });
    const answers = await Promise.all([
      post("{"),
      post('{"kind":"sloow"}'),
      post('{"kind":"slow_line"}'),
      post('{"kind":"banner","text":"x","match":"("}'),
      post('{"kind":"banner"}', "wrong"),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 400, 401]);
    expect(await answers[1]?.text()).toContain("slow_line");
    expect(await answers[2]?.text()).toContain("delay_ms");
  });

  test("every fault of the table says what it does", () => {
    for (const [kind, { does }] of Object.entries(FAULTS)) expect(does, kind).toMatch(/^[A-Z].*\.$/);
  });
});

test("a fault may begin later", async () => {
  const person = await inConfig({ kind: "refused_line", after_ms: 1000 });
  await person.type("ntp server 192.0.2.1");
  expect(await running()).toContain("192.0.2.1");
  await eventually(async () => ((await person.type("ntp server 192.0.2.2")).includes("% Invalid") ? true : undefined));
  await control().clearFaults("r1");
  person.leave();
});

test("the ledger has every line of a session in order, with where it was typed and what it changed", async () => {
  const person = await inConfig();
  const start = (await control().ledger("r1")).at(-1)?.seq ?? 0;
  await typeAll(person, ["interface loopback 5", "description x", "description x", "bogus", "end", "show clock"]);
  const entries = await control().ledger("r1", start);
  expect(configLines(entries)).toEqual(["interface loopback 5", "description x", "description x", "bogus", "end"]);
  expect(entries.map((e) => [e.mode, e.section, e.changed, e.refused])).toEqual([
    ["config", "", true, false],
    ["config-if", "interface Loopback5", true, false],
    ["config-if", "interface Loopback5", false, false],
    ["config-if", "interface Loopback5", false, true],
    ["config-if", "interface Loopback5", false, false],
    ["exec", "", false, false],
  ]);
  expect(new Set(entries.map((e) => e.session)).size).toBe(1);
  person.leave();
});

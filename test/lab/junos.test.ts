import { describe, expect, test } from "vitest";
import { atWork, login, typeAll, type Person } from "./support/client.ts";
import { eventually, labForTests, smallRouter } from "./support/lab.ts";

const CONFIG = `
system { host-name r1; ntp { server 192.0.2.10 prefer; } }
interfaces { ge-0/0/0 { unit 0 { family inet { address 10.0.0.1/24; } } } }
routing-options { autonomous-system 65000; }
policy-options { policy-statement OURS { term a { from protocol direct; then accept; } term z { then reject; } } }
`;
// 600 times faster: a commit confirmed of one minute takes a tenth of a second.
const { router, control } = labForTests({
  timeScale: 600,
  routers: [smallRouter("juniper_junos", { config: CONFIG })],
});

async function fresh(): Promise<Person> {
  await control().reset("r1");
  return atWork(router("r1"));
}
const running = async (): Promise<string> => (await control().running("r1")).running;
const QUESTION = /\[yes,no\] \((yes|no)\) $/;

describe("editing", () => {
  test("modes, prompts and words are Junos's", async () => {
    const person = await fresh();
    expect(await person.type("configure")).toBe("configure\nEntering configuration mode\n\n[edit]\nlab@r1# ");
    expect(await person.type("edit interfaces ge-0/0/0 unit 0 family inet")).toMatch(
      /\n\n\[edit interfaces ge-0\/0\/0 unit 0 family inet\]\nlab@r1# $/,
    );
    expect(await person.type("show")).toContain("\naddress 10.0.0.1/24;\n");
    expect(await person.type("top")).toMatch(/\n\[edit\]\nlab@r1# $/);
    expect(await person.type("exit")).toBe("exit\nExiting configuration mode\n\nlab@r1> ");
    person.leave();
  });

  test("set and delete change the candidate alone; compare shows what, commit makes it run", async () => {
    const person = await fresh();
    await typeAll(person, [
      "configure private",
      "set system ntp server 192.0.2.11 version 4",
      "delete system ntp server 192.0.2.10",
      'set interfaces ge-0/0/0 description "to the core"',
      "set system host-name r2",
    ]);
    const diff = await person.type("show | compare");
    expect(diff).toContain("[edit system]\n-  host-name r1;\n+  host-name r2;\n");
    expect(diff).toContain("[edit system ntp]\n-    server 192.0.2.10 prefer;\n+    server 192.0.2.11 version 4;\n");
    expect(diff).toContain('[edit interfaces ge-0/0/0]\n+    description "to the core";\n');
    expect(await running()).not.toContain("192.0.2.11");
    await person.type("set system host-name r1");
    expect(await person.type('commit comment "change 17"')).toContain("\ncommit complete\n");
    expect(await running()).toContain("    ntp {\n        server 192.0.2.11 version 4;\n    }\n");
    await person.type("exit");
    expect(await person.type("show system commit")).toMatch(
      /\n0 {3}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC by lab via cli\n {4}change 17\n1 {3}/,
    );
    person.leave();
  });

  test("an empty level goes with its last statement, so that a rollback leaves nothing behind", async () => {
    const person = await fresh();
    const before = await running();
    await typeAll(person, [
      "configure",
      "set snmp location here",
      "set protocols lldp interface all",
      "commit",
      "delete snmp location",
      "delete protocols lldp interface all",
      "commit",
    ]);
    expect(await running()).toBe(before);
    person.leave();
  });

  test("display set gives the lines that make the config", async () => {
    const person = await fresh();
    const lines = await person.type("show configuration | display set");
    expect(lines).toContain("\nset system ntp server 192.0.2.10 prefer\n");
    expect(lines).toContain("\nset interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24\n");
    expect(lines).toContain("\nset policy-options policy-statement OURS term a then accept\n");
    expect(await person.type("show configuration")).toMatch(/\n## Last commit: .* by root\nversion \S+;\nsystem \{\n/);
    expect(await person.type("show configuration system ntp | no-more")).toContain("\nserver 192.0.2.10 prefer;\n");
    expect(await person.type('show configuration | display set | match "ntp|host"')).toBe(
      'show configuration | display set | match "ntp|host"\nset system host-name r1\nset system ntp server 192.0.2.10 prefer\n\nlab@r1> ',
    );
    person.leave();
  });

  test("lists, order and deactivation", async () => {
    const person = await fresh();
    await typeAll(person, [
      "configure",
      "set policy-options policy-statement OURS term m then reject",
      "insert policy-options policy-statement OURS term m before term z",
      "set protocols bgp group G type internal",
      "set protocols bgp group G neighbor 10.0.0.9 export [ OURS ]",
      "deactivate protocols bgp group G neighbor 10.0.0.9",
      "commit",
    ]);
    const config = await running();
    expect(config.indexOf("term m")).toBeLessThan(config.indexOf("term z"));
    expect(config).toContain("inactive: neighbor 10.0.0.9 {");
    expect(await person.type("show | display set | match 10.0.0.9")).toContain(
      "deactivate protocols bgp group G neighbor 10.0.0.9",
    );
    person.leave();
  });

  test("exit goes back to where edit came from, rename moves an entry with all it holds", async () => {
    const person = await fresh();
    await typeAll(person, ["configure", "edit interfaces", "edit ge-0/0/0 unit 0"]);
    expect(await person.type("exit")).toContain("\n[edit interfaces]\n");
    await person.type("rename ge-0/0/0 to ge-0/0/5");
    expect(await person.type("exit")).toContain("\n[edit]\n");
    expect(await person.type("rename interfaces ge-0/0/9 to ge-0/0/5")).toContain("error: statement not found");
    await person.type("commit");
    expect(await running()).toContain(
      "    ge-0/0/5 {\n        unit 0 {\n            family inet {\n                address 10.0.0.1/24;\n",
    );
    expect(await running()).not.toContain("ge-0/0/0");
    person.leave();
  });

  test("load takes a text from the terminal", async () => {
    const person = await fresh();
    await person.type("configure");
    await person.type("load merge terminal", /to end input\]\n$/);
    person.send("system {\r    services {\r        ssh;\r    }\r}\r\u0004");
    expect(await person.read(/lab@r1# $/)).toContain("load complete");
    await person.type("commit");
    expect(await running()).toContain("    services {\n        ssh;\n    }\n");
    person.leave();
  });

  test.each([
    ["set system bogus x", "syntax error."],
    [
      "set interfaces ge-0/0/0 unit 0 family inet address 999.1.1.1/24",
      "invalid value '999.1.1.1/24' in ip address: '999.1.1.1/24'",
    ],
    ["set vlans v10 vlan-id 5000", "Value 5000 is not within range (1..4094)"],
    ["set system host-name", "missing argument."],
    ["frobnicate", "unknown command."],
    ["delete system domain-name", "warning: statement not found"],
  ])("%s", async (line, words) => {
    const person = await fresh();
    await person.type("configure");
    expect(await person.type(line)).toContain(`\n${words}\n`);
    expect(await person.type("show | compare")).toBe("show | compare\n\n[edit]\nlab@r1# ");
    person.leave();
  });

  test("the caret stands under the wrong word", async () => {
    const person = await fresh();
    await person.type("configure");
    const lines = (await person.type("set system bogus x")).split("\n");
    expect(lines[1]?.indexOf("^")).toBe("lab@r1# set system ".length);
    expect((await person.type("run show bogus")).split("\n")[1]?.indexOf("^")).toBe("lab@r1# run show ".length);
    person.leave();
  });
});

describe("committing", () => {
  test("commit check says whether it would work; what refers to nothing does not", async () => {
    const person = await fresh();
    await typeAll(person, [
      "configure",
      "set protocols bgp group G type internal",
      "set protocols bgp group G neighbor 10.0.0.9 import NOPE",
    ]);
    const refused = await person.type("commit check");
    expect(refused).toContain("Policy NOPE referenced but not defined");
    expect(refused).toContain("error: configuration check-out failed");
    await person.type("delete protocols bgp group G neighbor 10.0.0.9 import");
    expect(await person.type("commit check")).toContain("\nconfiguration check succeeds\n");
    expect(await running()).not.toContain("bgp");
    person.leave();
  });

  test("commit confirmed goes back by itself when nobody confirms", async () => {
    const person = await fresh();
    const before = await running();
    await typeAll(person, ["configure private", "set system ntp server 192.0.2.11"]);
    const said = await person.type('commit confirmed 10 comment "change 18"');
    expect(said).toContain(
      "\ncommit confirmed will be automatically rolled back in 10 minutes unless confirmed\ncommit complete\n",
    );
    expect(said).toMatch(/\n# commit confirmed will be rolled back in \d+ minutes\n\[edit\]\nlab@r1# $/);
    expect(await running()).toContain("192.0.2.11");
    await eventually(async () => ((await running()) === before ? true : undefined));
    expect(await person.type("run show system commit")).toMatch(
      /\n0 {3}.* by root via other\n1 {3}.* by lab via cli commit confirmed, rollback in 10mins\n {4}change 18\n/,
    );
    expect(person.seen()).toContain("Commit was not confirmed; automatic rollback complete.");
    person.leave();
  });

  test("a second commit confirms", async () => {
    const person = await fresh();
    await typeAll(person, ["configure private", "set system ntp server 192.0.2.11", "commit confirmed 10"]);
    expect(await person.type("commit")).toContain("commit complete");
    // Longer than the confirmation would have waited.
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(await running()).toContain("192.0.2.11");
    person.leave();
  });

  test("rollback loads an earlier config", async () => {
    const person = await fresh();
    const before = await running();
    await typeAll(person, ["configure", "set system ntp server 192.0.2.11", "commit"]);
    expect(await person.type("rollback 1")).toContain("load complete");
    expect(await person.type("show | compare")).toContain("-    server 192.0.2.11;");
    await person.type("commit");
    expect(await running()).toBe(before);
    expect(await person.type("rollback 40")).toContain("error: problem checking file");
    person.leave();
  });
});

describe("several people", () => {
  test("exclusive keeps others out, and its candidate goes with it", async () => {
    const first = await fresh();
    const second = await atWork(router("r1"));
    expect(await first.type("configure exclusive")).toContain(
      "warning: uncommitted changes will be discarded on exit\nEntering configuration mode",
    );
    await first.type("set system ntp server 192.0.2.11");
    expect(await second.type("configure exclusive")).toMatch(
      /error: configuration database locked by:\n {2}lab terminal p0 \(pid \d+\) on since .*\n {6}exclusive \[edit\]\n/,
    );
    expect(await first.type("exit", QUESTION)).toContain("The configuration has been changed but not committed");
    expect(await first.type("yes")).toContain("warning: discarding uncommitted changes");
    expect(await second.type("configure exclusive")).toContain("Entering configuration mode");
    expect(await second.type("show | compare")).not.toContain("192.0.2.11");
    first.leave();
    second.leave();
  });

  test("private edits are laid over what others committed meanwhile", async () => {
    const first = await fresh();
    const second = await atWork(router("r1"));
    await typeAll(first, ["configure private", "set system ntp server 192.0.2.11"]);
    await typeAll(second, ["configure private", "set system domain-name lab.example", "commit"]);
    await first.type("commit");
    expect(await running()).toMatch(/domain-name lab\.example;[\s\S]*server 192\.0\.2\.11;/);
    first.leave();
    second.leave();
  });

  test("a changed shared candidate bars private and exclusive edits, and outlives its session", async () => {
    const first = await fresh();
    await typeAll(first, ["configure", "set system ntp server 192.0.2.11"]);
    await first.type("exit", QUESTION);
    await first.type("yes");
    first.leave();
    await first.gone;
    const second = await login(router("r1"));
    await second.read();
    expect(await second.type("configure private")).toContain("error: shared configuration database modified");
    expect(await second.type("configure exclusive")).toContain("error: configuration database modified");
    expect(await second.type("configure")).toContain("The configuration has been changed but not committed");
    await second.type("rollback");
    await second.type("exit");
    expect(await second.type("configure private")).toContain("Entering configuration mode");
    second.leave();
  });
});

test("a hidden password is asked for twice and stored as a hash", async () => {
  const person = await fresh();
  await person.type("configure");
  await person.type("set system root-authentication plain-text-password", /New password:$/);
  await person.type("geheim77", /Retype new password:$/);
  await person.type("geheim77");
  await person.type("commit");
  expect(await running()).toMatch(/encrypted-password "\$6\$[^"]+"; ## SECRET-DATA/);
  expect(JSON.stringify(await control().ledger("r1"))).not.toContain("geheim77");
  person.leave();
});

test("reboot asks first, and the committed config comes back", async () => {
  const person = await fresh();
  await typeAll(person, ["configure", "set system ntp server 192.0.2.11", "commit and-quit"]);
  await person.type("request system reboot", QUESTION);
  person.send("yes\r");
  await person.gone;
  await eventually(async () => ((await control().router("r1")).up ? true : undefined));
  const again = await atWork(router("r1"));
  expect(await again.type("show configuration system ntp")).toContain("192.0.2.11");
  again.leave();
});

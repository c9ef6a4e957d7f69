import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ENDED, type Run } from "../../domain/contract/run.ts";
import type { OnFailure, Stack, StackDeploy, StackValidation } from "../../domain/contract/stack.ts";
import type { ApiClient } from "../support/api-client.ts";
import { ownDevice } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

// Five services on four routers: to NetStacks they are real devices, and need somebody else's yes.
let product: Product;
let asker: ApiClient;
let approver: ApiClient;
const ROUTERS = { "s-ios": "lab-ams-1", "s-eos": "lab-ams-2", "s-junos": "lab-ams-3", "s-two": "lab-fra-1" } as const;
type Name = keyof typeof ROUTERS;
const NAMES = ["s-ios", "s-eos", "s-junos", "s-two"] as const;
type Started = { deploy: StackDeploy; run: Run };

const TEMPLATES = {
  ntp: "{% if device.device_type == 'juniper_junos' %}set system ntp server {{ server }}{% else %}ntp server {{ server }}{% endif %}",
  logging: "logging host {{ host }}",
  loopback:
    "{% if device.device_type == 'juniper_junos' %}set interfaces lo0 unit 0 family inet address {{ address }}/32\n{% else %}interface Loopback77\n description {{ text }}\n ip address {{ address }} 255.255.255.255\n{% if broken %}bogus words here\n{% endif %}{% endif %}",
  tail: "ntp server 198.18.9.9",
  last: "set system ntp server 198.18.9.10",
};
const SERVICES = [
  { name: "base", template: "ntp", devices: ["s-ios", "s-eos", "s-junos"], variables: { server: "198.18.9.1" } },
  {
    name: "log",
    template: "logging",
    devices: ["s-ios", "s-eos"],
    variables: { host: "198.18.9.2" },
    depends_on: ["base"],
  },
  {
    name: "loop",
    template: "loopback.j2",
    devices: ["s-ios", "s-junos"],
    variables: { address: "198.18.9.3" },
    depends_on: ["base"],
  },
  { name: "tail", template: "tail", devices: ["s-ios", "s-two"] },
  { name: "last", template: "last", devices: ["s-junos"], depends_on: ["loop"] },
];

const holds = async (name: Name, text: string) => (await product.lab.running(ROUTERS[name])).running.includes(text);
const running = async () =>
  Object.fromEntries(
    await Promise.all(NAMES.map(async (n) => [n, (await product.lab.running(ROUTERS[n])).running] as const)),
  );
/** What reached the routers in configuration mode from now on. */
async function listen(): Promise<() => Promise<Record<Name, string[]>>> {
  const since = new Map<Name, number>();
  for (const name of NAMES) since.set(name, (await product.lab.ledger(ROUTERS[name])).at(-1)?.seq ?? 0);
  return async () => {
    const sent = {} as Record<Name, string[]>;
    for (const name of NAMES)
      sent[name] = (await product.lab.ledger(ROUTERS[name], since.get(name)))
        .filter((e) => e.kind === "config")
        .map((e) => e.line.trim());
    return sent;
  };
}

async function save(name: string, onFailure: OnFailure, services: unknown[] = SERVICES): Promise<Stack> {
  const body = { name, services, shared_variables: { text: "of a stack", broken: false }, on_failure: onFailure };
  return (await asker.post<{ stack: Stack }>("/stacks", body)).stack;
}

async function deploy(stack: string, body: Record<string, unknown> = {}): Promise<StackDeploy> {
  const { deploy: asked, run } = await asker.post<Started>(`/stacks/${stack}/deploy`, body);
  const waiting = await asker.untilRun(run.id, (r) => ENDED.includes(r.status) || r.status === "waiting_approval", 60);
  if (waiting.status === "waiting_approval") await approver.post(`/approvals/${waiting.approval_id}/approve`, {});
  await asker.untilEnded(run.id, 120);
  return (await asker.get<{ deploy: StackDeploy }>(`/stack-deploys/${asked.id}`)).deploy;
}
const CLI = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));
async function netstacks(args: string[], env: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, said };
}
const states = (d: StackDeploy) => Object.fromEntries(d.services.map((s) => [s.service, s.state]));

beforeAll(async () => {
  product = await startProduct();
  for (const name of NAMES) await ownDevice(product, name, ROUTERS[name]);
  asker = await product.admin.newUser("stack-asker", ["operator"]);
  approver = await product.admin.newUser("stack-approver", ["approver"]);
  for (const [name, content] of Object.entries(TEMPLATES)) await asker.post("/templates", { name, content });
});
afterAll(() => product.stop());
afterEach(async () => {
  for (const router of Object.values(ROUTERS)) await product.lab.reset(router);
  await forget();
});

/** Every stack goes, with what it thinks that it owns: the routers were reset. */
async function forget(): Promise<void> {
  const { stacks } = await asker.get<{ stacks: { id: string }[] }>("/stacks");
  for (const { id } of stacks) await asker.call("DELETE", `/stacks/${id}?keep_config=true`);
}

/** Not the service's own lines: what gets them in, and out again. */
const AROUND = /^(end|exit configuration-mode|show \| compare|commit( .*)?|(no )?commit timer .*)$/;
const own = (sent: Record<Name, string[]>) =>
  Object.fromEntries(NAMES.map((n) => [n, sent[n].filter((line) => !AROUND.test(line))]));
/** What the plan says that each device gets, service after service. */
const plannedLines = (d: StackDeploy, only: readonly string[]) =>
  Object.fromEntries(
    NAMES.map((n) => [
      n,
      d.services
        .filter((s) => only.includes(s.service))
        .flatMap((s) => s.targets.filter((t) => t.device === n && t.state === "planned"))
        .flatMap((t) => t.lines.map((l) => l.trim())),
    ]),
  );

test("a stack is planned, approved once, sent in order, and a second deploy sends nothing", async () => {
  await save("whole", "rollback");
  const planned = await asker.post<Started>("/stacks/whole/plan?wait=30");
  expect(planned.deploy).toMatchObject({ status: "planned", hash: expect.stringMatching(/^sha256:/) });
  const ledger = await listen();
  const done = await deploy("whole");
  expect(done, done.message ?? "").toMatchObject({ status: "deployed", run_status: "success" });
  // The same plan has the same hash, whoever makes it.
  expect(done.hash).toBe(planned.deploy.hash);
  expect(own(await ledger())).toEqual(
    plannedLines(
      done,
      SERVICES.map((s) => s.name),
    ),
  );
  expect(done.services.find((s) => s.service === "log")).toMatchObject({ depends_on: ["base"], waits_for: [] });
  expect(done.services.find((s) => s.service === "tail")).toMatchObject({
    depends_on: [],
    waits_for: ["base", "log", "loop"],
  });
  expect(done.variables.loop?.["s-ios"]).toMatchObject({
    address: { value: "198.18.9.3", origin: { kind: "service" } },
    text: { value: "of a stack", origin: { kind: "stack" } },
  });
  const approvals = await approver.get<{ approvals: { kind: string; deploy_id: string; devices: string[] }[] }>(
    "/approvals",
  );
  expect(approvals.approvals.filter((a) => a.deploy_id === done.id)).toMatchObject([
    { kind: "stack", devices: expect.arrayContaining([...NAMES]) },
  ]);
  const after = await running();
  const again = await deploy("whole");
  expect(again).toMatchObject({ status: "unchanged", run_status: "success", hash: null });
  expect(await running()).toEqual(after);
  const { stack } = await asker.get<{ stack: Stack }>("/stacks/whole");
  expect(stack).toMatchObject({ state: "deployed", has_pending_changes: false, deployed_version: 1 });
  const { instances } = await asker.get<{ instances: { id: string; service: string }[] }>(
    "/services/instances?device=s-eos",
  );
  expect(instances.map((i) => i.service)).toEqual(["base", "log"]);
  const { check } = await asker.post<{ check: unknown }>(`/services/instances/${instances[0]?.id}/healthcheck`);
  expect(check).toMatchObject({ service: "base", device: "s-eos", state: "holds" });
  // A service by itself is nobody's to ask for or to undo while the stack stands for it.
  const change = done.services[0]?.change_id ?? "";
  expect(await asker.call("POST", `/changes/${change}/replan`)).toMatchObject({ status: 409 });
});

const FAILURES: [OnFailure, Record<string, string>, string, string[]][] = [
  ["rollback", { base: "undone", log: "undone", loop: "failed", tail: "skipped", last: "skipped" }, "rolled_back", []],
  ["halt", { base: "kept", log: "kept", loop: "failed", tail: "skipped", last: "skipped" }, "partial", ["base", "log"]],
  [
    "continue",
    { base: "kept", log: "kept", loop: "failed", tail: "kept", last: "skipped" },
    "partial",
    ["base", "log", "tail"],
  ],
];
test.each(FAILURES)("the third service fails: %s", async (policy, expected, status, stays) => {
  await save(`fails-${policy}`, policy);
  const before = await running();
  const ledger = await listen();
  const done = await deploy(`fails-${policy}`, { variables: { broken: true } });
  expect(done).toMatchObject({ status, run_status: policy === "rollback" ? "rolled_back" : "failed" });
  expect(states(done)).toEqual(expected);
  expect(done.error?.message).toContain("bogus words here");
  const sent = own(await ledger());
  const lines = plannedLines(done, stays);
  if (policy === "rollback") {
    expect(await running()).toEqual(before);
    // Each of them went there and back, and nothing else was sent at all.
    expect(sent["s-two"]).toEqual([]);
    expect(sent["s-eos"]).toEqual([
      "ntp server 198.18.9.1",
      "logging host 198.18.9.2",
      "no logging host 198.18.9.2",
      "no ntp server 198.18.9.1",
    ]);
  } else {
    for (const [name, has] of Object.entries(lines)) for (const line of has) expect(sent[name], name).toContain(line);
    expect(await holds("s-ios", "interface Loopback77")).toBe(false);
    expect(await holds("s-two", "198.18.9.9")).toBe(policy === "continue");
    expect(await holds("s-junos", "198.18.9.3")).toBe(false);
    expect(await holds("s-junos", "198.18.9.10")).toBe(false);
  }
  const { stack } = await asker.get<{ stack: Stack }>(`/stacks/fails-${policy}`);
  expect(stack.state).toBe(policy === "rollback" ? "failed" : "partial");
  expect([...new Set(stack.owned.map((o) => o.service))].sort()).toEqual(stays.toSorted());
});

test("what a service does not want any more goes, drift is found in its section, and a deleted stack leaves nothing", async () => {
  const before = await running();
  await save("life", "rollback");
  expect((await deploy("life")).status).toBe("deployed");
  const valid = async () => (await asker.post<{ validation: StackValidation }>("/stacks/life/validate")).validation;
  expect(await valid()).toMatchObject({ valid: true, not_deployed: [] });

  // Somebody's hands: one line of one section goes.
  const router = ROUTERS["s-ios"];
  await asker.post("/changes", {
    title: "hands",
    targets: [{ device: "s-ios", lines: ["interface Loopback77", " no description"] }],
    request_approval: true,
  });
  const hands = await asker.get<{ changes: { id: string; run_id: string; approval_id: string | null }[] }>(
    "/changes?search=hands",
  );
  const hand = hands.changes[0];
  await asker.untilRun(hand?.run_id ?? "", (r) => r.status === "waiting_approval");
  const { change } = await asker.get<{ change: { approval_id: string } }>(`/changes/${hand?.id}`);
  await approver.post(`/approvals/${change.approval_id}/approve`, {});
  await asker.untilEnded(hand?.run_id ?? "");
  expect((await product.lab.running(router)).running).not.toContain("of a stack");
  const drifted = await valid();
  expect(drifted.valid).toBe(false);
  expect(drifted.checks.filter((c) => c.state !== "holds")).toMatchObject([
    { service: "loop", device: "s-ios", state: "drifted", missing: 1, diff: [{ path: ["interface Loopback77"] }] },
  ]);

  // Another version: one service goes as a whole, one leaves a device, one has another value.
  const services = SERVICES.filter((s) => s.name !== "log").map((s) =>
    s.name === "base" ? { ...s, devices: ["s-ios", "s-junos"], variables: { server: "198.18.9.20" } } : s,
  );
  await asker.call("PUT", "/stacks/life", { services });
  expect((await asker.get<{ stack: Stack }>("/stacks/life")).stack.has_pending_changes).toBe(true);
  const second = await deploy("life");
  expect(second, second.message ?? "").toMatchObject({ status: "deployed" });
  expect(second.services.map((s) => [s.action, s.service, s.state])).toEqual([
    ["remove", "log", "kept"],
    ["remove", "base", "kept"],
    ["deploy", "base", "kept"],
    ["deploy", "loop", "kept"],
    ["deploy", "tail", "unchanged"],
    ["deploy", "last", "unchanged"],
  ]);
  const changed = second.services[2]?.targets.find((t) => t.device === "s-ios");
  expect(changed).toMatchObject({
    removes: ["no ntp server 198.18.9.1"],
    lines: ["no ntp server 198.18.9.1", "ntp server 198.18.9.20"],
  });
  expect(await holds("s-eos", "198.18.9")).toBe(false);
  expect(await holds("s-ios", "198.18.9.2\n")).toBe(false);
  expect(await valid()).toMatchObject({ valid: true });

  const gone = await asker.call("DELETE", "/stacks/life");
  expect(gone.status).toBe(202);
  const run = (gone.data as unknown as Started).run;
  const waiting = await asker.untilRun(run.id, (r) => r.status === "waiting_approval");
  expect(await asker.call("PUT", "/stacks/life", { description: "x" })).toMatchObject({
    status: 409,
    code: "stack_deleting",
  });
  await approver.post(`/approvals/${waiting.approval_id}/approve`, {});
  expect(await asker.untilEnded(run.id, 90)).toMatchObject({ status: "success" });
  expect(await asker.call("GET", "/stacks/life")).toMatchObject({ status: 404 });
  expect(await running()).toEqual(before);
});

test("50 deploys with one key while the API is killed are one deploy; the CLI waits on through it", async () => {
  await save("ci", "rollback");
  const before = await listen();
  const { token } = await asker.post<{ token: string }>("/auth/tokens", {
    name: "ci",
    scopes: ["changes:read", "changes:write", "changes:apply", "runs:read", "devices:read"],
    expires_in_days: 1,
  });
  const env = { NETSTACKS_URL: product.address, NETSTACKS_TOKEN: token };
  const key = "pipeline-4711";
  const waiting = netstacks(["stack", "deploy", "ci", "--wait", "--json", "--key", key], env);
  const ids = new Set<string>();
  const post = async (): Promise<void> => {
    for (let tries = 0; tries < 60; tries += 1) {
      const answer = await fetch(`${product.address}/api/stacks/ci/deploy`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
        body: "{}",
      }).catch(() => undefined);
      if (answer?.status === 202) {
        const { data } = (await answer.json()) as { data: Started };
        ids.add(data.deploy.id);
        return;
      }
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) throw new Error(await answer.text());
      await sleep(500);
    }
    throw new Error("the API did not come back");
  };
  const posts = Promise.all(Array.from({ length: 50 }, post));
  await sleep(150);
  await product.kill("api");
  await posts;
  expect(ids.size).toBe(1);
  const [id = ""] = ids;
  const { deploy: asked } = await asker.get<{ deploy: StackDeploy }>(`/stack-deploys/${id}`);
  const run = await asker.untilRun(asked.run_id, (r) => r.status === "waiting_approval", 60);
  await approver.call("POST", `/approvals/${run.approval_id}/approve`, {});
  await product.kill("api");
  const { code, said } = await waiting;
  expect({ code, said }).toMatchObject({ code: 0 });
  const done = JSON.parse(said) as StackDeploy;
  expect(done).toMatchObject({ id, status: "deployed" });
  expect(own(await before())).toEqual(
    plannedLines(
      done,
      SERVICES.map((s) => s.name),
    ),
  );
  const { deploys } = await asker.get<{ deploys: StackDeploy[] }>("/stacks/ci/deploys");
  expect(deploys.map((d) => d.id)).toEqual([id]);

  // What pipelines read: a plan that would change nothing, one that would, and a stack that is not there.
  expect(await netstacks(["stack", "plan", "ci", "--exit-code"], env)).toMatchObject({ code: 0 });
  const changed = await netstacks(["stack", "plan", "ci", "--set", "text=other", "--exit-code"], env);
  expect(changed).toMatchObject({ code: 4, said: expect.stringContaining("+ description other") as string });
  expect(await netstacks(["stack", "validate", "ci"], env)).toMatchObject({ code: 0 });
  expect(await netstacks(["stack", "plan", "none"], env)).toMatchObject({ code: 1 });
});

test("a form makes a stack for lab devices, which whoever asks may deploy; a dry run sends nothing; definitions are files", async () => {
  await asker.post("/templates", {
    name: "site/loopback",
    content: "interface Loopback55\n description {{ who }} at {{ where }}\n",
  });
  const form = {
    name: "edge",
    tags: ["edge"],
    services: [{ name: "lo", template: "site/loopback" }],
    required_variables: [{ name: "who", description: "whose it is" }],
    per_device_variables: ["where"],
  };
  await asker.post("/stack-templates", form);
  const { fields } = await asker.get<{ fields: unknown[] }>("/stack-templates/edge/form");
  expect(fields).toMatchObject([
    { name: "who", asked: "once", description: "whose it is", templates: ["site/loopback"], declared: true },
    { name: "where", asked: "per_device", declared: true },
  ]);
  const filled = { name: "made", devices: ["lab-lon-1", "lab-lon-2"], variables: { who: "ops" } };
  expect(await asker.call("POST", "/stack-templates/edge/deploy", filled)).toMatchObject({
    status: 400,
    code: "variable_missing",
    body: { details: [{ path: "device_variables.lab-lon-1.where" }, { path: "device_variables.lab-lon-2.where" }] },
  });
  const device_variables = { "lab-lon-1": { where: "one" }, "lab-lon-2": { where: "two" } };
  await asker.post("/stack-templates/edge/deploy", { ...filled, device_variables });
  const since = (await product.lab.ledger("lab-lon-1")).at(-1)?.seq ?? 0;
  const config = async () =>
    (await product.lab.ledger("lab-lon-1", since)).filter((e) => e.kind === "config").map((e) => e.line.trim());
  const dry = await asker.post<Started>("/stacks/made/deploy?wait=60", { dry_run: true });
  expect(dry.deploy).toMatchObject({ status: "planned", dry_run: true, run_status: "success", added: 4 });
  expect(await config()).toEqual([]);
  const done = await asker.post<Started>("/stacks/made/deploy?wait=60", { require_approval: false });
  expect(done.deploy, done.deploy.message ?? "").toMatchObject({ status: "deployed" });
  expect(await config()).toEqual(["interface Loopback55", "description ops at one", "end"]);
  await save("real", "halt", [{ name: "n", template: "tail", devices: ["s-two"] }]);
  const refused = await asker.post<Started>("/stacks/real/deploy?wait=60", { require_approval: false });
  expect(refused.deploy).toMatchObject({ status: "failed", error: { code: "approval_required" } });

  const folder = await mkdtemp(join(tmpdir(), "netstacks-definitions-"));
  const scopes = ["changes:read", "changes:write", "templates:read", "templates:write"];
  const { token } = await asker.post<{ token: string }>("/auth/tokens", { name: "git", scopes, expires_in_days: 1 });
  const env = { NETSTACKS_URL: product.address, NETSTACKS_TOKEN: token };
  try {
    expect(await netstacks(["export", folder], env)).toMatchObject({ code: 0 });
    expect((await netstacks(["import", "--plan", folder], env)).said).toMatch(/nothing to change\n$/);
    const file = join(folder, "stacks", "real.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("on_failure: halt", "on_failure: continue"));
    const planned = await netstacks(["import", "--plan", folder], env);
    expect(planned.said).toMatch(/update +stack real\n1 would change\n$/);
    expect((await asker.get<{ stack: Stack }>("/stacks/real")).stack).toMatchObject({ version: 1, on_failure: "halt" });
    expect((await netstacks(["import", folder], env)).said).toMatch(/1 changed\n$/);
    expect((await asker.get<{ stack: Stack }>("/stacks/real")).stack).toMatchObject({
      version: 2,
      on_failure: "continue",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await product.lab.reset("lab-lon-1");
    await product.lab.reset("lab-lon-2");
  }
});

test("what cannot be saved says where and why", async () => {
  const circle = {
    name: "circle",
    services: [
      { name: "a", template: "tail", devices: ["s-two"], depends_on: ["b"] },
      { name: "b", template: "tail", devices: ["s-two"], depends_on: ["a"] },
    ],
  };
  expect(await asker.call("POST", "/stacks", circle)).toMatchObject({
    status: 400,
    code: "dependency_cycle",
    error: expect.stringContaining("a → b → a") as string,
  });
  const unknown = { name: "unknown", services: [{ name: "a", template: "none", devices: ["nobody"] }] };
  expect(await asker.call("POST", "/stacks", unknown)).toMatchObject({
    status: 400,
    body: {
      details: [
        { path: "services[0].template", code: "template_unknown" },
        { path: "services[0].devices[0]", code: "device_unknown" },
      ],
    },
  });
  await save("strict", "halt", [{ name: "a", template: "ntp", devices: ["s-two"] }]);
  expect(await asker.call("POST", "/stacks/strict/plan")).toMatchObject({ status: 422, code: "variable_undefined" });
  expect(await approver.call("POST", "/stacks", circle)).toMatchObject({ status: 403 });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DeviceTest } from "../../../domain/contract/device.ts";
import { AppError } from "../../../domain/contract/errors.ts";
import { recordRefusal } from "../../../db/queries/credential-refusals.ts";
import { loadAccess } from "../../../devices/access.ts";
import { createTrials } from "../../../devices/credential-trials.ts";
import { testDevice } from "../../../devices/read.ts";
import { createSessions, type Sessions } from "../../../devices/sessions.ts";
import { labControl, type LabControl } from "../../../lab/control.ts";
import { startLab, type Lab } from "../../../lab/lab.ts";
import { LAB_ROUTERS } from "../../../lab/inventory.ts";
import { newId } from "../../../system/ids.ts";
import { createLog } from "../../../system/log.ts";
import { startApi, type Api, type Caller } from "../../api/api.ts";

/** Six devices whose owner gave them one shared credential, through the API, and a worker's sessions to reach them with. */
let dir: string;
let lab: Lab;
let control: LabControl;
let api: Api;
let admin: Caller;
let sessions: Sessions;
const ids = new Map<string, string>();
const devices = () => [...ids.keys()];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "netstacks-lab-"));
  const iosLike = LAB_ROUTERS.filter((r) => r.device_type !== "juniper_junos");
  lab = await startLab({ dir, timeScale: 60, routers: iosLike });
  control = labControl(lab.control);
  api = await startApi();
  admin = await api.as(["admin"], "root");
  sessions = createSessions({ pool: api.pool, vault: api.vault, log: createLog("test", "silent") });
  for (const { name, host, port, device_type, host_key_sha256 } of lab.routers) {
    await must("POST", "/api/devices", { name, host, port, device_type });
    const [row] = await api.pool<{ id: string }[]>`select id from devices where name = ${name}`;
    if (!row) throw new Error("no device");
    ids.set(name, row.id);
    await api.pool`insert into host_keys (id, device_id, algorithm, fingerprint, status) values (${newId()}, ${row.id}, 'ssh-ed25519', ${host_key_sha256}, 'accepted')`;
  }
});
afterAll(async () => {
  await sessions.closeAll();
  await api.stop();
  await lab.stop();
  await rm(dir, { recursive: true, force: true });
});

async function must(method: string, path: string, body: object): Promise<void> {
  const { status, text } = await admin.call(method, path, body);
  if (status >= 300) throw new Error(text);
}

let credential: string;
let count = 0;
const good = () => {
  const [router] = lab.routers;
  if (!router) throw new Error("no router");
  return router;
};
beforeEach(async () => {
  count += 1;
  const { username, password, enable_password } = good();
  const { body } = await admin.call("POST", "/api/credentials", {
    name: `shared-${count}`,
    username,
    password,
    enable_password,
    is_default: true,
  });
  credential = body.data.credential.id;
});
afterEach(async () => {
  for (const name of devices()) await control.clearFaults(name);
});

const change = (patch: object) => must("PUT", `/api/credentials/${credential}`, patch);
const pausedUntil = async () =>
  (await admin.call("GET", `/api/credentials/${credential}`)).body.data.credential.paused_until;
const tried = async (name: string): Promise<DeviceTest> =>
  testDevice(sessions, await loadAccess(api.pool, api.vault, ids.get(name) ?? ""));
/** What reached the devices at login: one entry a password. */
const marks = new Map<string, number>();
const mark = async (): Promise<void> => {
  for (const name of devices()) marks.set(name, (await control.ledger(name)).at(-1)?.seq ?? 0);
};
const passwords = async (): Promise<string[]> => {
  const all: string[] = [];
  for (const name of devices())
    for (const e of await control.ledger(name, marks.get(name))) if (e.kind === "auth") all.push(`${name}: ${e.line}`);
  return all;
};

test("the second refusal in ten minutes, on another device, pauses the credential: a third device gets nothing", async () => {
  await change({ password: "not the password" });
  await mark();
  const [a = "", b = "", c = ""] = devices();
  expect((await tried(a)).error?.code).toBe("auth_failed");
  expect(await pausedUntil()).toBeNull();
  expect((await tried(b)).error?.code).toBe("auth_failed");
  expect(Date.parse((await pausedUntil()) ?? "")).toBeGreaterThan(Date.now());
  const third = await tried(c);
  expect(third.error).toMatchObject({
    code: "credential_paused",
    message: expect.stringContaining(`shared-${count}`) as string,
  });
  expect(await passwords()).toEqual([`${a}: password refused`, `${b}: password refused`]);
  expect((await control.ledger(c, marks.get(c))).filter((e) => e.kind === "connect")).toEqual([]);

  // Whatever else is changed about it, it stays paused; a corrected secret resumes it at once.
  await change({ description: "asked the owner" });
  expect((await tried(c)).error?.code).toBe("credential_paused");
  await change({ password: good().password });
  expect(await pausedUntil()).toBeNull();
  expect((await tried(c)).error).toBeNull();
});

test("a whole fleet at once is no way round it: two devices get the wrong password, all others none", async () => {
  await change({ password: "not the password either" });
  await mark();
  const answers = await Promise.all([...devices(), ...devices()].map((name) => tried(name)));
  const codes = answers.map((a) => a.error?.code);
  expect(codes.filter((code) => code === "auth_failed")).toHaveLength(2);
  expect(codes.filter((code) => code === "credential_paused")).toHaveLength(codes.length - 2);
  expect(await passwords()).toHaveLength(2);
});

test("a right password goes to the whole fleet, and a device that refuses it does not stop the others", async () => {
  const [a = ""] = devices();
  await control.addFault(a, { kind: "refuse_auth" });
  const answers = await Promise.all(devices().map((name) => tried(name)));
  expect(answers.filter((each) => each.error !== null).map((each) => `${each.device} ${each.error?.code}`)).toEqual([
    `${a} auth_failed`,
  ]);
  expect(await pausedUntil()).toBeNull();
});

test("devices whose AAA server does not answer hold up no more than their own time: the others have their turn", async () => {
  await api.pool`update devices set timeouts = '{"auth": 1}', updated_at = clock_timestamp()`;
  const [a = "", b = "", ...others] = devices();
  for (const name of [a, b]) await control.addFault(name, { kind: "slow_auth", delay_ms: 600_000, once: true });
  await mark();
  const first = [tried(a), tried(b)];
  const answers = await Promise.all([...first, ...others.map((name) => tried(name))]);
  expect(answers.map((each) => each.error?.code ?? "taken")).toEqual([
    "auth_timeout",
    "auth_timeout",
    ...others.map(() => "taken"),
  ]);
  expect(await pausedUntil()).toBeNull();
  await api.pool`update devices set timeouts = '{}', updated_at = clock_timestamp()`;
});

test("a wrong enable password counts as well, and stops before a third device", async () => {
  await change({ enable_password: "not the enable password" });
  await mark();
  const answers = await Promise.all(devices().map((name) => tried(name)));
  const codes = answers.map((each) => each.error?.code);
  expect(codes.filter((code) => code === "enable_failed")).toHaveLength(2);
  expect(codes.filter((code) => code === "credential_paused")).toHaveLength(codes.length - 2);
  let answered = 0;
  for (const name of devices())
    answered += (await control.ledger(name, marks.get(name))).filter((e) => e.kind === "answer").length;
  expect(answered).toBe(2);
  expect(Date.parse((await pausedUntil()) ?? "")).toBeGreaterThan(Date.now());
});

test("a credential that the device asks no secret of is no refusal", async () => {
  await change({ enable_password: null });
  const [a = ""] = devices();
  for (let n = 0; n < 3; n++)
    expect((await tried(a)).error).toMatchObject({
      code: "credential_missing",
      message: expect.stringContaining("enable password") as string,
    });
  expect(await pausedUntil()).toBeNull();
});

describe("a device that hangs up on the password", () => {
  test("has said neither yes nor no: it is named so, and pauses nothing", async () => {
    const [a = ""] = devices();
    await control.addFault(a, { kind: "hang_up_at_login" });
    await mark();
    expect((await tried(a)).error?.code).toBe("auth_unanswered");
    expect(await passwords()).toEqual([`${a}: password, and hung up`]);
    expect(await pausedUntil()).toBeNull();
  });
});

describe("an unproven credential", () => {
  const access = async () => loadAccess(api.pool, api.vault, ids.get(devices()[0] ?? "") ?? "");
  type Seen = { sent: number; most: number; ends: string[] };

  /** A hundred logins at once, over and over at the worst moments; `verdict` is what the n-th device that got the secret says. */
  const storm = async (verdict: (n: number) => "accepted" | "refused" | null): Promise<Seen> => {
    const trials = createTrials(api.pool);
    const device = { ...(await access()), id: newId() };
    const seen: Seen = { sent: 0, most: 0, ends: [] };
    let holding = 0;
    let proven = false;
    const one = async (): Promise<void> => {
      const trial = trials.open(device, "login");
      let said: "accepted" | "refused" | null = null;
      try {
        await trial.begin();
        seen.sent += 1;
        holding += 1;
        if (!proven) seen.most = Math.max(seen.most, holding);
        said = verdict(seen.sent);
        await sleep(seen.sent % 3);
        holding -= 1;
        if (said === "refused") await recordRefusal(api.pool, device.credential, device.id);
        if (said === "accepted") proven = true;
        seen.ends.push(said ?? "unknown");
      } catch (error) {
        seen.ends.push(error instanceof AppError ? error.code : String(error));
      } finally {
        trial.end(said);
      }
    };
    await Promise.all(Array.from({ length: 100 }, one));
    return seen;
  };

  test("a refusal that comes while another device looks is seen before its secret goes out", async () => {
    const looks: PromiseWithResolvers<{ at: Date }[]>[] = [];
    // Only what the trials ask of the database: each answer comes when the test says so.
    const slow = (() => {
      const look = Promise.withResolvers<{ at: Date }[]>();
      looks.push(look);
      return look.promise;
    }) as unknown as Api["pool"];
    const trials = createTrials(slow);
    const device = await access();
    const [a, b, c] = [1, 2, 3].map(() => trials.open(device, "login"));
    const both = Promise.all([a?.begin(), b?.begin()]);
    for (const look of looks) look.resolve([]);
    await both;
    a?.end("refused");
    const third = expect(c?.begin()).rejects.toMatchObject({ code: "credential_paused" });
    b?.end("refused");
    // As it was before the second refusal was written down.
    looks[2]?.resolve([{ at: new Date() }]);
    await expect.poll(() => looks.length).toBe(4);
    looks[3]?.resolve([{ at: new Date() }, { at: new Date() }]);
    await third;
  });

  test("that every device refuses reaches two", async () => {
    const seen = await storm(() => "refused");
    expect(seen.sent).toBe(2);
    expect(seen.ends.filter((each) => each === "credential_paused")).toHaveLength(98);
  });

  test("reaches all of them once one has accepted it, and nobody is forgotten", async () => {
    const seen = await storm((n) => (n < 3 ? null : "accepted"));
    expect(seen).toMatchObject({ sent: 100, most: 2 });
  });

  test("that nobody decides about goes round two by two", async () => {
    const seen = await storm(() => null);
    expect(seen).toMatchObject({ sent: 100, most: 2 });
  });

  test("is let go by a login that ends while it waits for its turn", async () => {
    const trials = createTrials(api.pool);
    const device = { ...(await access()), id: newId() };
    const open = () => trials.open(device, "login");
    const [a, b, c, d] = [open(), open(), open(), open()];
    await a.begin();
    await b.begin();
    const waits = c.begin();
    c.end(null);
    await expect(waits).rejects.toMatchObject({ code: "connection_lost" });
    const next = d.begin();
    a.end(null);
    await next;
    b.end(null);
    d.end("accepted");
  });
});

import { createServer, type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseRead } from "../../domain/read/parse-read.ts";
import { read, readRunningConfig, testDevice } from "../../devices/read.ts";
import type { NewFault } from "../../lab/faults.ts";
import { createLabWorld, type LabWorld } from "./world.ts";

const NAMES = ["lab-ams-1", "lab-ams-2", "lab-ams-3"];
let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(NAMES, { timeScale: 60 });
});
afterAll(() => w.stop());
afterEach(async () => {
  for (const name of NAMES) await w.control.clearFaults(name);
  await w.pool`delete from credential_refusals`;
});

const tested = async (name: string) => testDevice(w.sessions, await w.access(await w.device(name)));
const fault = (name: string, f: NewFault) => w.control.addFault(name, f);
/** Sessions are kept for a while; a device row that was touched makes the next one a new one. */
const anew = async (name: string) =>
  w.pool`update devices set updated_at = clock_timestamp() where id = ${await w.device(name)}`;

describe.each(NAMES)("%s", (name) => {
  test("a test of a device tells what it is", async () => {
    const answer = await tested(name);
    expect(answer).toMatchObject({ device: name, reachable: true, error: null, facts: { hostname: name } });
    expect(answer.facts?.os_version).toBeTruthy();
    expect(answer.facts?.model).toBeTruthy();
    expect(answer.facts?.serial).toBeTruthy();
    expect(answer.facts?.uptime_s).toBeGreaterThanOrEqual(0);
    expect(answer.latency_ms).toBeGreaterThan(0);
    expect(answer.host_key).toMatchObject({ status: "accepted" });
  });

  test("the running config is read whole, with a stuck pager, log lines and odd bytes in it", async () => {
    const r = await w.device(name);
    const plain = await w.sessions.use(await w.access(r), "read", readRunningConfig);
    await anew(name);
    await fault(name, { kind: "pager_stuck" });
    await fault(name, { kind: "log_lines", where: "before_prompt" });
    const paged = await w.sessions.use(await w.access(r), "read", readRunningConfig);
    expect(strip(paged)).toBe(strip(plain));
  });
});

/** What differs between two readings of the same config. */
const strip = (text: string): string =>
  text.replace(/^(! Command:|Building|Current|## Last|! (Last|NVRAM)).*\n/gm, "").trim();

const cases: [string, NewFault | null, string][] = [
  ["a refused login", { kind: "refuse_auth" }, "auth_failed"],
  ["a changed host key", { kind: "host_key_changed" }, "host_key_changed"],
  ["full VTY lines", { kind: "vty_full" }, "session_refused"],
  ["full VTY lines, said so", { kind: "vty_full", how: "message" }, "vty_lines_exhausted"],
  ["old algorithms", { kind: "old_ssh" }, "no_common_algorithm"],
  ["nothing that listens", { kind: "refuse_connection" }, "connection_refused"],
];
test.each(cases)("%s is named", async (_what, f, code) => {
  await anew("lab-ams-1");
  if (f !== null) await fault("lab-ams-1", f);
  const { error, reachable } = await tested("lab-ams-1");
  expect(error?.code).toBe(code);
  expect(error?.what_to_do).not.toBe("");
  expect(reachable).toBe(false);
});

test("the algorithms that a device offers are named", async () => {
  await anew("lab-ams-1");
  await fault("lab-ams-1", { kind: "old_ssh" });
  const { error } = await tested("lab-ams-1");
  expect(error?.message).toContain("diffie-hellman-group14-sha1");
  await w.pool`update devices set weak_algorithms = '{diffie-hellman-group14-sha1,aes128-cbc,hmac-sha1}', updated_at = clock_timestamp() where id = ${await w.device("lab-ams-1")}`;
  expect((await tested("lab-ams-1")).error).toBeNull();
  await w.pool`update devices set weak_algorithms = '{}' where id = ${await w.device("lab-ams-1")}`;
});

test("a wrong password is sent once, counted, and pauses its credential for the whole fleet", async () => {
  const r = await w.device("lab-ams-1");
  await anew("lab-ams-1");
  await fault("lab-ams-1", { kind: "refuse_auth" });
  const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
  expect((await tested("lab-ams-1")).error?.code).toBe("auth_failed");
  const tries = async () =>
    (await w.control.ledger("lab-ams-1", since)).filter((e) => e.kind === "auth").map((e) => e.line);
  expect(await tries()).toEqual(["password refused"]);
  expect((await tested("lab-ams-1")).error?.code).toBe("auth_failed");
  expect((await tested("lab-ams-1")).error?.code).toBe("credential_paused");
  expect(await tries()).toHaveLength(2);
  expect(await w.pool`select credential from credential_refusals`).toHaveLength(2);
  await w.pool`update credential_refusals set cleared_at = now() where credential = ${`device:${r}`}`;
  await w.control.clearFaults("lab-ams-1");
  expect((await tested("lab-ams-1")).error).toBeNull();
});

test("a changed host key stops before a credential is even opened, and is kept for a person to see", async () => {
  const r = await w.device("lab-ams-1");
  await anew("lab-ams-1");
  await fault("lab-ams-1", { kind: "host_key_changed" });
  const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
  let opened = 0;
  const access = await w.access(r);
  const { error, host_key } = await testDevice(w.sessions, {
    ...access,
    openSecrets: () => {
      opened += 1;
      return access.openSecrets();
    },
  });
  expect(error?.code).toBe("host_key_changed");
  expect(host_key).toMatchObject({ status: "changed", algorithm: "ssh-ed25519" });
  expect(opened).toBe(0);
  expect((await w.control.ledger("lab-ams-1", since)).filter((e) => e.kind === "auth")).toEqual([]);
  const [offered] = await w.pool`select fingerprint from host_keys where device_id = ${r} and status = 'offered'`;
  expect(offered?.fingerprint).toBe(host_key?.fingerprint);
  await w.control.clearFaults("lab-ams-1");
  expect((await tested("lab-ams-1")).error).toBeNull();
  expect(await w.pool`select 1 from host_keys where device_id = ${r} and status = 'offered'`).toEqual([]);
});

test("a host key that nobody accepted is shown, and nothing is sent", async () => {
  const info = w.lab.routers.find((r) => r.name === "lab-ams-2");
  if (!info) throw new Error("no router");
  const id = await w.addDevice("unknown-key", { ...info, host_key_sha256: null });
  const { error, host_key } = await testDevice(w.sessions, await w.access(id));
  expect(error?.code).toBe("host_key_unknown");
  expect(host_key).toMatchObject({ status: "unknown", fingerprint: info.host_key_sha256 });
});

test("a wrong enable password is sent once, to the prompt that asks for it", async () => {
  const info = w.lab.routers.find((r) => r.name === "lab-ams-1");
  if (!info) throw new Error("no router");
  const wrong = await w.addDevice("wrong-enable", { ...info, enable_password: "not this" });
  const none = await w.addDevice("no-enable", {
    host: info.host,
    port: info.port,
    device_type: info.device_type,
    username: info.username,
    password: info.password,
    host_key_sha256: info.host_key_sha256,
  });
  const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
  expect((await testDevice(w.sessions, await w.access(wrong))).error?.code).toBe("enable_failed");
  const answers = (await w.control.ledger("lab-ams-1", since)).filter((e) => e.kind === "answer");
  expect(answers).toHaveLength(1);
  expect((await testDevice(w.sessions, await w.access(none))).error?.message).toContain("has none");
});

test("a server that accepts and says nothing times out in the handshake; one that answers nonsense breaks it", async () => {
  const silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  const nonsense = createServer((socket) =>
    socket.on("error", () => undefined).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  ).listen(0, "127.0.0.1");
  await Promise.all(
    [silent, nonsense].map(
      (s) => new Promise((resolve) => (s.listening ? resolve(null) : s.once("listening", resolve))),
    ),
  );
  const at = async (name: string, server: typeof silent) =>
    w.addDevice(name, {
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      device_type: "cisco_ios",
      username: "x",
      password: "y",
      host_key_sha256: null,
    });
  expect((await testDevice(w.sessions, await w.access(await at("nonsense", nonsense)))).error?.code).toBe(
    "handshake_failed",
  );
  const stop = new AbortController();
  const waiting = testDevice(w.sessions, await w.access(await at("silent", silent)), { signal: stop.signal });
  setTimeout(() => stop.abort(), 200);
  expect((await waiting).error?.code).toBe("stopped");
  silent.close();
  nonsense.close();
});

test("any key is given where a device asks for one at login; anything else stops the login", async () => {
  await anew("lab-ams-1");
  await fault("lab-ams-1", { kind: "login_dialog", once: true });
  expect((await tested("lab-ams-1")).error).toBeNull();
  await anew("lab-ams-1");
  await fault("lab-ams-1", { kind: "login_dialog", text: "Your password has expired. New password: ", once: true });
  const { error } = await tested("lab-ams-1");
  expect(error?.code).toBe("login_dialog_unknown");
  expect(error?.message).toContain("New password");
});

test("a command that the device does not know is a failure, not an answer", async () => {
  const r = await w.device("lab-ams-1");
  await expect(
    w.sessions.use(await w.access(r), "read", (s) => read(s, parseRead("cisco_ios", "show nonsense"))),
  ).rejects.toMatchObject({ code: "line_rejected" });
});

test("a disabled device is not connected to", async () => {
  const r = await w.device("lab-ams-2");
  await w.pool`update devices set enabled = false, disabled_reason = 'being replaced' where id = ${r}`;
  await expect(w.access(r)).rejects.toMatchObject({
    code: "device_disabled",
    message: expect.stringContaining("being replaced") as string,
  });
  await w.pool`update devices set enabled = true, disabled_reason = null where id = ${r}`;
});

test("a session is used again, by whoever needs one, and at most one read and one write session are open", async () => {
  const r = await w.device("lab-ams-2");
  await anew("lab-ams-2");
  const since = (await w.control.ledger("lab-ams-2")).at(-1)?.seq ?? 0;
  const access = await w.access(r);
  const order: number[] = [];
  await Promise.all([1, 2, 3, 4].map((n) => w.sessions.use(access, "read", async () => void order.push(n))));
  expect(order).toEqual([1, 2, 3, 4]);
  const logins = async () => (await w.control.ledger("lab-ams-2", since)).filter((e) => e.kind === "login").length;
  await w.sessions.use(access, "write", async () => undefined);
  expect(await logins()).toBe(1);
  await w.sessions.use(access, "write", () => w.sessions.use(access, "read", async () => undefined));
  expect(await logins()).toBe(2);
  await w.sessions.use(access, "read", async () => undefined);
  await w.sessions.use(access, "write", async () => undefined);
  expect(await logins()).toBe(2);
  expect((await w.control.router("lab-ams-2")).sessions.length).toBeLessThanOrEqual(2 + 1);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let admin: Caller;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
});
afterAll(() => api.stop());

async function make(name: string, more: object = {}): Promise<{ id: string }> {
  const { status, body, text } = await admin.call("POST", "/api/credentials", {
    name,
    username: "netops",
    password: "s3cret-CANARY",
    ...more,
  });
  if (status !== 201) throw new Error(text);
  return body.data.credential;
}

test("credentials are written and never read; operators see them, and only admins write", async () => {
  const { id } = await make("tacacs");
  const shown = await admin.call("GET", `/api/credentials/${id}`);
  expect(shown.body.data.credential).toMatchObject({
    name: "tacacs",
    username: "netops",
    has_password: true,
    has_enable_password: false,
    devices: 0,
    paused_until: null,
  });
  expect(shown.text).not.toContain("CANARY");
  const operator = await api.as(["operator"]);
  expect((await operator.call("GET", "/api/credentials?search=tac&sort=-updated_at")).body.data.total).toBe(1);
  expect((await operator.call("PUT", `/api/credentials/${id}`, { username: "x" })).body.code).toBe(
    "permission_missing",
  );
});

test("a part of the secrets can be replaced, and the time says so", async () => {
  const { id } = await make("parts");
  await api.pool`update credentials set secrets_set_at = '2020-01-01' where id = ${id}`;
  const renamed = await admin.call("PUT", `/api/credentials/${id}`, { description: "for all" });
  expect(renamed.body.data.credential.secrets_set_at).toBe("2020-01-01T00:00:00.000Z");
  const more = await admin.call("PUT", `/api/credentials/${id}`, { enable_password: "en" });
  expect(more.body.data.credential).toMatchObject({ has_password: true, has_enable_password: true });
  expect(more.body.data.credential.secrets_set_at > "2025").toBe(true);
  const [row] = await api.pool<{ sealed: Buffer }[]>`select sealed from credentials where id = ${id}`;
  expect(JSON.parse(api.vault.open(row?.sealed ?? Buffer.alloc(0), `credential:${id}`).toString())).toEqual({
    password: "s3cret-CANARY",
    enable_password: "en",
  });
});

test("one without any secret is refused, and so is taking the last one away", async () => {
  expect((await admin.call("POST", "/api/credentials", { name: "empty", username: "x" })).body.code).toBe(
    "secret_missing",
  );
  const { id } = await make("last");
  expect((await admin.call("PUT", `/api/credentials/${id}`, { password: null })).body.code).toBe("secret_missing");
  expect((await admin.call("PUT", `/api/credentials/${id}`, { passphrase: "x" })).body.code).toBe("key_passphrase");
});

test("a name is taken in any case", async () => {
  await make("twice");
  const { id } = await make("other");
  expect(
    (await admin.call("POST", "/api/credentials", { name: "TWICE", username: "x", password: "y" })).body.code,
  ).toBe("credential_exists");
  expect((await admin.call("PUT", `/api/credentials/${id}`, { name: "Twice" })).body.code).toBe("credential_exists");
});

test("one is the default", async () => {
  const a = await make("default-a", { is_default: true });
  const b = await make("default-b");
  expect((await admin.call("POST", `/api/credentials/${b.id}/default`)).body.data.credential.is_default).toBe(true);
  expect((await admin.call("GET", `/api/credentials/${a.id}`)).body.data.credential.is_default).toBe(false);
});

test("one that devices use is not deleted", async () => {
  const { id } = await make("used");
  await admin.call("POST", "/api/devices", { name: "r1", host: "10.0.0.1", device_type: "linux", credential_id: id });
  expect((await admin.call("GET", "/api/devices/r1")).body.data.device).toMatchObject({
    credential_id: id,
    credential_name: "used",
  });
  expect((await admin.call("DELETE", `/api/credentials/${id}`)).body).toMatchObject({ code: "credential_in_use" });
  await admin.call("PUT", "/api/devices/r1", { credential_id: null });
  expect((await admin.call("DELETE", `/api/credentials/${id}`)).status).toBe(200);
  expect((await admin.call("GET", `/api/credentials/${id}`)).status).toBe(404);
});

test("two refusals within ten minutes pause it, a corrected secret resumes it", async () => {
  const { id } = await make("paused");
  const refuse = () => api.pool`insert into credential_refusals (credential) values (${`credential:${id}`})`;
  const pausedUntil = async () => (await admin.call("GET", `/api/credentials/${id}`)).body.data.credential.paused_until;
  await refuse();
  expect(await pausedUntil()).toBeNull();
  await refuse();
  expect(Date.parse((await pausedUntil()) ?? "")).toBeGreaterThan(Date.now());
  await admin.call("PUT", `/api/credentials/${id}`, { description: "no secret changed" });
  expect(await pausedUntil()).not.toBeNull();
  await admin.call("PUT", `/api/credentials/${id}`, { password: "corrected" });
  expect(await pausedUntil()).toBeNull();
});

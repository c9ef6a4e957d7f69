import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let admin: Caller;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
});
afterAll(() => api.stop());

const CANARIES = {
  password: 'cnry-pw/+é"7f3a',
  enable: "cnry-en&<8d1c>",
  passphrase: "cnry-pp 2b9e",
  login: "cnry-login-51c0-long",
  username: "cnry-typed-into-the-name",
  csv: "cnry-csv-77aa",
};
/** A text as it may lie in a log, a dump or an answer. */
const forms = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("hex"),
  JSON.stringify(secret).slice(1, -1),
];

test("secrets are found nowhere but sealed: not in answers of any kind, the log, or the database", async () => {
  const heard: string[] = [];
  const call = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const reply = await admin.call(method, path, body, headers);
    heard.push(reply.text, JSON.stringify([...reply.headers]));
    return reply;
  };
  const secrets = { password: CANARIES.password, enable_password: CANARIES.enable };
  // What works.
  const credential = await call("POST", "/api/credentials", { name: "c", username: "u", ...secrets });
  await call("POST", "/api/devices", { name: "d", host: "10.0.0.1", device_type: "linux", ...secrets });
  await call("PUT", "/api/devices/d", { password: CANARIES.password, description: "x" });
  await call("PUT", `/api/credentials/${credential.body.data.credential.id}`, secrets);
  await call("POST", "/api/users", { username: "u1", password: CANARIES.login, roles: ["viewer"] });
  await call("POST", "/api/devices/import", `name,host,device_type,password\ncsv-1,10.0.0.2,linux,${CANARIES.csv}\n`, {
    "content-type": "text/csv",
  });
  // What fails, early and late, with the secret beside the fault or as the fault itself.
  for (const body of [
    { name: "d", host: "10.0.0.1", device_type: "linux", ...secrets },
    { name: "bad name", host: "x y", device_type: "cisco_iso", ...secrets },
    {
      name: "d2",
      host: "10.0.0.1",
      device_type: "linux",
      private_key: CANARIES.password,
      passphrase: CANARIES.passphrase,
    },
    { name: "d2", host: "10.0.0.1", device_type: "linux", password: [CANARIES.password] },
    {
      name: "d2",
      host: "10.0.0.1",
      device_type: "linux",
      credential_id: "0198a000-0000-7000-8000-000000000000",
      ...secrets,
    },
    `{"password": ${JSON.stringify(CANARIES.password)}, oops`,
  ])
    expect((await call("POST", "/api/devices", body)).status).toBeGreaterThanOrEqual(400);
  await call(
    "POST",
    "/api/devices/import",
    `name,host,device_type,password\ncsv-2,10.0.0.300,linux,${CANARIES.csv}\n"`,
    { "content-type": "text/csv" },
  );
  await call("POST", "/api/devices/import", `name,${CANARIES.password}\n`, { "content-type": "text/xml" });
  for (const login of [
    { username: "root", password: CANARIES.login },
    { username: CANARIES.username, password: "x" },
    { username: "u1", password: CANARIES.login },
  ]) {
    const reply = await api.call("POST", "/api/auth/login", { body: login });
    heard.push(reply.text);
  }
  await call("PUT", "/api/users/root/password", { current_password: CANARIES.password, new_password: CANARIES.login });
  // A bug in the middle of it: what the database says goes to the log, and only there.
  await api.pool`alter table devices add constraint no_d3 check (name <> 'd3')`;
  expect(
    (await call("POST", "/api/devices", { name: "d3", host: "10.0.0.1", device_type: "linux", ...secrets })).body,
  ).toMatchObject({ code: "internal" });
  for (const path of [
    "/api/devices",
    "/api/devices/d",
    "/api/devices/export",
    "/api/credentials",
    "/api/users",
    "/api/audit?limit=500",
    "/api/audit/export",
    "/metrics",
  ])
    await call("GET", path);

  const tables = await api.pool<
    { name: string }[]
  >`select tablename as name from pg_tables where schemaname = 'public'`;
  const rows: string[] = [];
  for (const { name } of tables)
    rows.push(JSON.stringify(await api.pool`select t::text as row from ${api.pool(name)} t`));
  expect(rows.length).toBeGreaterThan(20);

  const places = { answers: heard.join("\n"), log: api.log(), database: rows.join("\n") };
  for (const [what, secret] of Object.entries(CANARIES))
    for (const form of forms(secret))
      for (const [place, text] of Object.entries(places))
        expect(text.includes(form), `${what} as ${form} in the ${place}`).toBe(false);
  // The search can find: names that are no secrets are there.
  expect(places.log).toContain("request_id");
  expect(places.database).toContain("csv-1");
});

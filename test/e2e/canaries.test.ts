import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENDED, type RunStatus } from "../../domain/contract/run.ts";
import type { NewFault } from "../../lab/faults.ts";
import type { Answer, ApiClient } from "../support/api-client.ts";
import { watchFor } from "../support/canaries.ts";
import { dumpTables, readFiles, readHistories } from "../support/leak-places.ts";
import { ask, ownDevice, plan } from "../support/network.ts";
import { startOtlpReceiver } from "../support/otlp.ts";
import { startProduct, type Product } from "../support/product.ts";
import { makeEd25519 } from "../support/ssh-keys.ts";

/** Each is another text in base64, in hex, in a URL and in JSON, and no word that could stand anywhere else. */
const canary = (name: string): string => `cnry+${name}/${randomBytes(5).toString("hex")}%`;
const canaryWithQuotes = (name: string): string => `cnry "${name}\\ ${randomBytes(5).toString("hex")}ü`;

const DEVICE_PASSWORD = canaryWithQuotes("DevPw");
const ENABLE_PASSWORD = canaryWithQuotes("Enable");
const CREDENTIAL_PASSWORD = canaryWithQuotes("CredPw");
const PASSPHRASE = canaryWithQuotes("Phrase");
const USER_PASSWORD = canaryWithQuotes("UserPw");
const CSV_PASSWORD = canary("CsvPw");
const COMMUNITY = canary("Comm");
const BGP_PASSWORD = canary("Bgp");
const USER_SECRET = canary("Secret");
const KEY_STRING = canary("KeyStr");
const REFUSED = canary("Refused");
const CUT = canary("Cut");
const ASKED = canary("Asked");
const ECHOED = canary("Echo");
const ON_DEVICE = canary("OnDevice");
const MISPLACED = canary("Misplaced");
const OTLP_TOKEN = canary("Otlp").replace(/[+/%]/g, "-");

let product: Product;
let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
let operator: ApiClient;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  product = await startProduct({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${OTLP_TOKEN}`,
      LOG_LEVEL: "debug",
    },
  });
  operator = await product.admin.newUser("olga", ["operator"]);
});
afterAll(async () => {
  await product.stop();
  await receiver.stop();
});

test("the search finds a secret in every form", () => {
  const hidden = { a: 'p"ss\\w/rd+ü' };
  const inside = Buffer.from(`{"x":"..${hidden.a}.."}`);
  for (const text of [
    hidden.a,
    JSON.stringify({ password: hidden.a }),
    JSON.stringify(JSON.stringify({ password: hidden.a })),
    inside.toString("base64"),
    Buffer.concat([Buffer.from("1"), inside]).toString("base64url"),
    inside.toString("hex"),
    encodeURIComponent(`x=${hidden.a}`),
  ]) {
    const canaries = watchFor(hidden);
    canaries.see("here", text);
    canaries.see("there", Buffer.from(text));
    expect(canaries.hits(), text).toHaveLength(2);
  }
});

test(
  "secrets are found nowhere outside the vault, in no form, whatever became of what they were used for",
  { timeout: 300_000 },
  async () => {
    const { admin } = product;
    const { private: privateKey } = makeEd25519({ passphrase: PASSPHRASE, cipher: "aes256-cbc", rounds: 4 });
    const session = await browserSession();
    const token = (
      await admin.post<{ token: string }>("/auth/tokens", { name: "ci", scopes: ["devices:read"], expires_in_days: 7 })
    ).token;
    const signedIn = await admin.call("POST", "/auth/login", { username: "admin", password: product.adminPassword });
    const masterKey = (await readFile(join(product.dataDir, "keys", "master.key"), "utf8")).trim();
    const canaries = watchFor({
      device_password: DEVICE_PASSWORD,
      enable_password: ENABLE_PASSWORD,
      credential_password: CREDENTIAL_PASSWORD,
      passphrase: PASSPHRASE,
      private_key: privateKey.split("\n")[4] ?? "",
      user_password: USER_PASSWORD,
      admin_password: product.adminPassword,
      csv_password: CSV_PASSWORD,
      community: COMMUNITY,
      bgp_password: BGP_PASSWORD,
      user_secret: USER_SECRET,
      key_string: KEY_STRING,
      refused_line: REFUSED,
      cut_line: CUT,
      asked_line: ASKED,
      echoed_line: ECHOED,
      on_the_device: ON_DEVICE,
      in_the_wrong_field: MISPLACED,
      otlp_token: OTLP_TOKEN,
      api_token: token,
      session_cookie: session,
      access_token: String(signedIn.data.access_token),
      refresh_token: String(signedIn.data.refresh_token),
      master_key: masterKey,
      postgres_password: (await readFile(join(product.dataDir, "keys", "postgres.password"), "utf8")).trim(),
    });
    const seeAnswer = (where: string, { body }: Pick<Answer, "body">): void =>
      canaries.see(where, JSON.stringify(body));
    expect((await fetchWith({ authorization: `Bearer ${token}` }, "/devices")).status).toBe(200);
    expect((await fetchWith({ cookie: `netstacks_session=${session}` }, "/devices")).status).toBeLessThan(500);
    expect((await fetchWith({ authorization: `Bearer ${token}x` }, "/devices")).status).toBe(401);

    await people(seeAnswer);
    await devices(seeAnswer, privateKey);
    await malformed(seeAnswer);
    const streams = [await follow("/events")];
    const changes = await changesOfEveryEnd(seeAnswer, streams);

    for (const path of [
      "/devices",
      "/devices/export",
      "/devices/edge-ios",
      "/devices/edge-ios/config",
      "/devices/edge-ios/runs",
      `/devices?search=${encodeURIComponent("cnry")}`,
      "/credentials",
      "/users",
      "/changes",
      "/approvals",
      "/runs",
      "/audit?limit=500",
      "/audit/export",
      "/auth/tokens",
      "/auth/me",
      "/workers",
      "/platform/health",
      ...changes.flatMap(({ change, run }) => [
        `/changes/${change}`,
        `/changes/${change}/diff`,
        `/runs/${run}`,
        `/runs/${run}/lines`,
        `/runs/${run}/transcript?limit=500`,
        `/runs/${run}/history`,
      ]),
    ]) {
      const answer = await admin.call("GET", path);
      expect(answer.status, path).toBe(200);
      seeAnswer(`GET ${path}`, answer);
    }
    for (const { path, stop } of streams) canaries.see(`the stream ${path}`, await stop());
    canaries.see("/metrics", await (await fetch(`${product.address}/metrics`)).text());
    await receiver.until((spans) => spans.some((s) => s.name === "activity rollbackDevice"), 20);
    canaries.see("traces", receiver.raw());

    const histories = await readHistories(product);
    expect(histories.length).toBeGreaterThan(changes.length);
    expect(histories.map((h) => h.opened).join(), "the opened histories must be readable").toContain(changes[0]?.run);
    for (const { id, stored, opened } of histories) {
      canaries.see(`the stored history of ${id}`, stored);
      canaries.see(`the opened history of ${id}`, opened);
    }
    const tables = await dumpTables(product);
    expect(tables.length).toBeGreaterThan(20);
    for (const [table, text] of tables) canaries.see(`table ${table}`, text);
    for (const [file, bytes] of await readFiles(...["logs", "temporal", "run"].map((f) => join(product.dataDir, f))))
      canaries.see(file, bytes);
    // Also what was written once and is deleted: the write-ahead log keeps it.
    for (const [file, bytes] of await readFiles(join(product.dataDir, "postgres"))) canaries.seeRaw(file, bytes);
    canaries.see("what the supervisor printed", product.output());
    expect(canaries.hits()).toEqual([]);
  },
);

type See = (where: string, answer: Pick<Answer, "body">) => void;

const fetchWith = (headers: Record<string, string>, path: string): Promise<Response> =>
  fetch(`${product.address}/api${path}`, { headers });

/** Signs in as a browser does, and gives the cookie's value. */
async function browserSession(): Promise<string> {
  const answer = await fetch(`${product.address}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: product.address },
    body: JSON.stringify({ username: "admin", password: product.adminPassword }),
  });
  return /=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1] ?? "no cookie was given";
}

async function people(see: See): Promise<void> {
  const { admin } = product;
  see(
    "a new user",
    await admin.call("POST", "/users", { username: "carl", password: USER_PASSWORD, roles: ["viewer"] }),
  );
  see("a sign-in", {
    body: (await admin.call("POST", "/auth/login", { username: "carl", password: USER_PASSWORD })).status,
  });
  see("a wrong password", await admin.call("POST", "/auth/login", { username: "carl", password: `${USER_PASSWORD}x` }));
  see(
    "a refused change of password",
    await operator.call("PUT", "/users/olga/password", {
      current_password: `${USER_PASSWORD}y`,
      new_password: USER_PASSWORD,
    }),
  );
  see(
    "a user that is there",
    await admin.call("POST", "/users", { username: "carl", password: USER_PASSWORD, roles: ["viewer"] }),
  );
}

async function devices(see: See, privateKey: string): Promise<void> {
  const { admin, lab } = product;
  const ams1 = await lab.router("lab-ams-1");
  const at = { host: ams1.host, port: ams1.port, device_type: "cisco_ios" };
  const trusted = async (name: string): Promise<void> => {
    see(`the first test of ${name}`, await admin.call("POST", `/devices/${name}/test`, {}));
    const { device } = await admin.get<{ device: { offered_host_key: { fingerprint: string } | null } }>(
      `/devices/${name}`,
    );
    await admin.post(`/devices/${name}/host-key`, { fingerprint: device.offered_host_key?.fingerprint });
  };
  const credential = await admin.call("POST", "/credentials", {
    name: "canary",
    username: "canary",
    password: CREDENTIAL_PASSWORD,
    enable_password: ENABLE_PASSWORD,
  });
  see("a new credential", credential);
  see(
    "a credential that is there",
    await admin.call("POST", "/credentials", { name: "canary", username: "canary", password: CREDENTIAL_PASSWORD }),
  );
  const key = { name: "key", username: "canary", private_key: privateKey };
  see("a key with its passphrase", await admin.call("POST", "/credentials", { ...key, passphrase: PASSPHRASE }));
  see(
    "a key with another passphrase",
    await admin.call("POST", "/credentials", { ...key, name: "key-2", passphrase: `${PASSPHRASE}x` }),
  );
  see(
    "a cut key",
    await admin.call("POST", "/credentials", { ...key, name: "key-3", private_key: privateKey.slice(0, -60) }),
  );

  await ownDevice(product, "edge-ios", "lab-ams-1");
  see(
    "a wrong login",
    await admin.call("POST", "/devices", { name: "bad-login", ...at, username: "canary", password: DEVICE_PASSWORD }),
  );
  await trusted("bad-login");
  see("a refused login", await admin.call("POST", "/devices/bad-login/test", {}));
  const { username, password } = ams1;
  see(
    "a wrong enable password",
    await admin.call("POST", "/devices", {
      name: "bad-enable",
      ...at,
      username,
      password,
      enable_password: ENABLE_PASSWORD,
    }),
  );
  await trusted("bad-enable");
  see("a refused enable", await admin.call("POST", "/devices/bad-enable/test", {}));
  const { credential: made } = credential.data as unknown as { credential: { id: string } };
  for (const [name, credentialId] of [
    ["bad-credential", made.id],
    [
      "bad-key",
      (await admin.get<{ credentials: { id: string; name: string }[] }>("/credentials")).credentials.find(
        (c) => c.name === "key",
      )?.id,
    ],
  ]) {
    see(name ?? "", await admin.call("POST", "/devices", { name, ...at, credential_id: credentialId }));
    await trusted(name ?? "");
    see(`a refused ${name}`, await admin.call("POST", `/devices/${name}/test`, {}));
  }
  await lab.addFault("lab-ams-1", { kind: "auth_dialog", prompt: "Enter your new password: ", once: true });
  see("an unknown dialog", await admin.call("POST", "/devices/edge-ios/test", {}));
  await lab.clearFaults("lab-ams-1");
  const csv = `name,host,device_type,username,password\ncsv-1,192.0.2.1,cisco_ios,x,${CSV_PASSWORD}\ncsv-2,999.1.1.1,cisco_iso,x,"${CSV_PASSWORD}\n`;
  for (const text of [csv, csv.replace('"', "")])
    see("a CSV file with passwords", await admin.call("POST", "/devices/import", text, { "content-type": "text/csv" }));
}

/** Secrets where none belong: what is refused must not be repeated. */
async function malformed(see: See): Promise<void> {
  const { admin } = product;
  const device = { name: "x", host: "192.0.2.1", device_type: "cisco_ios" };
  for (const [method, path, body] of [
    ["POST", "/auth/login", `{"username":"admin","password":"${MISPLACED}`],
    ["POST", "/auth/login", { username: "admin", password: [MISPLACED] }],
    ["POST", "/auth/login", { username: "admin", passwrod: MISPLACED }],
    ["POST", "/auth/refresh", { refresh_token: MISPLACED }],
    ["POST", "/users", { username: "u", password: MISPLACED, roles: ["none"] }],
    ["POST", "/devices", { ...device, password: { value: MISPLACED } }],
    ["POST", "/devices", { ...device, port: 70_000, password: MISPLACED }],
    ["POST", "/devices", { ...device, private_key: MISPLACED, username: "x" }],
    ["POST", "/devices", `{"name":"x","password":"${MISPLACED}",}`],
    ["PATCH", "/devices/edge-ios", { password: MISPLACED, nope: true }],
    ["POST", "/credentials", { name: "c", username: "u", password: MISPLACED, extra: 1 }],
    [
      "POST",
      "/credentials",
      { name: "c", username: "u", private_key: `-----BEGIN OPENSSH PRIVATE KEY-----\n${MISPLACED}\n` },
    ],
    [
      "POST",
      "/changes",
      { title: "x", targets: [{ device: "edge-ios", lines: [`username u secret ${MISPLACED}`, "reload"] }] },
    ],
    ["POST", "/changes", { title: "x", targets: [{ device: "nobody", lines: [`username u secret ${MISPLACED}`] }] }],
    [
      "POST",
      "/changes",
      { title: "x", targets: [{ device: "edge-ios", lines: [`snmp-server community ${MISPLACED} RO\u0007`] }] },
    ],
    [
      "POST",
      "/changes",
      { title: "x", targets: [{ device: "edge-ios", lines: { line: `enable secret ${MISPLACED}` } }] },
    ],
  ] as const) {
    const answer = await admin.call(method, path, body);
    expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    see(`${method} ${path}, refused`, answer);
  }
  await admin.call("GET", `/devices?nope=${encodeURIComponent(MISPLACED)}`);
}

async function changesOfEveryEnd(see: See, streams: Stream[]): Promise<{ change: string; run: string }[]> {
  const { admin, lab } = product;
  const all: { change: string; run: string }[] = [];
  const go = async (
    title: string,
    lines: string[],
    wanted: RunStatus[],
    more: { choice?: string; verify?: unknown } = {},
  ) => {
    const planned = await plan(operator, {
      title,
      targets: [{ device: "edge-ios", lines }],
      ...(more.verify === undefined ? {} : { verify: more.verify }),
    });
    see(`the plan of ${title}`, { body: planned });
    all.push({ change: planned.change.id, run: planned.run.id });
    streams.push(await follow(`/runs/${planned.run.id}/events`));
    const asked = await ask(operator, planned);
    see(`the approval of ${title}`, await admin.call("GET", `/approvals/${asked.approval_id}`));
    see(`the yes to ${title}`, await admin.call("POST", `/approvals/${asked.approval_id}/approve`, {}));
    // What cannot be told by reading back is asked again: then it is taken back.
    for (const choice of more.choice === undefined ? [] : [more.choice, "rollback"]) {
      const stopped = await operator.untilRun(
        planned.run.id,
        (r) => r.status === "interrupted" || ENDED.includes(r.status),
      );
      see(`${title}, before ${choice}`, { body: stopped });
      if (stopped.status !== "interrupted") break;
      see(title, await operator.call("POST", `/runs/${planned.run.id}/resume`, { device: "edge-ios", choice }));
      await operator.untilRun(planned.run.id, (r) => r.message !== stopped.message);
    }
    const run = await operator.untilEnded(planned.run.id);
    see(`the end of ${title}`, { body: run });
    expect(wanted, `${title}: ${JSON.stringify(run)}`).toContain(run.status);
  };
  const broken = async (fault: NewFault, work: () => Promise<void>): Promise<void> => {
    await lab.addFault("lab-ams-1", fault);
    await work();
    await lab.clearFaults("lab-ams-1");
  };
  const community = (value: string): string => `snmp-server community ${value} RO`;

  const kept = [
    community(COMMUNITY),
    `username canary privilege 1 secret ${USER_SECRET}`,
    "router bgp 65010",
    " neighbor 192.0.2.77 remote-as 64999",
    ` neighbor 192.0.2.77 password ${BGP_PASSWORD}`,
    "key chain CANARY",
    " key 1",
    `  key-string ${KEY_STRING}`,
  ];
  // The device repeats a secret of ours, and one that it alone has, in what it says of itself.
  const log = `%SYS-5-CONFIG: snmp-server community ${ON_DEVICE} RO`;
  await broken({ kind: "log_lines", text: log, where: "in_output" }, () =>
    go("kept", kept, ["success"], {
      verify: [{ command: "show running-config | include community", expect: "snmp-server community" }],
    }),
  );
  expect((await lab.running("lab-ams-1")).running, "the real secret must be on the device").toContain(COMMUNITY);
  const undo = await operator.post<{ change: { id: string }; run: { id: string } }>(
    `/changes/${all[0]?.change}/rollback?wait=30`,
    {},
  );
  see("the undo", { body: undo });
  all.push({ change: undo.change.id, run: undo.run.id });

  const match = "cnry";
  const two = (value: string) => ["ntp server 203.0.113.66", community(value)];
  await broken({ kind: "refused_line", match, text: `% Invalid community ${REFUSED} here` }, () =>
    go("refused", two(REFUSED), ["rolled_back"]),
  );
  await broken({ kind: "cut_at_line", line: 2, phase: "after_echo", once: true }, () =>
    go("cut", two(CUT), ["success", "rolled_back"], { choice: "verify" }),
  );
  await broken({ kind: "cut_at_byte", byte: 60, once: true }, () =>
    go("cut in the line", two(`${CUT}2`), ["success", "rolled_back"], { choice: "retry" }),
  );
  await broken({ kind: "question", match, text: `Really set ${ASKED}? [confirm]`, once: true }, () =>
    go("asked", two(ASKED), ["rolled_back"], { choice: "rollback" }),
  );
  await broken({ kind: "wrong_echo", match, echo: `snmp-server comunity ${ECHOED} RO`, once: true }, () =>
    go("wrong echo", two(ECHOED), ["rolled_back"], { choice: "rollback" }),
  );
  await broken({ kind: "rewritten_echo", match, how: "wrap" }, () =>
    go("wrapped echo", two(`${ECHOED}3`), ["success"]),
  );

  const cancelled = await plan(operator, {
    title: "cancelled",
    targets: [{ device: "edge-ios", lines: [community(`${COMMUNITY}4`)] }],
  });
  all.push({ change: cancelled.change.id, run: cancelled.run.id });
  see("a cancel", await operator.call("POST", `/changes/${cancelled.change.id}/cancel`, { reason: "not wanted" }));
  const key = { "idempotency-key": "canary-key" };
  const body = { title: "repeated", targets: [{ device: "edge-ios", lines: [community(`${COMMUNITY}5`)] }] };
  see("a request", await operator.call("POST", "/changes?wait=20", body, key));
  see("its repeat", await operator.call("POST", "/changes?wait=20", body, key));
  see("another with its key", await operator.call("POST", "/changes", { ...body, title: "other" }, key));
  return all;
}

type Stream = { path: string; stop(): Promise<string> };

async function follow(path: string): Promise<Stream> {
  const gone = new AbortController();
  const response = await fetch(`${product.address}/api${path}`, {
    headers: { authorization: `Bearer ${operator.token()}` },
    signal: gone.signal,
  });
  expect(response.status).toBe(200);
  let text = "";
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })().catch(() => undefined); // ended by us
  return {
    path,
    async stop() {
      gone.abort();
      await reading;
      expect(text).toContain("event: ");
      return text;
    },
  };
}

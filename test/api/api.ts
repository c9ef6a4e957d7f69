import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import { pino } from "pino";
import type { AuditEntry, AuditVerification } from "../../domain/contract/audit.ts";
import type { Failure } from "../../domain/contract/common.ts";
import type { Credential, Device, DeviceTest, ImportRow } from "../../domain/contract/device.ts";
import type { Health, Stats } from "../../domain/contract/platform.ts";
import type { ApiToken, Me, Role, User } from "../../domain/contract/user.ts";
import { createApp } from "../../api/app.ts";
import { createHub, type Hub } from "../../api/hub.ts";
import { hashPassword } from "../../auth/passwords.ts";
import { openPool, type Pool } from "../../db/client.ts";
import { putBlob } from "../../db/queries/blobs.ts";
import { insertUser } from "../../db/queries/users.ts";
import { watchDatabase } from "../../services/database-watch.ts";
import type { Engine } from "../../services/engine.ts";
import { newId } from "../../system/ids.ts";
import { openVault, type Vault } from "../../system/vault.ts";
import { createTestDatabase } from "../support/engines.ts";
import { conformance } from "./conformance.ts";

export const PASSWORD = "a-good-long-password";
export const ORIGIN = "http://localhost:8080";

/** Stands in for Temporal: says what it is told to say, and keeps what it was asked. */
export type FakeEngine = Engine & {
  asked: { tested: string[][]; shown: { ids: string[]; command: string }[] };
  /** `shown` is what a device says to any read. */
  answers: { tests: (ids: string[]) => Promise<DeviceTest[]> | DeviceTest[]; reachable: boolean; shown: string };
};

function fakeEngine(pool: Pool, vault: Vault): FakeEngine {
  const asked: FakeEngine["asked"] = { tested: [], shown: [] };
  const answers: FakeEngine["answers"] = { tests: () => [], reachable: true, shown: "" };
  return {
    asked,
    answers,
    start: async () => true,
    nudge: async () => true,
    isOpen: async () => true,
    decide: async () => undefined,
    testDevices: async (ids) => {
      asked.tested.push(ids);
      return answers.tests(ids);
    },
    readCommand: async (ids, command) => {
      asked.shown.push({ ids, command });
      const ref = await putBlob(pool, vault, answers.shown);
      return ids.map((deviceId) => ({ deviceId, ref, read_at: new Date().toISOString() }));
    },
    recordDevice: async () => ({ ref: "none", version: "1" }),
    readConfig: async () => ({ ref: "none", read_at: new Date().toISOString() }),
    queues: async () =>
      answers.reachable
        ? [
            { kind: "workflow", backlog: 0, age: 0, pollers: 1 },
            { kind: "activity", backlog: 3, age: 1.5, pollers: 1 },
          ]
        : undefined,
    health: async () => ({
      reachable: answers.reachable,
      workers: answers.reachable ? 1 : 0,
      detail: answers.reachable ? "1 polling" : "the workflow engine does not answer",
    }),
  };
}

/** An answer as a script sees it: each test looks at the part that it asked for. */
export type Reply = { status: number; body: Body; headers: Headers; text: string };
type Body = Failure & { data: Data } & Pick<OpenApi, "openapi" | "paths" | "components">;
type Data = Me &
  ApiToken &
  Health &
  Stats &
  AuditVerification & {
    device: Device;
    devices: Device[];
    credential: Credential;
    credentials: Credential[];
    users: User[];
    entries: AuditEntry[];
    tokens: ApiToken[];
    token: string;
    access_token: string;
    refresh_token: string;
    test: DeviceTest;
    tests: DeviceTest[];
    rows: ImportRow[];
    created: number;
    updated: number;
    unchanged: number;
    accepted: string[];
    refused: { device: string; code: string; message: string }[];
    total: number;
    sites: { value: string; count: number }[];
    tags: { value: string; count: number }[];
    device_types: { value: string; count: number }[];
    states: { value: string; count: number }[];
  };
type OpenApi = {
  openapi: string;
  paths: Record<string, Record<string, { parameters: { name: string; in: string; required: boolean }[] }>>;
  components: { schemas: Record<string, { additionalProperties?: boolean }> };
};
/** What a test reads of an answer it checks; a part that is not there fails the check. */
const bodyOf = (text: string): Body => (text.startsWith("{") ? JSON.parse(text) : {}) as Body;

export type Api = {
  url: string;
  pool: Pool;
  vault: Vault;
  hub: Hub;
  engine: FakeEngine;
  app: ReturnType<typeof createApp>;
  /** Another app over the same things. */
  appAgain(): ReturnType<typeof createApp>;
  /** Everything that was logged. */
  log(): string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Makes a user and signs in as them. */
  as(roles: Role[], username?: string): Promise<Caller>;
  signIn(username: string, password?: string): Promise<Caller>;
  stop(): Promise<void>;
};
export type CallOptions = { token?: string; body?: unknown; headers?: Record<string, string> };
export type Caller = {
  username: string;
  token: string;
  refreshToken: string;
  cookie: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
};

let passwordHash: Promise<string> | undefined;

export async function startApi({
  publicUrl = ORIGIN,
  webDir = "/nowhere",
}: { publicUrl?: string; webDir?: string } = {}): Promise<Api> {
  const database = await createTestDatabase();
  const pool = openPool(database.url, { max: 10, name: "test" });
  const vault = openVault(randomBytes(32));
  let logged = "";
  const log = pino(
    { level: "debug" },
    new Writable({ write: (chunk: Buffer, _encoding, done) => ((logged += chunk.toString()), done()) }),
  );
  const engine = fakeEngine(pool, vault);
  const hub = await createHub(pool, log);
  const watch = watchDatabase(() => openPool(database.url, { max: 1, name: "test-watch" }), pool, log);
  const config = { publicUrl, trustedProxies: [], lab: false, dataDir: "/nowhere" };
  const appAgain = () => createApp({ config, pool, database: watch, vault, log, engine, hub, webDir });
  const app = appAgain();
  const conforms = conformance(app);
  let users = 0;

  const call: Api["call"] = async (method, path, { token, body, headers = {} } = {}) => {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const response = await app.request(path, {
      method,
      headers: {
        host: "localhost:8080",
        ...(text === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const isJson = answer !== "" && (response.headers.get("content-type")?.includes("json") ?? false);
    const reply = {
      status: response.status,
      headers: response.headers,
      text: answer,
      body: bodyOf(isJson ? answer : ""),
    };
    if (isJson && path !== "/api/openapi.json") conforms(method, path, reply.status, reply.body);
    return reply;
  };
  const signIn: Api["signIn"] = async (username, password = PASSWORD) => {
    const { status, body, headers, text } = await call("POST", "/api/auth/login", { body: { username, password } });
    if (status !== 200) throw new Error(`${username} could not sign in: ${text}`);
    const token: string = body.data.access_token;
    return {
      username,
      token,
      refreshToken: body.data.refresh_token,
      cookie: headers.get("set-cookie")?.split(";")[0] ?? "",
      call: (method, path, given, more = {}) => call(method, path, { token, body: given, headers: more }),
    };
  };
  return {
    url: database.url,
    pool,
    vault,
    hub,
    engine,
    app,
    appAgain,
    log: () => logged,
    call,
    signIn,
    async as(roles, username = `${roles.join("-")}-${++users}`) {
      passwordHash ??= hashPassword(PASSWORD);
      await insertUser(pool, {
        id: newId(),
        username,
        displayName: "",
        passwordHash: await passwordHash,
        roles,
        mustChangePassword: false,
      });
      return signIn(username);
    },
    async stop() {
      await hub.close();
      await watch.stop();
      await pool.end({ timeout: 5 });
      await database.drop();
    },
  };
}

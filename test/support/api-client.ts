import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../../domain/contract/change.ts";
import { ENDED, type Run } from "../../domain/contract/run.ts";

/** An answer of the API: its status, the envelope's data, and the whole body for failures. */
export type Answer = {
  status: number;
  data: Record<string, never> & Record<string, unknown>;
  code?: string;
  error?: string;
  body: unknown;
  headers: Headers;
};

export type ApiClient = {
  token(): string;
  signIn(username: string, password: string): Promise<void>;
  /** Signs in as somebody with a made password, who has to choose an own one first. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  /** Makes a user with these roles and gives a client that is signed in as them. */
  newUser(username: string, roles: string[]): Promise<ApiClient>;
  untilRun(runId: string, done: (run: Run) => boolean, seconds?: number): Promise<Run>;
  untilEnded(runId: string, seconds?: number): Promise<Run>;
  untilChange(changeId: string, statuses: Change["status"][], seconds?: number): Promise<Change>;
};

export const PASSWORD = "a-long-test-password-1";

/** A client of the REST API, as a script would write it. Access tokens are renewed by signing in again. */
export function apiClient(address: string): ApiClient {
  let token = "";
  let who: [string, string] | undefined;
  const send = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer> => {
    const response = await fetch(`${address}/api${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
    const envelope = (typeof parsed === "object" ? parsed : {}) as {
      data?: Answer["data"];
      code?: string;
      error?: string;
    };
    return {
      status: response.status,
      data: envelope.data ?? {},
      ...(envelope.code ? { code: envelope.code } : {}),
      ...(envelope.error ? { error: envelope.error } : {}),
      body: parsed,
      headers: response.headers,
    };
  };
  const client: ApiClient = {
    token: () => token,
    async signIn(username, password) {
      who = [username, password];
      token = "";
      const answer = await send("POST", "/auth/login", { username, password }, {});
      if (answer.status !== 200) throw new Error(`${username} could not sign in: ${JSON.stringify(answer.body)}`);
      token = String(answer.data.access_token);
    },
    async call(method, path, body, headers = {}) {
      const answer = await send(method, path, body, headers);
      if (answer.status !== 401 || !who || path.startsWith("/auth/")) return answer;
      await client.signIn(...who);
      return send(method, path, body, headers);
    },
    get: async <T>(path: string) => expectOk<T>("GET", path, await client.call("GET", path)),
    post: async <T>(path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      expectOk<T>("POST", path, await client.call("POST", path, body, headers)),
    async newUser(username, roles) {
      await client.post("/users", { username, password: `${PASSWORD}-first`, roles });
      const user = apiClient(address);
      await user.signIn(username, `${PASSWORD}-first`);
      await user.call("PUT", `/users/${username}/password`, {
        current_password: `${PASSWORD}-first`,
        new_password: PASSWORD,
      });
      await user.signIn(username, PASSWORD);
      return user;
    },
    async untilRun(runId, done, seconds = 90) {
      let last: Run | undefined;
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(150)) {
        // While parts are killed the API may be away for a moment.
        const answer = await client.call("GET", `/runs/${runId}`).catch(() => undefined);
        if (answer?.status !== 200) continue;
        last = answer.data.run as unknown as Run;
        if (done(last)) return last;
      }
      throw new Error(`run ${runId} did not get there in ${seconds} s: ${JSON.stringify(last, null, 1)}`);
    },
    untilEnded: (runId, seconds) => client.untilRun(runId, (run) => ENDED.includes(run.status), seconds),
    async untilChange(changeId, statuses, seconds = 60) {
      let last: Change | undefined;
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
        const answer = await client.call("GET", `/changes/${changeId}`).catch(() => undefined);
        if (answer?.status !== 200) continue;
        last = answer.data.change as unknown as Change;
        if (statuses.includes(last.status)) return last;
      }
      throw new Error(
        `change ${changeId} did not become ${statuses.join(" or ")} in ${seconds} s: ${JSON.stringify({ ...last, targets: undefined, groups: undefined }, null, 1)}`,
      );
    },
  };
  return client;
}

function expectOk<T>(method: string, path: string, answer: Answer): T {
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.data as T;
}

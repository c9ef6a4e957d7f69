import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { SignJWT, UnsecuredJWT, decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lengthenBlocks, shortenBlocks } from "./long-blocks.ts";
import { ORIGIN, PASSWORD, startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let admin: Caller;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
});
afterAll(() => api.stop());

const login = (username: string, password: string, headers: Record<string, string> = {}) =>
  api.call("POST", "/api/auth/login", { body: { username, password }, headers });
const browser = { origin: ORIGIN, "sec-fetch-site": "same-origin" };

describe("signing in", () => {
  test("gives tokens, a cookie that scripts cannot read, and who one is", async () => {
    const { status, body, headers } = await login("root", PASSWORD);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      token_type: "Bearer",
      expires_in: 600,
      token: body.data.access_token,
      user: { username: "root", roles: ["admin"], auth_source: "local" },
    });
    expect(headers.get("set-cookie")).toMatch(/^netstacks=nss_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const me = await api.call("GET", "/api/auth/me", { token: body.data.access_token });
    expect(me.body.data).toMatchObject({ user: { username: "root" }, lab: false, seen_welcome: false });
  });

  test("the name may be written in another case; remember_me lets the cookie outlive the browser", async () => {
    const { status, headers } = await api.call("POST", "/api/auth/login", {
      body: { username: "ROOT", password: PASSWORD, remember_me: true },
    });
    expect(status).toBe(200);
    expect(headers.get("set-cookie")).toMatch(/; Expires=/);
  });

  test("the access token says whose session it is and for how long, and no rights", () => {
    expect(decodeProtectedHeader(admin.token)).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
    const claims = decodeJwt(admin.token);
    expect(Object.keys(claims).sort()).toEqual(["aud", "exp", "iat", "iss", "sid", "sub"]);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(600);
  });

  test("a wrong password, an unknown name, a disabled account and a name no account can have get one answer", async () => {
    await api.as(["viewer"], "gone");
    await admin.call("PUT", "/api/users/gone", { disabled: true });
    const answers = await Promise.all([
      login("root", "wrong"),
      login("nobody", PASSWORD),
      login("gone", PASSWORD),
      login("no body\u0007", PASSWORD),
    ]);
    const plain = answers.map(({ status, body }) => ({ status, ...body, request_id: undefined }));
    expect(new Set(plain.map((a) => JSON.stringify(a))).size).toBe(1);
    expect(plain[0]).toMatchObject({ status: 401, code: "login_failed" });
  });

  test("a failed one is on record, without a name that is nobody's: it may be a password", async () => {
    await login("MyS3cretPassword!", "x");
    const { body, text } = await admin.call("GET", "/api/audit?action=auth.login_failed");
    expect(body.data.entries.map((e) => e.subject)).toContain("root");
    expect(text).not.toContain("MyS3cretPassword!");
    expect(api.log()).not.toContain("MyS3cretPassword!");
  });

  test("ends the session that this browser had before", async () => {
    const first = await api.signIn("root");
    const again = await login("root", PASSWORD, { cookie: first.cookie });
    expect(again.headers.get("set-cookie")?.split(";")[0]).not.toBe(first.cookie);
    expect((await api.call("GET", "/api/auth/me", { headers: { cookie: first.cookie } })).status).toBe(401);
  });
});

describe("guessing", () => {
  test("is not what a program does that signs in with the right password many times at once", async () => {
    await api.as(["viewer"], "pipeline");
    const replies = await Promise.all(Array.from({ length: 20 }, () => login("pipeline", PASSWORD)));
    expect(replies.map((r) => `${r.status} ${r.body.code ?? ""}`)).toEqual(replies.map(() => "200 "));
  });

  test("is slowed down per account, at once and also for many at a time; unknown names are slowed down just so", async () => {
    await api.as(["viewer"], "victim");
    await lengthenBlocks(api.pool);
    const guess = async (username: string) => {
      const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => login(username, `guess-${i}`)));
      const later = await login(username, PASSWORD);
      return {
        checked: replies.filter((r) => r.status === 401).length,
        codes: new Set(replies.map((r) => r.body.code)),
        later,
      };
    };
    const known = await guess("victim");
    const unknown = await guess("not-even-there");
    expect(known.checked).toBe(5);
    expect(unknown.checked).toBe(known.checked);
    expect(known.codes).toEqual(new Set(["login_blocked", "login_failed"]));
    // The right password does not help while the account is blocked, or a guesser would learn it.
    expect(known.later.status).toBe(429);
    expect(Number(known.later.headers.get("retry-after"))).toBeGreaterThan(0);
    const said = (it: typeof known) => String(it.later.body.error).replace(/\d+ s/, "n s");
    expect(said(unknown)).toBe(said(known));
    await shortenBlocks(api.pool);
  });

  test("doubles the wait with each failure, and a right password starts anew", async () => {
    const user = await api.as(["viewer"], "forgetful");
    for (let i = 0; i < 5; i += 1) await login("forgetful", "wrong");
    const waits: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const [row] = await api.pool<{ wait: number }[]>`
        select round(extract(epoch from blocked_until - updated_at))::int as wait from login_failures where blocked_until > now() - interval '1 minute' order by updated_at desc limit 1`;
      waits.push(row?.wait ?? 0);
      await api.pool`update login_failures set blocked_until = now()`;
      await login("forgetful", "wrong");
    }
    expect(waits).toEqual([1, 2, 4, 8]);
    await api.pool`update login_failures set blocked_until = now()`;
    expect((await login("forgetful", PASSWORD)).status).toBe(200);
    expect((await login("forgetful", "wrong")).status).toBe(401);
    expect((await login("forgetful", "wrong")).status).toBe(401);
    expect(user.username).toBe("forgetful");
  });
});

describe("sessions", () => {
  test("a refresh token works once; using it again ends the session for whoever holds it", async () => {
    const user = await api.as(["viewer"]);
    const refresh = (token: string) => api.call("POST", "/api/auth/refresh", { body: { refresh_token: token } });
    const second = await refresh(user.refreshToken);
    expect(second.status).toBe(200);
    const third = await refresh(second.body.data.refresh_token);
    expect(third.status).toBe(200);
    // The first, two generations old, in the hands of somebody who copied it.
    const reuse = await refresh(user.refreshToken);
    expect({ status: reuse.status, code: reuse.body.code }).toEqual({ status: 401, code: "refresh_reused" });
    expect((await refresh(third.body.data.refresh_token)).status).toBe(401);
    await api.pool`select pg_notify('hints', 'users:*')`;
    await expect
      .poll(async () => (await api.call("GET", "/api/auth/me", { token: third.body.data.access_token })).status, {
        timeout: 15_000,
      })
      .toBe(401);
  });

  test("two uses of one refresh token at the same moment give one pair at most", async () => {
    const user = await api.as(["viewer"]);
    const replies = await Promise.all(
      Array.from({ length: 5 }, () =>
        api.call("POST", "/api/auth/refresh", { body: { refresh_token: user.refreshToken } }),
      ),
    );
    expect(replies.filter((r) => r.status === 200)).toHaveLength(1);
  });

  test.each(["", "nsr_x", "nsr_a.b.c", "nsr_0198a000-0000-7000-8000-000000000000.abc.def"])(
    "the refresh token %j is refused and ends nothing",
    async (token) => {
      const { status } = await api.call("POST", "/api/auth/refresh", { body: { refresh_token: token } });
      expect(status).toBe(token === "" ? 400 : 401);
    },
  );

  test("signing out ends it for cookie, access token and refresh token, and drops the cookie", async () => {
    const user = await api.as(["viewer"]);
    const out = await api.call("POST", "/api/auth/logout", { headers: { cookie: user.cookie, ...browser } });
    expect(out.status).toBe(200);
    expect(out.headers.get("set-cookie")).toMatch(/^netstacks=; Max-Age=0/);
    expect((await user.call("GET", "/api/auth/me")).status).toBe(401);
    expect((await api.call("GET", "/api/auth/me", { headers: { cookie: user.cookie } })).status).toBe(401);
    expect((await api.call("POST", "/api/auth/refresh", { body: { refresh_token: user.refreshToken } })).status).toBe(
      401,
    );
  });

  test("a user who is disabled is out within 5 s, on other API processes too", async () => {
    const user = await api.as(["operator"]);
    const other = api.appAgain();
    const ask = () =>
      Promise.resolve(other.request("/api/auth/me", { headers: { authorization: `Bearer ${user.token}` } })).then(
        (r) => r.status,
      );
    expect(await ask()).toBe(200);
    await api.pool`update users set disabled = true where username = ${user.username}`;
    await expect.poll(ask, { timeout: 15_000, interval: 200 }).toBe(401);
  });

  test("roles that are taken away count at once", async () => {
    const user = await api.as(["operator"]);
    expect((await user.call("GET", "/api/credentials")).status).toBe(200);
    await admin.call("PUT", `/api/users/${user.username}`, { roles: ["viewer"] });
    expect((await user.call("GET", "/api/credentials")).status).toBe(403);
  });
});

describe("forged tokens", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const { privateKey: otherKey, publicKey } = generateKeyPairSync("ed25519");
  const ours = () =>
    createPrivateKey({
      key: Buffer.concat([
        Buffer.from("302e020100300506032b657004220420", "hex"),
        api.vault.hmac("jwt", "ed25519 seed"),
      ]),
      format: "der",
      type: "pkcs8",
    });
  const kid = () => String(decodeProtectedHeader(admin.token).kid);
  const claims = () => decodeJwt(admin.token);
  const sign = (change: Record<string, unknown>, header: Record<string, unknown> = {}, key = ours()) =>
    new SignJWT({ ...claims(), ...change })
      .setProtectedHeader({ alg: "EdDSA", kid: kid(), typ: "at+jwt", ...header })
      .sign(key);
  const hs256 = (secret: Uint8Array) =>
    new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: kid(), typ: "at+jwt" }).sign(secret);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  const forgeries: [string, () => Promise<string> | string][] = [
    ["no signature (alg none)", () => new UnsecuredJWT(claims()).encode()],
    ["alg none in other case", () => `${part({ alg: "nOnE", typ: "at+jwt" })}.${part(claims())}.`],
    ["the signature cut off", () => admin.token.split(".").slice(0, 2).join(".") + "."],
    ["the signature of another key", () => sign({}, {}, otherKey)],
    [
      "HMAC with the public key as secret",
      () => hs256(new TextEncoder().encode(publicKey.export({ type: "spki", format: "pem" }).toString())),
    ],
    ["HMAC with an empty secret", () => hs256(new Uint8Array(32))],
    ["a key id that climbs", () => sign({}, { kid: "../../dev/null" })],
    ["a key id with SQL", () => sign({}, { kid: "' or 1=1 --" })],
    ["a key in its own header", () => sign({}, { jwk: publicKey.export({ format: "jwk" }) }, otherKey)],
    ["a key behind its own URL", () => sign({}, { jku: "http://127.0.0.1:1/keys" }, otherKey)],
    ["another issuer", () => sign({ iss: "evil" })],
    ["another audience", () => sign({ aud: "other-api" })],
    ["expired", () => sign({ iat: now() - 1200, exp: now() - 600 })],
    ["without an end", () => sign({ exp: undefined })],
    ["living for a year", () => sign({ iat: now() - 3600, exp: now() + 31_536_000 })],
    ["another type", () => sign({}, { typ: "JWT" })],
    ["another session", () => sign({ sid: "0198a000-0000-7000-8000-000000000000" })],
    ["without a session", () => sign({ sid: undefined })],
    ["a payload changed afterwards", () => admin.token.replace(/\.[^.]+\./, `.${part({ ...claims(), sub: "x" })}.`)],
    [
      "a critical header nobody knows",
      () =>
        sign({}, { crit: ["x"], x: 1 }).catch(
          () => `${part({ alg: "EdDSA", crit: ["x"], x: 1, kid: kid(), typ: "at+jwt" })}.${part(claims())}.AAAA`,
        ),
    ],
    ["no JWT at all", () => "abc"],
    ["an API token that was never given", () => `nst_${"a".repeat(43)}`],
    ["a session's cookie as a bearer", () => admin.cookie.split("=")[1] ?? ""],
    ["a refresh token as a bearer", () => admin.refreshToken],
  ];

  test.each(forgeries)("%s: 401", async (_what, forge) => {
    const { status, body } = await api.call("GET", "/api/auth/me", { token: await forge() });
    expect({ status, code: body.code }).toEqual({ status: 401, code: "unauthenticated" });
  });

  test("the frame of these tests is right: signed well it passes", async () => {
    expect((await api.call("GET", "/api/auth/me", { token: await sign({ iat: now(), exp: now() + 60 }) })).status).toBe(
      200,
    );
  });
});

describe("cross-site requests", () => {
  const write = (headers: Record<string, string>) =>
    api.call("POST", "/api/auth/welcome-seen", { headers: { cookie: admin.cookie, ...headers } });

  test("our own pages may write with the cookie, and read without an Origin", async () => {
    expect((await write(browser)).status).toBe(200);
    expect((await write({ origin: ORIGIN })).status).toBe(200);
    expect((await api.call("GET", "/api/auth/me", { headers: { cookie: admin.cookie } })).status).toBe(200);
  });

  test.each([
    ["another site", { origin: "https://evil.example" }],
    [
      "another site, by form",
      {
        origin: "https://evil.example",
        "sec-fetch-site": "cross-site",
        "content-type": "application/x-www-form-urlencoded",
      },
    ],
    ["a sandboxed frame", { origin: "null" }],
    ["no origin at all", {}],
    ["a sibling host", { origin: ORIGIN, "sec-fetch-site": "same-site" }],
    ["a cross-site fetch with our origin", { origin: ORIGIN, "sec-fetch-site": "cross-site" }],
    ["our host as a prefix", { origin: "http://localhost:8080.evil.example" }],
    ["our host as the user name", { origin: "http://localhost:8080@evil.example" }],
    ["another port", { origin: "http://localhost:9999" }],
    ["another scheme", { origin: "file://localhost:8080" }],
  ])("%s may not write with the cookie", async (_what, headers) => {
    const { status, body } = await write(headers as Record<string, string>);
    expect({ status, code: body.code }).toEqual({ status: 403, code: "origin_foreign" });
  });

  test("nor sign a browser in as somebody of its choice", async () => {
    expect((await login("root", PASSWORD, { origin: "https://evil.example" })).body.code).toBe("origin_foreign");
    expect((await login("root", PASSWORD, browser)).status).toBe(200);
  });

  test("no answer invites other sites to read it", async () => {
    const { headers } = await api.call("GET", "/api/auth/me", {
      token: admin.token,
      headers: { origin: "https://evil.example" },
    });
    expect([...headers.keys()].filter((h) => h.startsWith("access-control-"))).toEqual([]);
  });

  test("over https the cookie is bound to this host and to TLS", async () => {
    const secure = await startApi({ publicUrl: "https://netstacks.example.net" });
    try {
      const user = await secure.as(["viewer"]);
      expect(user.cookie).toMatch(/^__Host-netstacks=/);
      const { headers } = await secure.call("POST", "/api/auth/login", {
        body: { username: user.username, password: PASSWORD },
      });
      expect(headers.get("set-cookie")).toMatch(
        /^__Host-netstacks=nss_[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
      const ok = await secure.call("POST", "/api/auth/welcome-seen", {
        headers: { cookie: user.cookie, origin: "https://netstacks.example.net" },
      });
      expect(ok.status).toBe(200);
    } finally {
      await secure.stop();
    }
  });
});

describe("API tokens", () => {
  const make = (caller: Caller, scopes: string[], expires_in_days = 30) =>
    caller.call("POST", "/api/auth/tokens", { name: "ci", scopes, expires_in_days });

  test("are shown once, hold the scopes that were given, and can be ended", async () => {
    const user = await api.as(["operator"]);
    const made = await make(user, ["devices:read"]);
    expect(made.status).toBe(201);
    const { id, token } = made.body.data;
    expect(token).toMatch(/^nst_/);
    const list = await user.call("GET", "/api/auth/tokens");
    expect(list.text).not.toContain(token);
    expect(list.body.data.tokens).toHaveLength(1);
    expect((await api.call("GET", "/api/devices", { token })).status).toBe(200);
    expect((await api.call("GET", "/api/auth/me", { token })).body.data.permissions).toEqual(["self", "devices:read"]);
    expect((await api.call("POST", "/api/devices", { token, body: {} })).body.code).toBe("permission_missing");
    expect((await user.call("DELETE", `/api/auth/tokens/${id}`)).status).toBe(200);
    expect((await api.call("GET", "/api/devices", { token })).status).toBe(401);
    expect((await user.call("DELETE", `/api/auth/tokens/${id}`)).status).toBe(404);
  });

  test("cannot hold more than their owner, neither when made nor when the owner loses a role", async () => {
    const user = await api.as(["operator"]);
    expect((await make(user, ["users:admin"])).body.code).toBe("scope_missing");
    const { token } = (await make(user, ["devices:write", "devices:read"])).body.data;
    await admin.call("PUT", `/api/users/${user.username}`, { roles: ["viewer"] });
    expect((await api.call("POST", "/api/devices", { token, body: {} })).body.code).toBe("permission_missing");
    expect((await api.call("GET", "/api/devices", { token })).status).toBe(200);
  });

  test("cannot make tokens, set passwords, end sessions or admit users: what leaked once would stay", async () => {
    const { token } = (await make(admin, ["self", "users:admin", "devices:read"])).body.data;
    const body = { name: "more", scopes: ["self"], expires_in_days: 1 };
    for (const [method, path, given] of [
      ["POST", "/api/auth/tokens", body],
      ["POST", "/api/auth/logout", undefined],
      ["PUT", "/api/users/root/password", { current_password: PASSWORD, new_password: "another-good-password" }],
      ["POST", "/api/users", { username: "mole", password: "another-good-password", roles: ["admin"] }],
      ["PUT", "/api/users/root", { display_name: "x" }],
      ["DELETE", "/api/users/gone", undefined],
    ] as const) {
      const reply = await api.call(method, path, { token, ...(given === undefined ? {} : { body: given }) });
      expect({ path, status: reply.status, code: reply.body.code }).toEqual({
        path,
        status: 403,
        code: "session_required",
      });
    }
  });

  test("end on their day", async () => {
    const { token, id } = (await make(admin, ["devices:read"], 1)).body.data;
    await api.pool`update api_tokens set expires_at = now() - interval '1 second' where id = ${id}`;
    expect((await api.call("GET", "/api/devices", { token })).status).toBe(401);
  });

  test("somebody else's token is not there for me", async () => {
    const other = await api.as(["operator"]);
    const { id } = (await make(admin, ["devices:read"])).body.data;
    expect((await other.call("DELETE", `/api/auth/tokens/${id}`)).status).toBe(404);
  });

  test("the database holds no token, cookie or password that could be used", async () => {
    const { token } = (await make(admin, ["devices:read"])).body.data;
    const rows = JSON.stringify([
      await api.pool`select * from sessions`,
      await api.pool`select * from api_tokens`,
      await api.pool`select * from users`,
      await api.pool`select * from audit`,
    ]);
    for (const secret of [token, admin.token, admin.refreshToken, admin.cookie.split("=")[1] ?? "no cookie", PASSWORD])
      expect(rows).not.toContain(secret);
  });
});

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

const NEXT = "quite-another-password";

describe("accounts", () => {
  test("are made by an admin, whose choice of password holds until the first sign-in", async () => {
    const made = await admin.call("POST", "/api/users", {
      username: "ada",
      display_name: "Ada",
      password: PASSWORD,
      roles: ["operator", "operator"],
    });
    expect(made.status).toBe(201);
    expect(made.body.data.user).toMatchObject({
      username: "ada",
      roles: ["operator"],
      must_change_password: true,
      auth_source: "local",
      disabled: false,
    });

    const ada = await api.signIn("ada");
    const blocked = await ada.call("GET", "/api/devices");
    expect({ status: blocked.status, code: blocked.body.code }).toEqual({
      status: 403,
      code: "password_change_required",
    });
    expect((await ada.call("GET", "/api/auth/me")).body.data.user.must_change_password).toBe(true);
    expect(
      (await ada.call("POST", "/api/auth/tokens", { name: "x", scopes: ["self"], expires_in_days: 1 })).body.code,
    ).toBe("password_change_required");

    const change = (body: object) =>
      api.call("PUT", "/api/users/ada/password", { body, headers: { cookie: ada.cookie, origin: ORIGIN } });
    expect((await change({ new_password: NEXT })).body.code).toBe("password_current_missing");
    expect((await change({ current_password: "wrong", new_password: NEXT })).body.code).toBe("password_wrong");
    expect((await change({ current_password: PASSWORD, new_password: PASSWORD })).body.code).toBe("password_same");
    expect((await change({ current_password: PASSWORD, new_password: "short" })).body.details).toEqual([
      { path: "new_password", code: "field_range", message: "must have at least 10 characters" },
    ]);
    const changed = await change({ current_password: PASSWORD, new_password: NEXT });
    expect(changed.status).toBe(200);

    // More rights, another cookie: the one from before must not open them.
    const cookie = changed.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(cookie).not.toBe(ada.cookie);
    expect((await api.call("GET", "/api/devices", { headers: { cookie } })).status).toBe(200);
    expect((await api.call("GET", "/api/devices", { headers: { cookie: ada.cookie } })).status).toBe(401);
    await api.signIn("ada", NEXT);
  });

  test("a name is taken in any case", async () => {
    await admin.call("POST", "/api/users", { username: "bob", password: PASSWORD, roles: ["viewer"] });
    const again = await admin.call("POST", "/api/users", { username: "BOB", password: PASSWORD, roles: ["viewer"] });
    expect({ status: again.status, code: again.body.code }).toEqual({ status: 409, code: "user_exists" });
  });

  test("are listed, found, sorted and paged", async () => {
    const list = await admin.call("GET", "/api/users?sort=-username&limit=2");
    expect(list.body.data.total).toBeGreaterThanOrEqual(3);
    const names = list.body.data.users.map((u) => u.username);
    expect(names).toEqual([...names].sort((a, b) => (a < b ? 1 : -1)));
    expect((await admin.call("GET", "/api/users?search=b%25b")).body.data.total).toBe(0);
    expect((await admin.call("GET", "/api/users/Bob")).body.data.user.username).toBe("bob");
    expect((await admin.call("GET", "/api/users/nobody")).status).toBe(404);
  });

  test("an admin sets another's password without the old one; that ends their sessions, and they choose anew", async () => {
    const user = await api.as(["viewer"]);
    expect((await admin.call("PUT", `/api/users/${user.username}/password`, { new_password: NEXT })).status).toBe(200);
    expect((await user.call("GET", "/api/auth/me")).status).toBe(401);
    const again = await api.signIn(user.username, NEXT);
    expect((await again.call("GET", "/api/devices")).body.code).toBe("password_change_required");
  });

  test("nobody else may", async () => {
    const user = await api.as(["operator", "approver"]);
    const reply = await user.call("PUT", "/api/users/root/password", { new_password: NEXT });
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 403, code: "permission_missing" });
  });

  test("one's own new password ends all other sessions", async () => {
    const user = await api.as(["viewer"]);
    const elsewhere = await api.signIn(user.username);
    expect(
      (
        await user.call("PUT", `/api/users/${user.username}/password`, {
          current_password: PASSWORD,
          new_password: NEXT,
        })
      ).status,
    ).toBe(200);
    expect((await user.call("GET", "/api/auth/me")).status).toBe(200);
    expect((await elsewhere.call("GET", "/api/auth/me")).status).toBe(401);
  });

  test("guessing the current password is slowed down like a sign-in", async () => {
    const user = await api.as(["viewer"]);
    await lengthenBlocks(api.pool);
    const guess = () =>
      user.call("PUT", `/api/users/${user.username}/password`, { current_password: "wrong", new_password: NEXT });
    for (let i = 0; i < 5; i += 1) expect((await guess()).status).toBe(403);
    expect((await guess()).status).toBe(429);
    await shortenBlocks(api.pool);
  });

  test("the last admin who can sign in stays: not deleted, not disabled, not less than admin", async () => {
    for (const [method, body] of [
      ["DELETE", undefined],
      ["PUT", { disabled: true }],
      ["PUT", { roles: ["viewer"] }],
    ] as const) {
      const reply = await admin.call(method, "/api/users/root", body);
      expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 409, code: "last_admin" });
    }
    const second = await api.as(["admin"], "second");
    // Two admins who take each other's role at the same moment: one of them stays.
    const both = await Promise.all([
      admin.call("PUT", "/api/users/second", { roles: ["viewer"] }),
      second.call("PUT", "/api/users/root", { roles: ["viewer"] }),
    ]);
    expect(both.filter((r) => r.status === 200).length).toBeLessThan(2);
    const [row] = await api.pool<{ n: number }[]>`select count(*)::int as n from users where 'admin' = any(roles)`;
    expect(row?.n).toBe(1);
    await api.pool`update users set roles = '{admin}' where username in ('root')`;
    await api.pool`update users set roles = '{viewer}' where username in ('second')`;
  });

  test("are deleted only where no record names them, and never by themselves", async () => {
    await api.as(["admin"], "leaver");
    expect((await (await api.signIn("leaver")).call("DELETE", "/api/users/leaver")).body.code).toBe("own_account");
    await admin.call("PUT", "/api/users/leaver", { roles: ["viewer"] });
    expect((await admin.call("DELETE", "/api/users/leaver")).status).toBe(200);
    expect((await admin.call("GET", "/api/users/leaver")).status).toBe(404);

    const asker = await api.as(["operator"], "asker");
    const me = await asker.call("GET", "/api/auth/me");
    await api.pool`insert into changes (id, run_id, title, status, content, origin, requested_by)
      values (gen_random_uuid(), gen_random_uuid(), 'x', 'draft', '{}', '{}', ${me.body.data.user.id})`;
    expect((await admin.call("DELETE", "/api/users/asker")).body.code).toBe("user_has_history");
  });

  test("each of these acts is on record, in the transaction that did it", async () => {
    const { body } = await admin.call("GET", "/api/audit?action=user&limit=500");
    const actions = new Set(body.data.entries.map((e) => e.action));
    expect(actions).toEqual(new Set(["user.create", "user.delete", "user.password", "user.update"]));
    const refused = body.data.entries.filter((e) => e.action === "user.delete" && e.subject === "asker");
    expect(refused).toEqual([]);
  });
});

describe("a visit", () => {
  test("begins with a sign-in: last_seen_at is the end of the one before", async () => {
    const user = await api.as(["viewer"]);
    expect((await user.call("GET", "/api/auth/me")).body.data.last_seen_at).toBeNull();
    await api.pool`update sessions set last_used_at = '2026-01-02T03:04:05Z' from users u where u.id = user_id and u.username = ${user.username}`;
    const again = await api.signIn(user.username);
    expect((await again.call("GET", "/api/auth/me")).body.data.last_seen_at).toBe("2026-01-02T03:04:05.000Z");
  });

  test("begins also after a long pause within a session", async () => {
    const user = await api.as(["viewer"]);
    await api.pool`update sessions set last_used_at = '2026-01-02T03:04:05Z' from users u where u.id = user_id and u.username = ${user.username}`;
    expect((await user.call("GET", "/api/auth/me")).body.data.last_seen_at).toBe("2026-01-02T03:04:05.000Z");
    expect((await user.call("GET", "/api/auth/me")).body.data.last_seen_at).toBe("2026-01-02T03:04:05.000Z");
  });

  test("the welcome page is marked as seen once and for all", async () => {
    const user = await api.as(["viewer"]);
    expect((await user.call("POST", "/api/auth/welcome-seen")).status).toBe(200);
    expect((await user.call("GET", "/api/auth/me")).body.data.seen_welcome).toBe(true);
  });
});

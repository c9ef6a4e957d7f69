import { z } from "zod";
import { listQuery } from "../../domain/contract/common.ts";
import { NewUser, PasswordChange, User, UserPatch, Username } from "../../domain/contract/user.ts";
import { renewCookie } from "../../services/sessions.ts";
import { changePassword, changeUser, createUser, getUser, getUsers, removeUser } from "../../services/users.ts";
import { giveCookie } from "../cookie.ts";
import { sortOf } from "../query.ts";
import { route } from "../route.ts";

const tag = "users";
const access = "users:admin";
const params = z.object({ username: Username });
const SORTS = ["username", "display_name", "created_at", "last_login_at"] as const;
const One = z.object({ user: User });

export const userRoutes = [
  route(
    {
      method: "get",
      path: "/api/users",
      access,
      tag,
      summary: "All accounts",
      query: listQuery(SORTS),
      answer: z.object({ users: z.array(User), total: z.number().int() }),
    },
    async ({ ctx, query: { sort, ...list } }) => ({
      data: await getUsers(ctx, { ...list, sort: sortOf(sort, SORTS, { column: "username", descending: false }) }),
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/users",
      access,
      tag,
      summary: "Add an account",
      body: NewUser,
      answer: One,
      status: 201,
    },
    async ({ ctx, body }) => ({
      data: { user: await createUser(ctx, body) },
    }),
  ),
  route(
    { method: "get", path: "/api/users/{username}", access, tag, summary: "One account", params, answer: One },
    async ({ ctx, params: { username } }) => ({
      data: { user: await getUser(ctx, username) },
    }),
  ),
  route(
    {
      method: "put",
      path: "/api/users/{username}",
      access,
      tag,
      summary: "Change an account: name, roles, disabled",
      params,
      body: UserPatch,
      answer: One,
    },
    async ({ ctx, deps, params: { username }, body }) => {
      const user = await changeUser(ctx, username, body);
      deps.identifier.forgetAll();
      return { data: { user } };
    },
  ),
  route(
    {
      method: "delete",
      path: "/api/users/{username}",
      access,
      tag,
      summary: "Delete an account without history",
      params,
      answer: z.object({}),
    },
    async ({ ctx, deps, params: { username } }) => {
      await removeUser(ctx, username);
      deps.identifier.forgetAll();
      return { data: {} };
    },
  ),
  route(
    {
      method: "put",
      path: "/api/users/{username}/password",
      access: "self",
      tag,
      summary: "Set one's own password, or as an admin another's",
      params,
      body: PasswordChange,
      beforePasswordChange: true,
      answer: z.object({}),
    },
    async ({ c, ctx, deps, identity, params: { username }, body }) => {
      const { own } = await changePassword(ctx, username, body, identity);
      if (own && identity.byCookie) giveCookie(c, deps.config.publicUrl, await renewCookie(ctx, identity.credentialId));
      deps.identifier.forgetAll();
      return { data: {} };
    },
  ),
];

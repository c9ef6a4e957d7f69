import { getCookie } from "hono/cookie";
import { z } from "zod";
import { ApiToken, Login, Me, NewApiToken, User } from "../../domain/contract/user.ts";
import { login, logout, refreshSession, requireSession, type SignedIn, type Visitor } from "../../services/sessions.ts";
import { createToken, deleteToken, listTokens } from "../../services/tokens.ts";
import { getMe, markWelcomeSeen } from "../../services/users.ts";
import { cookieName, giveCookie, takeCookie } from "../cookie.ts";
import type { Deps } from "../deps.ts";
import type { ApiContext } from "../env.ts";
import { refuseForeignOrigin } from "../middleware/origin.ts";
import { IdParam } from "../query.ts";
import { publicRoute, route } from "../route.ts";

const tag = "auth";
const Tokens = z.object({
  access_token: z.string(),
  /** The same, under the name that older scripts read. */
  token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.number().int(),
  user: User,
});

const tokensOf = (it: SignedIn): z.input<typeof Tokens> => ({
  access_token: it.accessToken,
  token: it.accessToken,
  refresh_token: it.refreshToken,
  token_type: "Bearer",
  expires_in: it.expiresIn,
  user: it.user,
});

function visitorOf(c: ApiContext, { pool, vault, accessTokens }: Deps): Visitor {
  return {
    pool,
    vault,
    accessTokens,
    ip: c.var.ip,
    requestId: c.var.requestId,
    userAgent: c.req.header("user-agent")?.slice(0, 300) ?? null,
  };
}

export const authRoutes = [
  publicRoute(
    {
      method: "post",
      path: "/api/auth/login",
      tag,
      summary: "Sign in with a local account",
      body: Login,
      answer: Tokens,
    },
    async ({ c, deps, body }) => {
      // Another site must not sign a browser in as somebody of its choice.
      if (c.req.header("origin") !== undefined) refuseForeignOrigin(c, deps.config.publicUrl);
      const { publicUrl } = deps.config;
      const signedIn = await login(visitorOf(c, deps), body, getCookie(c, cookieName(publicUrl)));
      giveCookie(c, publicUrl, signedIn.browser);
      return { data: tokensOf(signedIn) };
    },
  ),
  publicRoute(
    {
      method: "post",
      path: "/api/auth/refresh",
      tag,
      summary: "A new pair of tokens for a refresh token",
      body: z.strictObject({ refresh_token: z.string().min(1).max(500) }),
      answer: Tokens,
    },
    async ({ c, deps, body }) => ({ data: tokensOf(await refreshSession(visitorOf(c, deps), body.refresh_token)) }),
  ),
  route(
    {
      method: "post",
      path: "/api/auth/logout",
      access: "self",
      tag,
      summary: "End this session",
      beforePasswordChange: true,
      answer: z.object({}),
    },
    async ({ c, deps, ctx, identity }) => {
      requireSession(identity.via);
      await logout(visitorOf(c, deps), { username: ctx.actor.username, sessionId: identity.credentialId });
      deps.identifier.forgetAll();
      takeCookie(c, deps.config.publicUrl);
      return { data: {} };
    },
  ),
  route(
    {
      method: "get",
      path: "/api/auth/me",
      access: "self",
      tag,
      summary: "Who am I, and what may I do",
      beforePasswordChange: true,
      answer: Me,
    },
    async ({ ctx, deps }) => ({ data: await getMe(ctx, deps.config.lab) }),
  ),
  route(
    {
      method: "post",
      path: "/api/auth/welcome-seen",
      access: "self",
      tag,
      summary: "Do not open the welcome page by itself again",
      answer: z.object({}),
    },
    async ({ ctx }) => {
      await markWelcomeSeen(ctx);
      return { data: {} };
    },
  ),
  route(
    {
      method: "get",
      path: "/api/auth/tokens",
      access: "self",
      tag,
      summary: "My API tokens",
      answer: z.object({ tokens: z.array(ApiToken), total: z.number().int() }),
    },
    async ({ ctx }) => {
      const tokens = await listTokens(ctx);
      return { data: { tokens, total: tokens.length } };
    },
  ),
  route(
    {
      method: "post",
      path: "/api/auth/tokens",
      access: "self",
      tag,
      summary: "Make an API token; its text is shown once",
      body: NewApiToken,
      answer: ApiToken.extend({ token: z.string() }),
      status: 201,
    },
    async ({ ctx, body }) => ({ data: await createToken(ctx, body) }),
  ),
  route(
    {
      method: "delete",
      path: "/api/auth/tokens/{id}",
      access: "self",
      tag,
      summary: "End an API token",
      params: IdParam,
      answer: z.object({}),
    },
    async ({ ctx, deps, params }) => {
      await deleteToken(ctx, params.id);
      deps.identifier.forgetAll();
      return { data: {} };
    },
  ),
];

import { OpenAPIHono } from "@hono/zod-openapi";
import { AppError, Forbidden, NotFound, Unauthenticated, type ErrorDetail } from "../domain/contract/errors.ts";
import type { Failure } from "../domain/contract/common.ts";
import { createAccessTokens } from "../auth/access-tokens.ts";
import { createIdentifier } from "../auth/identify.ts";
import { keepAnswers } from "../services/kept-answers.ts";
import { createRenderer } from "../services/renderer.ts";
import { blockListOf } from "../system/config.ts";
import type { AppDeps, Deps } from "./deps.ts";
import type { ApiContext, Env } from "./env.ts";
import { databaseTrouble, statusOf } from "./errors.ts";
import { createMetrics } from "./metrics.ts";
import { headers } from "./middleware/headers.ts";
import { request } from "./middleware/request.ts";
import { createRunFeeds } from "./run-feeds.ts";
import { registerSecurity } from "./openapi.ts";
import { routes } from "./routes/index.ts";
import { webFiles } from "./web-files.ts";

/** The whole HTTP side: REST, live streams, docs, the web app's files. `app.request()` calls it without a socket. */
export function createApp(given: AppDeps): OpenAPIHono<Env> {
  const accessTokens = createAccessTokens(given.vault);
  const identifier = createIdentifier(given.pool, given.vault, accessTokens);
  const metrics = createMetrics();
  const runFeeds = createRunFeeds(given.hub, metrics.eventLag);
  const answers = keepAnswers(given.pool);
  const renderer = createRenderer();
  const deps: Deps = { ...given, accessTokens, identifier, metrics, answers, runFeeds, renderer };
  deps.hub.onHint(({ topic }) => {
    if (topic === "users") identifier.forgetAll();
  });

  const app = new OpenAPIHono<Env>();
  app.use(request({ log: deps.log, metrics: deps.metrics, trusted: blockListOf(deps.config.trustedProxies) }));
  app.use(headers({ https: deps.config.publicUrl.startsWith("https:") }));
  registerSecurity(app, deps.config.publicUrl);
  for (const route of routes) route.mount(app, deps);
  refuseUnlisted(app);
  app.notFound((c) => notFound(c, deps));
  app.onError((error, c) => answerError(c, deps, error));
  const files = webFiles(deps.webDir);
  app.get("*", async (c) => (isPage(c.req.path) ? await files(c) : notFound(c, deps)));
  return app;
}

/** A handler that hangs in the app without being in the registry has no permission: then there is no app. */
function refuseUnlisted(app: OpenAPIHono<Env>): void {
  const listed = new Set(routes.map((r) => `${r.method.toUpperCase()} ${r.path.replaceAll(/\{(\w+)\}/g, ":$1")}`));
  const unlisted = app.routes.filter((r) => r.method !== "ALL" && !listed.has(`${r.method} ${r.path}`));
  if (unlisted.length > 0)
    throw new Error(`these routes name no permission: ${unlisted.map((r) => `${r.method} ${r.path}`).join(", ")}`);
}

/** Everything else is a page of the web app, whose own router knows it. */
const isPage = (path: string): boolean =>
  /^(\/[\w.~ -]+)*\/?$/.test(path) && !/^\/api/i.test(path) && !path.includes("..");

/** A path that leads nowhere says so; to strangers it says no more than any other path. */
async function notFound(c: ApiContext, deps: Deps): Promise<Response> {
  return answerError(c, deps, new NotFound("path", c.req.path.slice(0, 200)));
}

function answerError(c: ApiContext, deps: Deps, thrown: unknown): Response {
  const error = thrown instanceof AppError ? thrown : databaseTrouble(thrown);
  const requestId = c.var.requestId;
  if (error === undefined) {
    deps.log.error(
      { err: thrown, request_id: requestId, method: c.req.method, path: c.req.path },
      "a request failed by a bug",
    );
    return fail(c, 500, {
      code: "internal",
      error: "something went wrong on our side; the request id leads to it in the log",
    });
  }
  const status = statusOf(error);
  if (status === 503) deps.log.warn({ err: thrown, request_id: requestId }, error.message);
  if (error.retryAfter !== undefined) c.header("Retry-After", String(error.retryAfter));
  if (error instanceof Unauthenticated) c.header("WWW-Authenticate", "Bearer");
  if (error instanceof Forbidden) deps.log.info({ request_id: requestId, code: error.code }, "refused");
  return fail(c, status, { code: error.code, error: error.message, details: error.details });
}

function fail(
  c: ApiContext,
  status: ReturnType<typeof statusOf>,
  { code, error, details }: { code: string; error: string; details?: ErrorDetail[] | undefined },
): Response {
  const body: Failure = {
    success: false,
    error,
    code,
    ...(details === undefined ? {} : { details }),
    request_id: c.var.requestId,
  };
  return c.json(body, status);
}

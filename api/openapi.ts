import type { OpenAPIHono } from "@hono/zod-openapi";
import { cookieName } from "./cookie.ts";
import type { Env } from "./env.ts";

export const API_VERSION = "0.1.0";

export function registerSecurity(app: OpenAPIHono<Env>, publicUrl: string): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An access token of POST /api/auth/login, or an API token.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "cookie", {
    type: "apiKey",
    in: "cookie",
    name: cookieName(publicUrl),
    description: "What the browser gets at sign-in; writes also need our own Origin.",
  });
}

/** Made from the schemas that validate, so it cannot say anything else than they do. */
export function openApiDocument(app: OpenAPIHono<Env>) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "NetStacks",
      version: API_VERSION,
      description:
        "Runs changes on networks. Every answer is `{success: true, data}` or `{success: false, error, code, details?, request_id}`; `code` is stable.",
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { cookie: [] }],
  });
}

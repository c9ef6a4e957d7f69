import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { NotFound } from "../../domain/contract/errors.ts";
import { openApiDocument } from "../openapi.ts";
import type { Route } from "../route.ts";
import { readStatic, serveStatic } from "../web-files.ts";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>NetStacks API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
    <link rel="icon" href="/api/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/init.js"></script>
  </body>
</html>
`;

/** A file of its own, since the pages' policy allows no inline script. */
const INIT = `SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs", deepLinking: true, tryItOutEnabled: false, validatorUrl: null });\n`;

const FILES = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];
const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** These need the app itself or give files, so they hang themselves in; they are in the public list like any other. */
export const docsRoutes: Route[] = [
  {
    method: "get",
    path: "/api/openapi.json",
    access: "public",
    mount(app) {
      let text: string | undefined;
      app.get("/api/openapi.json", (c) => {
        c.set("route", "/api/openapi.json");
        text ??= JSON.stringify(openApiDocument(app));
        return c.body(text, 200, { "Content-Type": "application/json" });
      });
    },
  },
  {
    method: "get",
    path: "/api/docs",
    access: "public",
    mount(app) {
      app.get("/api/docs", (c) => {
        c.set("route", "/api/docs");
        return c.html(PAGE);
      });
    },
  },
  {
    method: "get",
    path: "/api/docs/{file}",
    access: "public",
    mount(app) {
      const init = { type: "text/javascript; charset=utf-8", bytes: Buffer.from(INIT), etag: '"1"' };
      const files = new Map([
        ...FILES.map((name) => [name, readStatic(join(folder, name))] as const),
        ["init.js", init] as const,
      ]);
      app.get("/api/docs/:file", (c) => {
        c.set("route", "/api/docs/{file}");
        const file = files.get(c.req.param("file"));
        if (file === undefined) throw new NotFound("file", c.req.param("file"));
        return serveStatic(c, file, "no-cache");
      });
    },
  },
];

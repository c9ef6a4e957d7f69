import { z } from "zod";
import { Unavailable } from "../../domain/contract/errors.ts";
import { Health, Stats } from "../../domain/contract/platform.ts";
import { checkHealth, getStats, getWorkers } from "../../services/stats.ts";
import { admit } from "../middleware/admit.ts";
import { API_VERSION } from "../openapi.ts";
import { publicRoute, route } from "../route.ts";
import { scrape } from "../scrape.ts";

const tag = "platform";
const access = "settings:read";
const Worker = z.object({ id: z.string(), started_at: z.string(), seen_at: z.string(), alive: z.boolean() });

export const platformRoutes = [
  publicRoute(
    {
      method: "get",
      path: "/healthz",
      withoutDatabase: true,
      tag,
      summary: "Is this process alive",
      answer: z.object({ status: z.literal("ok") }),
    },
    async () => ({ data: { status: "ok" as const } }),
  ),
  publicRoute(
    {
      method: "get",
      path: "/readyz",
      withoutDatabase: true,
      tag,
      summary: "Can this process do its work: do Postgres and Temporal answer",
      answer: z.object({ status: z.literal("ok") }),
    },
    async ({ deps }) => {
      // Workers are not asked for: the API is of use without them, and a balancer would take all of it away.
      const { engines } = await checkHealth({ ...deps, version: API_VERSION });
      const away = engines.filter((e) => e.name !== "workers" && !e.ok).map((e) => e.name);
      if (away.length > 0)
        throw new Unavailable("not_ready", `${away.join(" and ")} ${away.length === 1 ? "does" : "do"} not answer`, {
          retryAfter: 5,
          details: away.map((path) => ({ path, code: "away", message: "does not answer" })),
        });
      return { data: { status: "ok" as const } };
    },
  ),
  publicRoute(
    {
      method: "get",
      path: "/metrics",
      withoutDatabase: true,
      tag,
      summary: "For Prometheus: from this machine, or with the right settings:read",
      answer: "text/plain",
    },
    async ({ c, deps }) => {
      // A scraper on the same machine needs no account; whatever came through a proxy did not come from this machine.
      const local = c.var.direct && (c.var.ip === "127.0.0.1" || c.var.ip === "::1");
      if (!local) await admit(c, deps, { permission: access, method: "get", beforePasswordChange: false });
      return c.text(await scrape(deps), 200, { "Content-Type": deps.metrics.registry.contentType });
    },
  ),
  route(
    {
      method: "get",
      path: "/api/platform/health",
      access,
      tag,
      summary: "The service and its engines, as of now",
      answer: Health,
    },
    async ({ deps }) => ({
      data: await checkHealth({ ...deps, version: API_VERSION }),
    }),
  ),
  route(
    { method: "get", path: "/api/platform/stats", access, tag, summary: "Counts for the first page", answer: Stats },
    async ({ ctx }) => ({ data: await getStats(ctx) }),
  ),
  route(
    {
      method: "get",
      path: "/api/workers",
      access,
      tag,
      summary: "Workers, and when they were last seen",
      answer: z.object({ workers: z.array(Worker), total: z.number().int() }),
    },
    async ({ ctx }) => {
      const workers = await getWorkers(ctx);
      return { data: { workers, total: workers.length } };
    },
  ),
];

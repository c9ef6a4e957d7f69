import { z } from "zod";
import { Change } from "../../domain/contract/change.ts";
import { Run } from "../../domain/contract/run.ts";
import { PlatformId } from "../../domain/contract/device.ts";
import { getLab, startCut, startWelcome } from "../../services/lab.ts";
import { route } from "../route.ts";
import { Wait } from "../wait.ts";
import { getChange } from "../../services/changes.ts";
import { getRun } from "../../services/runs.ts";
import { waitUntil } from "../wait.ts";

const tag = "lab";
const query = z.object({ wait: Wait });
const Started = z.object({ change: Change, execution_id: z.string(), status: z.string(), run: Run });
const Router = z.object({
  name: z.string(),
  device_type: PlatformId,
  site: z.string(),
  host: z.string(),
  port: z.number().int(),
});

export const labRoutes = [
  route(
    {
      method: "get",
      path: "/api/lab",
      access: "devices:read",
      tag,
      summary: "The virtual routers of this installation",
      answer: z.object({ routers: z.array(Router) }),
    },
    async ({ ctx, deps }) => ({
      data: await getLab(ctx, deps.config),
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/lab/welcome",
      access: "lab:use",
      tag,
      summary: "Plan the welcome page's change: other NTP servers on three virtual routers",
      query,
      answer: Started,
      status: 202,
    },
    async ({ ctx, deps, query: { wait } }) => {
      const first = await startWelcome(ctx, deps.config);
      const { change, run } = await waitUntil(
        wait,
        first,
        async () => ({ change: await getChange(ctx, first.change.id), run: await getRun(ctx, first.run.id) }),
        (s) => s.change.status !== "planning",
      );
      return { data: { change, execution_id: run.id, status: run.status, run } };
    },
  ),
  route(
    {
      method: "post",
      path: "/api/lab/cut",
      access: "lab:use",
      tag,
      summary: "Plan a change on a virtual router whose session breaks after the given line of it",
      query,
      answer: Started.extend({ device: z.string(), line: z.number().int() }),
      status: 202,
    },
    async ({ ctx, deps, query: { wait } }) => {
      const first = await startCut(ctx, deps.config);
      const { change, run } = await waitUntil(
        wait,
        first,
        async () => ({ ...first, change: await getChange(ctx, first.change.id), run: await getRun(ctx, first.run.id) }),
        (s) => s.change.status !== "planning",
      );
      return {
        data: { change, execution_id: run.id, status: run.status, run, device: first.device, line: first.line },
      };
    },
  ),
];

import { z } from "zod";
import {
  BackupAll,
  BackupDiff,
  BackupHealth,
  BackupHealthStatus,
  BackupOne,
  BackupSelected,
  BackupStarted,
  BackupStatus,
  BackupTotals,
  ConfigBackup,
  ConfigBackupContent,
} from "../../domain/contract/backup.ts";
import { Id, listQuery, Name } from "../../domain/contract/common.ts";
import { ENDED, type Run } from "../../domain/contract/run.ts";
import {
  diffBackups,
  getBackupHealth,
  listBackups,
  removeBackup,
  viewBackup,
  viewLatestBackup,
} from "../../services/config-backups.ts";
import type { Ctx } from "../../services/context.ts";
import type { IdempotencyClaim } from "../../services/idempotency.ts";
import { getRun } from "../../services/runs.ts";
import { backUpAll, backUpOne, backUpSelected } from "../../services/start-backups.ts";
import type { ApiContext } from "../env.ts";
import { anyOf, DeviceParam, IdParam, sortOf, yesOrNo } from "../query.ts";
import { route } from "../route.ts";
import { Wait, waitUntil } from "../wait.ts";

const tag = "backups";
const SORTS = ["created_at", "last_seen_at", "device_name", "size"] as const;
const HEALTH_SORTS = ["status", "device", "age"] as const;
const waitQuery = z.object({ wait: Wait });

const claimOf = (c: ApiContext, path: string, body: unknown): IdempotencyClaim | null => {
  const key = c.req.header("idempotency-key");
  return key === undefined ? null : { key, route: `POST ${path}`, body };
};

/** The run that was started; with `wait`, once it has ended. */
async function started(ctx: Ctx, first: Run, wait: number | undefined) {
  const run = await waitUntil(
    wait,
    first,
    () => getRun(ctx, first.id),
    ({ status }) => ENDED.includes(status),
  );
  return { data: { execution_id: run.id, status: run.status, run } };
}

export const configBackupRoutes = [
  route(
    {
      method: "get",
      path: "/api/config-backups",
      access: "backups:read",
      tag,
      summary: "Versions of devices' configurations, newest first, without their texts",
      query: listQuery(SORTS).extend({
        device: Name.optional(),
        status: anyOf(BackupStatus).optional(),
        run: Id.optional(),
        latest: yesOrNo.optional(),
      }),
      answer: z.object({ backups: z.array(ConfigBackup), total: z.number().int() }),
    },
    async ({ ctx, query: { limit, offset, sort, ...filter } }) => ({
      data: await listBackups(ctx, filter, {
        limit,
        offset,
        sort: sortOf(sort, SORTS, { column: "created_at", descending: true }),
      }),
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/config-backups/health",
      access: "backups:read",
      tag,
      summary: "How each device stands with its backups, the worst first",
      query: listQuery(HEALTH_SORTS).extend({ status: anyOf(BackupHealthStatus).optional() }),
      answer: z.object({ devices: z.array(BackupHealth), total: z.number().int(), totals: BackupTotals }),
    },
    async ({ ctx, query: { sort, ...filter } }) => ({
      data: await getBackupHealth(ctx, {
        ...filter,
        sort: sortOf(sort, HEALTH_SORTS, { column: "status", descending: false }),
      }),
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/config-backups/device/{device}/latest",
      access: "backups:read",
      tag,
      summary: "A device's newest version with its text, secrets masked; looking is on record",
      params: DeviceParam,
      answer: z.object({ backup: ConfigBackupContent }),
    },
    async ({ ctx, params: { device } }) => ({ data: { backup: await viewLatestBackup(ctx, device) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/config-backups/{id}",
      access: "backups:read",
      tag,
      summary: "One version with its text, secrets masked; looking is on record",
      params: IdParam,
      answer: z.object({ backup: ConfigBackupContent }),
    },
    async ({ ctx, params: { id } }) => ({ data: { backup: await viewBackup(ctx, id) } }),
  ),
  route(
    {
      method: "delete",
      path: "/api/config-backups/{id}",
      access: "backups:delete",
      tag,
      summary: "Delete a version that is not its device's newest",
      params: IdParam,
      answer: z.object({}),
    },
    async ({ ctx, params: { id } }) => {
      await removeBackup(ctx, id);
      return { data: {} };
    },
  ),
  route(
    {
      method: "get",
      path: "/api/config-backups/{id}/diff/{other}",
      access: "backups:read",
      tag,
      summary: "What two versions differ in, the older one first",
      params: z.object({ id: Id, other: Id }),
      answer: z.object({ diff: BackupDiff }),
    },
    async ({ ctx, params: { id, other } }) => ({ data: { diff: await diffBackups(ctx, id, other) } }),
  ),
  route(
    {
      method: "post",
      path: "/api/config-backups/run-single",
      access: "backups:run",
      tag,
      summary: "Back up one device. `wait` holds the answer until the run has ended",
      query: waitQuery,
      body: BackupOne,
      answer: BackupStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, body, query: { wait } }) =>
      started(ctx, await backUpOne(ctx, body.device_name, claimOf(c, "/api/config-backups/run-single", body)), wait),
  ),
  route(
    {
      method: "post",
      path: "/api/config-backups/run-selected",
      access: "backups:run",
      tag,
      summary: "Back up the named devices; disabled ones are skipped",
      query: waitQuery,
      body: BackupSelected,
      answer: BackupStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, body, query: { wait } }) =>
      started(ctx, await backUpSelected(ctx, body, claimOf(c, "/api/config-backups/run-selected", body)), wait),
  ),
  route(
    {
      method: "post",
      path: "/api/config-backups/run-all",
      access: "backups:run",
      tag,
      summary: "Back up every device; disabled ones are skipped",
      query: waitQuery,
      body: BackupAll,
      bodyOptional: true,
      answer: BackupStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, body, query: { wait } }) =>
      started(ctx, await backUpAll(ctx, body.title, claimOf(c, "/api/config-backups/run-all", body)), wait),
  ),
];

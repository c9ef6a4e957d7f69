import { z } from "zod";
import { AuditEntry, AuditVerification } from "../../domain/contract/audit.ts";
import { Timestamp, limitSchema, offsetSchema, plainText } from "../../domain/contract/common.ts";
import { exportAudit, getAudit, verifyAudit } from "../../services/audit.ts";
import { csvHeaders, csvLine } from "../csv.ts";
import { route } from "../route.ts";

const tag = "audit";
const access = "audit:read";

const Filter = z.strictObject({
  actor: plainText(200).optional(),
  action: plainText(100).optional(),
  subject: plainText(200).optional(),
  search: plainText(200).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
});
const List = Filter.extend({ limit: limitSchema, offset: offsetSchema });
const COLUMNS = ["id", "at", "actor", "action", "subject", "detail", "ip", "request_id"] as const;

export const auditRoutes = [
  route(
    {
      method: "get",
      path: "/api/audit",
      access,
      tag,
      summary: "Who did what, newest first",
      query: List,
      answer: z.object({ entries: z.array(AuditEntry), total: z.number().int() }),
    },
    async ({ ctx, query: { limit, offset, ...filter } }) => ({ data: await getAudit(ctx, filter, { limit, offset }) }),
  ),
  route(
    {
      method: "get",
      path: "/api/audit/verify",
      access,
      tag,
      summary: "Check every row and the chain; names the first that is wrong",
      answer: AuditVerification,
    },
    async ({ ctx }) => ({ data: await verifyAudit(ctx) }),
  ),
  route(
    {
      method: "get",
      path: "/api/audit/export",
      access,
      tag,
      summary: "The log as CSV",
      query: Filter,
      answer: "text/csv",
    },
    async ({ ctx, query }) => {
      const batches = exportAudit(ctx, query);
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(encoder.encode(csvLine(COLUMNS))),
        async pull(controller) {
          const { value, done } = await batches.next();
          if (done) return controller.close();
          const lines = value.map((entry) =>
            csvLine(COLUMNS.map((c) => (c === "detail" ? JSON.stringify(entry.detail) : entry[c]))),
          );
          controller.enqueue(encoder.encode(lines.join("")));
        },
        cancel: async () => {
          await batches.return(undefined);
        },
      });
      return new Response(body, { headers: csvHeaders("netstacks-audit.csv") });
    },
  ),
];

import { createHash } from "node:crypto";
import { canonicalJson } from "../change/canonical.ts";
import type { DeployBody } from "../contract/stack.ts";

/**
 * `sha256:` over the order of the services, the hash of each one's plan (and so every line, diff and way back of it), what
 * happens when one fails, the versions, and every variable with its origin.
 */
export function deployHash(body: DeployBody): string {
  const content = {
    format: 1,
    ...body,
    // Ids of rows are not what is approved; the hash of a plan is.
    services: body.services.map(({ change_id: _change, plan_id: _plan, ...service }) => service),
  };
  return `sha256:${createHash("sha256").update(canonicalJson(content), "utf8").digest("hex")}`;
}

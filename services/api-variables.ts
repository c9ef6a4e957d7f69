import { createHash } from "node:crypto";
import { ApiCallFailed, callApi } from "../connectors/api-resource.ts";
import { canonicalJson } from "../domain/change/canonical.ts";
import type { ApiVariable, FetchedVariable } from "../domain/contract/api-resource.ts";
import { Unprocessable, type ErrorDetail } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { apiResourcesByName } from "../db/queries/api-resources.ts";
import type { Vault } from "../system/vault.ts";
import { openApiSecrets } from "./api-resources.ts";
import { loadEgress } from "./egress.ts";

/**
 * Fetches what a plan needs from external APIs, one after the other, each value with where it is from. The plan keeps what
 * this gives: neither its approval nor its deploy asks again. Throws one error that names everything which could not be had.
 */
export async function fetchApiVariables(
  { db, vault, signal }: { db: Db; vault: Vault; signal?: AbortSignal | undefined },
  wanted: readonly ApiVariable[],
): Promise<FetchedVariable[]> {
  if (wanted.length === 0) return [];
  const list = await loadEgress(db);
  const resources = await apiResourcesByName(
    db,
    wanted.map((w) => w.resource),
  );
  const fetched: FetchedVariable[] = [];
  const details: ErrorDetail[] = [];
  for (const [i, { name, resource: called, ...call }] of wanted.entries()) {
    const resource = resources.get(called.toLowerCase());
    if (!resource) {
      details.push({
        path: `api_variables[${i}].resource`,
        code: "api_resource_unknown",
        message: `there is no API resource ${JSON.stringify(called)}; add it in the settings`,
      });
      continue;
    }
    try {
      const api = { ...resource, secrets: openApiSecrets(vault, resource) };
      const { value } = await callApi(list, api, call, { signal });
      // It would be filled in like a reference of ours, with a secret that the service was never given.
      if (JSON.stringify(value).includes("secret://")) {
        details.push({
          path: `api_variables[${i}]`,
          code: "value_reference",
          message: `${name}: ${resource.name} answered with a reference to a secret, which is not taken from outside`,
        });
        continue;
      }
      const at = new Date().toISOString();
      const hash = `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
      const { endpoint, method, json_path = null } = call;
      fetched.push({
        name,
        value,
        source: { resource: resource.name, resource_id: resource.id, endpoint, method, json_path, at, hash },
      });
    } catch (error) {
      if (!(error instanceof ApiCallFailed)) throw error;
      details.push({
        path: `api_variables[${i}]`,
        code: error.code,
        message: `${name}: ${error.message}. ${error.whatToDo}`,
      });
    }
  }
  const [first] = details;
  if (first) throw new Unprocessable("api_variable_failed", `${first.path}: ${first.message}`, { details });
  return fetched;
}

import { ApiCallFailed, callApi, type ApiSecrets } from "../connectors/api-resource.ts";
import type {
  ApiCall,
  ApiResource,
  ApiResourcePatch,
  ApiTest,
  NewApiResource,
} from "../domain/contract/api-resource.ts";
import { Conflict, Invalid, NotFound } from "../domain/contract/errors.ts";
import {
  deleteApiResource,
  findApiResource,
  keepApiTest,
  listApiResources,
  lockApiResource,
  putApiResource,
  type StoredApiResource,
} from "../db/queries/api-resources.ts";
import type { Db } from "../db/client.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";
import type { Ctx } from "./context.ts";
import { loadEgress } from "./egress.ts";
import { mutate, requirePermission } from "./mutate.ts";

export function getApiResources(
  ctx: Ctx,
  list: Parameters<typeof listApiResources>[1],
): Promise<{ resources: ApiResource[]; total: number }> {
  requirePermission(ctx, "settings:read");
  return listApiResources(ctx.pool, list);
}

export function getApiResource(ctx: Ctx, id: string): Promise<ApiResource> {
  requirePermission(ctx, "settings:read");
  return mustFind(ctx.pool, id);
}

export async function createApiResource(ctx: Ctx, input: NewApiResource): Promise<ApiResource> {
  const made = await mutate(ctx, "settings:write", "api_resource.create", async (db, note) => {
    const id = newId();
    await write(ctx, db, blank(id), input, { exists: false });
    note(input.name, { id, base_url: input.base_url, auth: input.auth ?? "none" });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "api-resources", made.id);
  return made;
}

export async function changeApiResource(ctx: Ctx, id: string, patch: ApiResourcePatch): Promise<ApiResource> {
  const changed = await mutate(ctx, "settings:write", "api_resource.update", async (db, note) => {
    const before = await lockApiResource(db, id);
    if (!before) throw new NotFound("api resource", id);
    await write(ctx, db, before, patch, { exists: true });
    note(before.name, {
      id,
      fields: Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field])),
    });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "api-resources", id);
  return changed;
}

export async function removeApiResource(ctx: Ctx, id: string): Promise<void> {
  await mutate(ctx, "settings:write", "api_resource.delete", async (db, note) => {
    const before = await lockApiResource(db, id);
    if (!before) throw new NotFound("api resource", id);
    await deleteApiResource(db, id);
    note(before.name, { id });
  });
  await notifyHint(ctx.pool, "api-resources", id);
}

/** Asks the resource now. What fails on the way is the answer, by name; only a resource that is not there is an error. */
export async function testApiResource(ctx: Ctx, id: string, call: ApiCall): Promise<ApiTest> {
  const { resource, list } = await mutate(ctx, "settings:write", "api_resource.test", async (db, note) => {
    const stored = await lockApiResource(db, id);
    if (!stored) throw new NotFound("api resource", id);
    note(stored.name, { id, method: call.method });
    return { resource: stored, list: await loadEgress(db) };
  });
  const began = performance.now();
  const taken = () => Math.round(performance.now() - began);
  const api = { ...resource, secrets: openApiSecrets(ctx.vault, resource) };
  const test = await callApi(list, api, call).then(
    ({ status, value }): ApiTest => ({ ok: true, status, latency_ms: taken(), value, error: null }),
    (error: unknown): ApiTest => {
      if (!(error instanceof ApiCallFailed)) throw error;
      return {
        ok: false,
        status: error.status,
        latency_ms: taken(),
        value: null,
        error: { code: error.code, message: error.message, what_to_do: error.whatToDo },
      };
    },
  );
  await keepApiTest(ctx.pool, id, {
    ok: test.ok,
    at: new Date().toISOString(),
    status: test.status,
    error: test.error,
  });
  await notifyHint(ctx.pool, "api-resources", id);
  return test;
}

export function openApiSecrets(vault: Vault, { id, sealed }: Pick<StoredApiResource, "id" | "sealed">): ApiSecrets {
  // Only `write` seals these, and the vault's tag proves that nobody else did.
  return sealed === null ? {} : (JSON.parse(vault.open(sealed, about(id)).toString("utf8")) as ApiSecrets);
}

const about = (id: string): string => `api-resource:${id}`;

const blank = (id: string): StoredApiResource => ({
  id,
  name: "",
  base_url: "",
  auth: "none",
  key_name: null,
  key_in: null,
  username: null,
  headers: {},
  secret_headers: [],
  has_secret: false,
  secrets_set_at: null,
  description: "",
  last_test: null,
  created_at: "",
  updated_at: "",
  sealed: null,
});

async function write(
  ctx: Ctx,
  db: Db,
  before: StoredApiResource,
  patch: ApiResourcePatch,
  { exists }: { exists: boolean },
): Promise<void> {
  const after = {
    ...before,
    name: patch.name ?? before.name,
    base_url: patch.base_url ?? before.base_url,
    auth: patch.auth ?? before.auth,
    key_name: patch.key_name === undefined ? before.key_name : patch.key_name,
    key_in: patch.key_in === undefined ? before.key_in : patch.key_in,
    username: patch.username === undefined ? before.username : patch.username,
    headers: patch.headers ?? before.headers,
    description: patch.description ?? before.description,
  };
  // A secret goes to whom it was given for: another host has to be given it again, and another kind has no use for it.
  const sameTarget = after.base_url === before.base_url && after.auth === before.auth;
  const secrets = secretsAfter(sameTarget ? openApiSecrets(ctx.vault, before) : {}, patch);
  checkAuth(after, secrets);
  const sealed = Object.values(secrets).some((value) => value !== undefined)
    ? ctx.vault.seal(JSON.stringify(secrets), about(before.id))
    : null;
  const secretsChanged =
    !sameTarget || patch.token !== undefined || patch.password !== undefined || patch.secret_headers !== undefined;
  const row = { ...after, secret_headers: Object.keys(secrets.secret_headers ?? {}), sealed };
  if (!(await putApiResource(db, row, { exists, secretsChanged })))
    throw new Conflict("api_resource_exists", `there is already an API resource ${after.name}; choose another name`, {
      details: [{ path: "name", code: "api_resource_exists", message: "is taken" }],
    });
}

function secretsAfter(before: ApiSecrets, patch: ApiResourcePatch): ApiSecrets {
  const given = <T>(value: T | null | undefined, old: T | undefined): T | undefined =>
    value === undefined ? old : (value ?? undefined);
  return {
    token: given(patch.token, before.token),
    password: given(patch.password, before.password),
    secret_headers: given(patch.secret_headers, before.secret_headers),
  };
}

/** Each kind of authentication with what it needs, and with nothing else. */
function checkAuth(r: StoredApiResource, secrets: ApiSecrets): void {
  const needs = (path: string, there: boolean, message: string): void => {
    if (!there) throw wrong(path, "auth_incomplete", message);
  };
  const refuses = (path: string, there: boolean): void => {
    if (there) throw wrong(path, "auth_unused", `is not used by the authentication ${r.auth}; leave it out`);
  };
  const usesToken = r.auth === "bearer" || r.auth === "api_key";
  if (usesToken) needs("token", secrets.token !== undefined, "is missing: give the token or key");
  else refuses("token", secrets.token !== undefined);
  if (r.auth === "api_key") {
    needs("key_name", r.key_name !== null && r.key_name !== "", "is missing: the name of the header or parameter");
    needs("key_in", r.key_in !== null, 'is missing: "header" or "query"');
  }
  if (r.auth === "basic") {
    needs("username", r.username !== null && r.username !== "", "is missing");
    needs("username", !r.username?.includes(":"), "may not hold a colon: basic authentication cannot send it");
    needs("password", secrets.password !== undefined, "is missing");
  } else refuses("password", secrets.password !== undefined);
  const custom = Object.keys(secrets.secret_headers ?? {}).length > 0;
  if (r.auth === "custom") needs("secret_headers", custom, "is missing: at least one header");
  else refuses("secret_headers", custom);
}

async function mustFind(db: Db, id: string): Promise<ApiResource> {
  const resource = await findApiResource(db, id);
  if (!resource) throw new NotFound("api resource", id);
  return resource;
}

const wrong = (path: string, code: string, message: string): Invalid =>
  new Invalid(code, `${path} ${message}`, { details: [{ path, code, message }] });

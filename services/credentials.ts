import type { Credential, CredentialPatch, NewCredential } from "../domain/contract/device.ts";
import { Conflict, Invalid, NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import {
  clearRefusals,
  credentialNameTaken,
  deleteCredential,
  findCredential,
  insertCredential,
  listCredentials,
  lockCredential,
  makeDefaultCredential,
  updateCredential,
} from "../db/queries/credentials.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";
import type { Ctx } from "./context.ts";
import { sealSecrets, touchesSecrets, type SealedSecrets, type SecretsPatch } from "./device-secrets.ts";
import { mutate, requirePermission } from "./mutate.ts";

export function getCredentials(
  ctx: Ctx,
  list: Parameters<typeof listCredentials>[1],
): Promise<{ credentials: Credential[]; total: number }> {
  requirePermission(ctx, "credentials:read");
  return listCredentials(ctx.pool, list);
}

export function getCredential(ctx: Ctx, id: string): Promise<Credential> {
  requirePermission(ctx, "credentials:read");
  return mustFind(ctx.pool, id);
}

export async function createCredential(ctx: Ctx, input: NewCredential): Promise<Credential> {
  const made = await mutate(ctx, "credentials:write", "credential.create", async (db, note) => {
    const id = newId();
    const secrets = await sealed(ctx.vault, id, undefined, input);
    const inserted = await insertCredential(db, {
      id,
      name: input.name,
      username: input.username,
      description: input.description ?? "",
      ...secrets,
    });
    if (!inserted) throw nameTaken(input.name);
    if (input.is_default) await makeDefaultCredential(db, id);
    note(input.name, { id, username: input.username, is_default: input.is_default ?? false });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "credentials", made.id);
  return made;
}

export async function changeCredential(ctx: Ctx, id: string, patch: CredentialPatch): Promise<Credential> {
  const credential = await mutate(ctx, "credentials:write", "credential.update", async (db, note) => {
    const before = await lockCredential(db, id);
    if (!before) throw new NotFound("credential", id);
    const secrets = await sealed(ctx.vault, id, before, patch);
    const after = {
      id,
      name: patch.name ?? before.name,
      username: patch.username ?? before.username,
      description: patch.description ?? before.description,
    };
    if (await credentialNameTaken(db, after.name, id)) throw nameTaken(after.name);
    await updateCredential(db, { ...after, ...secrets }, { secretsChanged: touchesSecrets(patch) });
    if (touchesSecrets(patch) || after.username !== before.username) await clearRefusals(db, `credential:${id}`);
    note(before.name, {
      id,
      fields: Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field])),
    });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "credentials", id);
  return credential;
}

export async function setDefaultCredential(ctx: Ctx, id: string): Promise<Credential> {
  const credential = await mutate(ctx, "credentials:write", "credential.default", async (db, note) => {
    const before = await lockCredential(db, id);
    if (!before) throw new NotFound("credential", id);
    await makeDefaultCredential(db, id);
    note(before.name, { id });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "credentials", id);
  return credential;
}

export async function removeCredential(ctx: Ctx, id: string): Promise<void> {
  await mutate(ctx, "credentials:write", "credential.delete", async (db, note) => {
    const locked = await lockCredential(db, id);
    if (!locked) throw new NotFound("credential", id);
    const { devices } = await mustFind(db, id);
    if (devices > 0)
      throw new Conflict(
        "credential_in_use",
        `${devices} ${devices === 1 ? "device uses" : "devices use"} ${locked.name}; give them another credential first`,
      );
    await deleteCredential(db, id);
    note(locked.name, { id });
  });
  await notifyHint(ctx.pool, "credentials", id);
}

async function sealed(
  vault: Vault,
  id: string,
  before: (SealedSecrets & { sealed: Buffer }) | undefined,
  patch: SecretsPatch,
): Promise<SealedSecrets & { sealed: Buffer }> {
  const secrets = await sealSecrets(vault, `credential:${id}`, before, patch);
  if (secrets.sealed === null || !(secrets.has_password || secrets.has_private_key))
    throw new Invalid("secret_missing", "password: a credential needs a password or a private key", {
      details: [
        { path: "password", code: "secret_missing", message: "a credential needs a password or a private key" },
      ],
    });
  return { ...secrets, sealed: secrets.sealed };
}

const nameTaken = (name: string): Conflict =>
  new Conflict("credential_exists", `there is already a credential ${name}; choose another name`, {
    details: [{ path: "name", code: "credential_exists", message: "is taken" }],
  });

async function mustFind(db: Db, id: string): Promise<Credential> {
  const credential = await findCredential(db, id);
  if (!credential) throw new NotFound("credential", id);
  return credential;
}

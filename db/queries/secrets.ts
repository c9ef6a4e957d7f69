import { NotFound } from "../../domain/contract/errors.ts";
import type { Vault } from "../../system/vault.ts";
import type { Db } from "../client.ts";

/**
 * The reference that stands for a secret value of a configuration line. It is made from the value, so that the same
 * value has the same reference on every device and in every plan, and a diff shows whether a secret changes.
 */
export function secretRef(vault: Pick<Vault, "hmac">, value: string): string {
  const hex = vault.hmac("mask", value).toString("hex");
  return `secret://${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Seals a value under its reference and gives the reference. */
export async function putSecret(db: Db, vault: Vault, value: string, purpose: string): Promise<string> {
  const ref = secretRef(vault, value);
  const id = ref.slice("secret://".length);
  await db`insert into secrets (id, purpose, sealed) values (${id}, ${purpose}, ${vault.seal(value, `secret:${id}`)}) on conflict (id) do nothing`;
  return ref;
}

/** Opens a reference. Only the activity that sends the line may call this. */
export async function openSecret(db: Db, vault: Vault, ref: string): Promise<string> {
  const id = ref.slice("secret://".length);
  const [row] = await db<{ sealed: Buffer }[]>`select sealed from secrets where id::text = ${id}`;
  if (!row) throw new NotFound("secret", id);
  return vault.open(row.sealed, `secret:${id}`).toString("utf8");
}

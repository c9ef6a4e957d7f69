import { Invalid } from "../domain/contract/errors.ts";
import type { SecretFlags } from "../db/queries/device-rows.ts";
import { checkPrivateKey, type KeyFault } from "../system/private-key.ts";
import type { Vault } from "../system/vault.ts";

/** What is sealed of a device or a credential. */
export type Secrets = { password?: string; enable_password?: string; private_key?: string; passphrase?: string };
/** Undefined keeps what is there, null removes it. */
export type SecretsPatch = { [K in keyof Secrets]?: string | null | undefined };

const NAMES = ["password", "enable_password", "private_key", "passphrase"] as const;

export type SealedSecrets = { sealed: Buffer | null } & SecretFlags;

/**
 * Seals what stands after the patch. The sealed value is opened only to merge a part into it, and only when a part is
 * given; a new private key never keeps the passphrase of the one before. Throws Invalid for a key that does not open.
 */
export async function sealSecrets(
  vault: Vault,
  about: string,
  before: SealedSecrets | undefined,
  patch: SecretsPatch,
): Promise<SealedSecrets> {
  if (before !== undefined && !touchesSecrets(patch)) {
    const { sealed, has_password, has_enable_password, has_private_key } = before;
    return { sealed, has_password, has_enable_password, has_private_key };
  }
  const old = before === undefined || before.sealed === null ? {} : openSecrets(vault, about, before.sealed);
  const next: Secrets = {};
  for (const name of NAMES) {
    const kept = name === "passphrase" && patch.private_key !== undefined ? undefined : old[name];
    const value = patch[name] === undefined ? kept : patch[name];
    if (value !== undefined && value !== null) next[name] = value;
  }
  if (patch.private_key !== undefined || patch.passphrase !== undefined) await checkKey(next);
  const empty = NAMES.every((name) => next[name] === undefined);
  return {
    sealed: empty ? null : vault.seal(JSON.stringify(next), about),
    has_password: next.password !== undefined,
    has_enable_password: next.enable_password !== undefined,
    has_private_key: next.private_key !== undefined,
  };
}

/** One on top of the other, sealed anew for the device; a part that the upper one lacks is the lower one's. */
export function layerSecrets(
  vault: Vault,
  about: string,
  layers: readonly { about: string; sealed: Buffer | null }[],
): SealedSecrets {
  const secrets = layers.reduce<Secrets>(
    (below, { about: of, sealed }) => (sealed === null ? below : { ...below, ...openSecrets(vault, of, sealed) }),
    {},
  );
  return {
    sealed: Object.keys(secrets).length === 0 ? null : vault.seal(JSON.stringify(secrets), about),
    has_password: secrets.password !== undefined,
    has_enable_password: secrets.enable_password !== undefined,
    has_private_key: secrets.private_key !== undefined,
  };
}

export const touchesSecrets = (patch: SecretsPatch): boolean => NAMES.some((name) => patch[name] !== undefined);

function openSecrets(vault: Vault, about: string, sealed: Buffer): Secrets {
  // Only sealSecrets writes these, and the vault's tag proves that nobody else did.
  return JSON.parse(vault.open(sealed, about).toString("utf8")) as Secrets;
}

async function checkKey({ private_key: key, passphrase }: Secrets): Promise<void> {
  if (key === undefined) {
    if (passphrase !== undefined) throw wrongKey("passphrase", "key_passphrase", "is given without a private key");
    return;
  }
  const fault = await checkPrivateKey(key, passphrase);
  if (fault !== undefined) throw describe(fault);
}

function describe(fault: KeyFault): Invalid {
  if (fault === "not_a_key")
    return wrongKey(
      "private_key",
      "private_key_invalid",
      "is no private key in PEM or OpenSSH format; paste the whole file, with its first and last line",
    );
  if (fault === "passphrase_needed")
    return wrongKey("passphrase", "key_passphrase", "is missing: the private key is encrypted");
  if (fault === "passphrase_wrong") return wrongKey("passphrase", "key_passphrase", "does not open the private key");
  if (fault === "passphrase_unused")
    return wrongKey("passphrase", "key_passphrase", "is given, but the private key is not encrypted; leave it out");
  return wrongKey(
    "private_key",
    "private_key_unsupported",
    `uses ${fault.unsupported}, which is not supported; write it anew with ssh-keygen -p`,
  );
}

const wrongKey = (path: string, code: string, message: string): Invalid =>
  new Invalid(code, `${path} ${message}`, { details: [{ path, code, message }] });

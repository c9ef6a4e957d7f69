import type { ErrorDetail } from "../domain/contract/errors.ts";
import { parseLines } from "../domain/config/lines.ts";
import { cutSecrets } from "../domain/config/secrets.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import type { Db } from "../db/client.ts";
import { putSecret, secretRef } from "../db/queries/secrets.ts";
import type { Vault } from "../system/vault.ts";

/** What a template gave for one device, made into the lines that are kept: cleaned, and with every secret put away. */
export async function linesOf(
  db: Db,
  vault: Vault,
  { platform, text, path, device }: { platform: PlatformId; text: string; path: string; device: string },
): Promise<{ lines: string[]; faults: ErrorDetail[] }> {
  const { lines, problems } = parseLines(platform, text);
  if (problems.length > 0)
    return {
      lines: [],
      faults: problems.map((p) => ({
        ...p,
        path,
        message: `${device}${p.line === undefined ? "" : `, line ${p.line} of what it renders`}: ${p.message}`,
      })),
    };
  if (lines.length === 0) return { lines: [], faults: [] };
  const secrets = new Set<string>();
  const cut = cutSecrets(platform, lines, (value) => {
    secrets.add(value);
    return secretRef(vault, value);
  });
  for (const value of secrets) await putSecret(db, vault, value, "config_line");
  return { lines: cut, faults: [] };
}

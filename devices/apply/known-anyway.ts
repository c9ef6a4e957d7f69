import { neededLines } from "../../domain/config/needed.ts";
import { parseConfig } from "../../domain/config/parse.ts";
import { maskSecrets } from "../../domain/config/secrets.ts";
import { mayBeThere } from "../../db/queries/journal.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import type { ApprovedChange } from "../approved-change.ts";
import { readRunningConfig } from "../read.ts";
import type { Session } from "../session.ts";
import type { ApplyDeps } from "./outcome.ts";

/**
 * What says, besides its serial number, that it is the device on which this change was begun: its name, its host key, and
 * lines in its config that the journal knows to be sent. Null: one of them is missing.
 */
export async function knownAnyway(
  session: Session,
  approved: ApprovedChange,
  { pool, vault }: Pick<ApplyDeps, "pool" | "vault">,
): Promise<string | null> {
  const { device } = session;
  // The name was compared before, where one is known.
  if (device.hostname === null || approved.hostKey === null || approved.hostKey !== device.hostKey?.fingerprint)
    return null;
  if (!(await mayBeThere(pool, approved, "apply"))) return null;
  const config = maskSecrets(approved.platform, await readRunningConfig(session), (value) => secretRef(vault, value));
  const missing = neededLines(approved.platform, parseConfig(approved.platform, config), approved.lines);
  return missing.length < approved.lines.length ? "its name, its host key and lines of this change fit" : null;
}

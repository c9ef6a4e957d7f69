import { neededLines } from "../domain/config/needed.ts";
import { parseConfig } from "../domain/config/parse.ts";
import { maskSecrets } from "../domain/config/secrets.ts";
import { secretRef } from "../db/queries/secrets.ts";
import type { ApplyOutcome } from "../devices/apply.ts";
import type { ApprovedChange } from "../devices/approved-change.ts";
import { failure } from "../devices/failures.ts";
import { readRunningConfig } from "../devices/read.ts";
import type { Session } from "../devices/session.ts";
import type { Vault } from "../system/vault.ts";

/** A device that took every line of the way back need not have done what they say: only its config tells. */
export async function checkTakenBack(session: Session, approved: ApprovedChange, vault: Vault): Promise<ApplyOutcome> {
  const { platform, rollbackLines, device } = approved;
  const config = await readRunningConfig(session);
  const tree = parseConfig(
    platform,
    maskSecrets(platform, config, (value) => secretRef(vault, value)),
  );
  const [first, ...more] = neededLines(platform, tree, rollbackLines);
  if (first === undefined) return { status: "done", confirmBy: null };
  const lines = more.length === 0 ? "line" : `${more.length + 1} lines, first`;
  return {
    status: "failed",
    nothingSent: false,
    failure: failure(
      "rollback_incomplete",
      `${device} took the rollback lines, but its config is not as it was: still needed is the ${lines} “${(rollbackLines[first] ?? "").trim()}”`,
    ),
  };
}

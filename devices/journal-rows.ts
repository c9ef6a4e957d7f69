import type { Direction, JournalState } from "../db/queries/journal.ts";
import type { Vault } from "../system/vault.ts";
import type { ApprovedChange } from "./approved-change.ts";
import { failure } from "./failures.ts";
import { lineMac } from "./journal.ts";

/**
 * Before anything is concluded from rows: are they those that this service wrote when it sent the approved lines? A row that
 * somebody put there or altered could make a line that was never sent look taken.
 */
export async function checkRows(
  vault: Pick<Vault, "hmac">,
  approved: ApprovedChange,
  direction: Direction,
  rows: readonly JournalState[],
): Promise<void> {
  const { changeId, deviceId, device } = approved;
  const lines = direction === "apply" ? approved.lines : direction === "rollback" ? approved.rollbackLines : [];
  for (const row of rows) {
    const { seq, attempt } = row;
    // Behind the lines stand the commands that commit and save them: they are of the platform, and hold no secret.
    const line = lines[seq] ?? row.line;
    const mac = lineMac(vault, { changeId, deviceId, direction, seq, attempt }, await approved.fill(line));
    if (row.line !== line || !mac.equals(row.line_hmac))
      throw failure(
        "journal_tampered",
        `the journal's row of line ${seq + 1} (${direction}, attempt ${attempt}) for ${device} is not as this service wrote it`,
      );
  }
}

import { createHash } from "node:crypto";
import { newestRows, settleRows, type Direction } from "../../db/queries/journal.ts";
import type { ApprovedChange } from "../approved-change.ts";
import type { Exchange } from "../session.ts";
import { flights } from "./flights.ts";
import { expectNames } from "./names.ts";
import type { ApplyDeps } from "./outcome.ts";
import type { Line, Sender } from "./sender.ts";
import type { Session } from "../session.ts";

/**
 * What a commit is known by on the device: change, direction and attempt. A session that broke at the commit finds out by it
 * whether the commit happened.
 */
export function labelOf(changeId: string, direction: Direction, attempt: number): string {
  const digest = createHash("sha256").update(changeId).digest("hex").slice(0, 12);
  return `ns-${digest}-${direction.charAt(0)}${attempt}`;
}

/** The label under which the lines of an applied change were committed. */
export async function committedLabel(
  { changeId, deviceId, lines }: ApprovedChange,
  { pool }: Pick<ApplyDeps, "pool">,
): Promise<string> {
  const rows = await newestRows(pool, { changeId, deviceId, direction: "apply" });
  const commit = rows.find((row) => row.seq === lines.length);
  return labelOf(changeId, "apply", commit?.attempt ?? Math.max(1, ...rows.map((row) => row.attempt)));
}

export type Refused = { seq: number; line: string; answer: string };

/** Loads lines into what is not active yet. Gives the line that was refused; then the rest was not sent. */
export async function load(
  session: Session,
  approved: ApprovedChange,
  sender: Sender,
  lines: readonly Line[],
): Promise<Refused | null> {
  expectNames(
    session,
    lines.map(({ line }) => line),
  );
  let refused: Refused | null = null;
  const look = (exchange: Exchange, part: readonly Line[]): void => {
    for (const [n, { seq, line }] of part.entries()) {
      const answer = exchange.answers[n];
      const why = answer?.refused ?? null;
      if (why !== null) refused ??= { seq, line, answer: why };
      sender.answered(seq, why === null ? "taken" : "refused", why ?? answer?.text ?? null);
    }
  };
  await sender.send(lines, {
    groups: flights(
      approved.platform,
      lines.map(({ line }) => line),
    ),
    after: look,
    until: () => refused !== null,
  });
  return refused;
}

/** What was loaded was thrown away: none of it is active. */
export async function markDiscarded(
  deps: ApplyDeps,
  approved: ApprovedChange,
  sender: Sender,
  lines: readonly Line[],
  except: number | null,
): Promise<void> {
  await sender.flush();
  const found = lines
    .filter(({ seq }) => seq !== except)
    .map(({ seq }) => ({ seq, attempt: sender.attempt, state: "absent" as const }));
  await settleRows(
    deps.pool,
    { changeId: approved.changeId, deviceId: approved.deviceId, direction: sender.direction },
    found,
  );
}

import { neededLines, linePresent } from "../domain/config/needed.ts";
import { placesOf } from "../domain/config/apply.ts";
import { parseConfig } from "../domain/config/parse.ts";
import { maskSecrets } from "../domain/config/secrets.ts";
import type { ConfigTree } from "../domain/config/tree.ts";
import type { Pool } from "../db/client.ts";
import { putBlob } from "../db/queries/blobs.ts";
import { newestRows, secondsSinceBegun, settleRows, type JournalState } from "../db/queries/journal.ts";
import { putReadBack } from "../db/queries/read-backs.ts";
import { secretRef } from "../db/queries/secrets.ts";
import type { Vault } from "../system/vault.ts";
import { blockStart } from "./apply/blocks.ts";
import { enterCandidate, leave, readCommits, standOf } from "./apply/candidate.ts";
import { listSessions } from "./apply/configure-session.ts";
import { checkName } from "./apply/names.ts";
import { labelOf } from "./apply/staged.ts";
import type { ApprovedChange } from "./approved-change.ts";
import { failure, isFailure } from "./failures.ts";
import { checkSerial } from "./identity.ts";
import { checkRows } from "./journal-rows.ts";
import type { Lease } from "./locks.ts";
import { readFacts, readRunningConfig } from "./read.ts";
import type { Candidate } from "./platforms/platform.ts";
import type { Session } from "./session.ts";

export type Settled = {
  /** `resume`: go on at `fromSeq`. `nothing_sent`: nothing of it is on the device, begin anew. `unclear`: the device cannot tell. */
  verdict: "all_present" | "resume" | "unclear" | "nothing_sent";
  fromSeq: number;
  /** The attempt that goes on, which this read-back allows. */
  attempt: number;
  lines: { seq: number; state: "present" | "absent" | "unclear" }[];
};

type SettleDeps = {
  pool: Pool;
  vault: Vault;
  lease: Lease;
  /** A person chose to send what is unclear once more. */ force?: boolean;
  signal?: AbortSignal | undefined;
};
type Found = { verdict: Settled["verdict"]; fromSeq: number; lines: Settled["lines"]; config: string | null };

/**
 * Reads an interrupted device back and says what the lines in doubt did: by the config where each line works at once, by
 * the label of the commit where the change is committed as a whole. Writes down what it found; with that the journal
 * lets the next attempt begin.
 */
export async function settle(
  session: Session,
  approved: ApprovedChange,
  { pool, vault, lease, force = false, signal }: SettleDeps,
): Promise<Settled> {
  const where = { changeId: approved.changeId, deviceId: approved.deviceId, direction: "apply" as const };
  const rows = await newestRows(pool, where);
  const attempt = Math.max(1, ...rows.map((row) => row.attempt));
  if (rows.length === 0) return { verdict: "nothing_sent", fromSeq: 0, attempt: 1, lines: [] };
  await checkRows(vault, approved, "apply", rows);
  // What another box holds says nothing about this one.
  checkName(session, approved);
  await checkSerial(session);
  const { transaction } = session.device.platform;
  const found =
    transaction.kind === "immediate"
      ? await settleByConfig(session, approved, vault, rows, {
          force,
          restarted: await hasRestarted(session, () => secondsSinceBegun(pool, where)),
        })
      : transaction.kind === "configure_session"
        ? await settleSession(session, approved, vault, rows, attempt)
        : transaction.kind === "candidate"
          ? await settleCommit(session, approved, rows, { attempt, signal })
          : null;
  if (found === null) throw failure("wrong_platform", `nothing is ever sent to a ${approved.platform} device`);
  const known = found.lines.flatMap(({ seq, state }) =>
    state === "unclear" ? [] : [{ seq, attempt: rows.find((r) => r.seq === seq)?.attempt ?? attempt, state }],
  );
  await settleRows(pool, where, known);
  const { config, ...result } = found;
  // Without it the next attempt is refused by the journal: an unclear one goes on only when a person says so.
  if (found.verdict !== "unclear")
    await putReadBack(pool, {
      ...where,
      attempt,
      epoch: lease.epoch,
      configRef: config === null ? null : await putBlob(pool, vault, config),
      result,
    });
  return { ...result, attempt: attempt + 1 };
}

const readTree = async (
  session: Session,
  approved: ApprovedChange,
  vault: Vault,
): Promise<{ config: string; tree: ConfigTree }> => {
  const config = await readRunningConfig(session);
  return {
    config,
    tree: parseConfig(
      approved.platform,
      maskSecrets(approved.platform, config, (value) => secretRef(vault, value)),
    ),
  };
};

/** Devices tell their uptime in whole minutes. */
const MINUTE_S = 60;

/** Has the device started anew since the first line was sent to it? Then what it took and nobody saved is gone. */
async function hasRestarted(session: Session, secondsSince: () => Promise<number>): Promise<boolean> {
  const { uptime_s } = await readFacts(session);
  return uptime_s !== null && uptime_s < (await secondsSince()) - MINUTE_S;
}

async function settleByConfig(
  session: Session,
  approved: ApprovedChange,
  vault: Vault,
  rows: readonly JournalState[],
  { force, restarted }: { force: boolean; restarted: boolean },
): Promise<Found> {
  const { lines, platform } = approved;
  const { config, tree } = await readTree(session, approved, vault);
  const inDoubt = (row: JournalState): boolean => row.state === "sent" || (restarted && row.state !== "refused");
  const doubt = rows.filter(inDoubt).map((row) => row.seq);
  const places = placesOf(platform, lines);
  const states = doubt.map((seq): Settled["lines"][number] => {
    // Leaving a section leaves no trace and needs none: the next line is sent in its own section anyway.
    const leaves = places.some((p) => p.kind === "exit" && p.from <= seq && seq <= p.to);
    return { seq, state: leaves ? "present" : linePresent(platform, tree, lines, seq) };
  });
  // A device takes lines in order: what stands before one that is there was taken too, or refused. What is there after a
  // restart may have been there before.
  const lastThere = restarted
    ? -1
    : states.findLastIndex(
        ({ seq, state }) => state === "present" && !places.some((p) => p.kind === "exit" && p.from === seq),
      );
  const judged = states.map((each, n) =>
    each.state !== "unclear"
      ? each
      : n < lastThere
        ? { ...each, state: "present" as const }
        : force
          ? { ...each, state: "absent" as const }
          : each,
  );
  const unclear = judged.some(({ state }) => state === "unclear");
  const absent = judged.find(({ state }) => state === "absent")?.seq;
  const known = new Set([
    ...rows.filter((r) => !inDoubt(r) && (r.state === "taken" || r.state === "present")).map((r) => r.seq),
    ...judged.filter((j) => j.state === "present").map((j) => j.seq),
  ]);
  const next = absent ?? lines.findIndex((_, seq) => !known.has(seq));
  const fromSeq = blockStart(platform, lines, next === -1 ? lines.length : next);
  if (unclear) return { verdict: "unclear", fromSeq, lines: judged, config };
  if (next === -1) return { verdict: "all_present", fromSeq, lines: judged, config };
  const none = known.size === 0 && !rows.some((r) => r.state === "refused");
  return { verdict: none ? "nothing_sent" : "resume", fromSeq, lines: judged, config };
}

const all = (rows: readonly JournalState[], state: Settled["lines"][number]["state"]): Settled["lines"] =>
  rows.filter((r) => r.state !== "refused").map(({ seq }) => ({ seq, state }));

async function settleSession(
  session: Session,
  approved: ApprovedChange,
  vault: Vault,
  rows: readonly JournalState[],
  attempt: number,
): Promise<Found> {
  const { transaction } = session.device.platform;
  if (transaction.kind !== "configure_session") throw new Error("not a platform with configuration sessions");
  const label = labelOf(approved.changeId, "apply", attempt);
  const state = (await listSessions(session, transaction)).get(label);
  // What was loaded and not committed is thrown away: it is nowhere in the running config.
  if (state === "open") await session.exchange([transaction.discard(label)]);
  const nothing: Found = { verdict: "nothing_sent", fromSeq: 0, lines: all(rows, "absent"), config: null };
  const done: Found = {
    verdict: "all_present",
    fromSeq: approved.lines.length,
    lines: all(rows, "present"),
    config: null,
  };
  if (!rows.some((row) => row.seq === approved.lines.length && row.attempt === attempt) || state === "open")
    return nothing;
  if (state !== undefined) return done;
  // Devices remember only the last committed session. One that is gone may also have been taken back: the config tells.
  const { config, tree } = await readTree(session, approved, vault);
  return { ...(neededLines(approved.platform, tree, approved.lines).length === 0 ? done : nothing), config };
}

async function settleCommit(
  session: Session,
  approved: ApprovedChange,
  rows: readonly JournalState[],
  { attempt, signal }: { attempt: number; signal: AbortSignal | undefined },
): Promise<Found> {
  const { transaction } = session.device.platform;
  if (transaction.kind !== "candidate") throw new Error("not a platform with a candidate");
  const committing = rows.some((row) => row.seq === approved.lines.length && row.attempt === attempt);
  const label = labelOf(approved.changeId, "apply", attempt);
  const look = async () => standOf(transaction, await readCommits(session, transaction), label);
  let stand = committing ? await look() : "absent";
  if (committing && stand === "absent") {
    if (!(await nobodyCommits(session, transaction, signal)))
      return { verdict: "unclear", fromSeq: 0, lines: all(rows, "unclear"), config: null };
    stand = await look();
  }
  return stand === "committed" || stand === "waiting"
    ? { verdict: "all_present", fromSeq: approved.lines.length, lines: all(rows, "present"), config: null }
    : { verdict: "nothing_sent", fromSeq: 0, lines: all(rows, "absent"), config: null };
}

/**
 * A device may go on with a commit whose session has died, and holds the configuration until that has ended. Whoever gets
 * in alone knows that no commit is under way any more; entering and leaving changes nothing. False: it stays locked, or
 * holds what is not ours.
 */
async function nobodyCommits(
  session: Session,
  transaction: Candidate,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await enterCandidate(session, transaction, signal);
  } catch (error) {
    if (!isFailure(error, "device_locked", "dirty_candidate")) throw error;
    session.note(`whether a commit is still under way is not known: ${error.message}`);
    return false;
  }
  await leave(session, transaction, false);
  return true;
}

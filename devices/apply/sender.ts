import { AppError, DeviceFailure } from "../../domain/contract/errors.ts";
import { maskSecrets } from "../../domain/config/secrets.ts";
import type { AnswerRow, Direction } from "../../db/queries/journal.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import type { ApprovedChange } from "../approved-change.ts";
import { failure } from "../failures.ts";
import type { Exchange, Session } from "../session.ts";
import { Halt, type ApplyDeps } from "./outcome.ts";

export type Line = { seq: number; line: string };

export type SendOptions = {
  /** Waits this long for the answer: a commit may take minutes. */
  idleMs?: number;
  /** How many lines leave together, at which indices a group begins; by default all. */
  groups?: readonly number[];
  /** Looks at the answers of a group. */
  after?: (exchange: Exchange, lines: readonly Line[]) => void;
  /** True: the groups that are left are not sent. */
  until?: () => boolean;
  /** They are lines of the change itself. */
  changes?: true;
};

/** Sends the lines of one phase to one device: no byte leaves without its row, its lock and its right. */
export type Sender = {
  readonly direction: Direction;
  readonly attempt: number;
  /** Commits the rows of a window and sends it. Throws Halt when it may not be sent, or when what became of it is not known. */
  readonly send: (lines: readonly Line[], options?: SendOptions) => Promise<Exchange[]>;
  readonly answered: (seq: number, state: AnswerRow["state"], answer: string | null) => void;
  /** Stores the answers that no further window carries. */
  readonly flush: () => Promise<void>;
};

const MOST_ANSWER = 2000;

export function createSender(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  { direction, attempt, before, total }: { direction: Direction; attempt: number; before: boolean; total: number },
): Sender {
  const { journal, lease, signal } = deps;
  const stoppable = direction === "apply";
  let answers: AnswerRow[] = [];
  let windowNo = 0;
  let sent = before;
  let first = true;

  const note = (seq: number, state: AnswerRow["state"], answer: string | null): void => {
    const masked =
      answer === null || answer === ""
        ? null
        : maskSecrets(approved.platform, answer, (value) => secretRef(deps.vault, value)).slice(0, MOST_ANSWER);
    answers.push({
      change_id: approved.changeId,
      device_id: approved.deviceId,
      direction,
      seq,
      attempt,
      epoch: lease.epoch,
      holder: lease.holder,
      state,
      answer: masked,
    });
  };
  const take = (): AnswerRow[] => {
    const taken = answers;
    answers = [];
    return taken;
  };
  const flush = async (): Promise<void> => {
    await journal.finish(approved.runId, take());
  };
  const unsent = async (lines: readonly Line[], why: DeviceFailure): Promise<never> => {
    // The rows are there, but no byte left: that much is known.
    for (const { seq } of lines) note(seq, "absent", `not sent: ${why.message}`);
    await flush().catch(() => undefined);
    throw new Halt(
      sent ? { status: "in_doubt", seqs: [], failure: why } : { status: "failed", failure: why, nothingSent: true },
    );
  };

  const fillAll = async (lines: readonly Line[]): Promise<string[]> => {
    try {
      return await Promise.all(lines.map(({ line }) => approved.fill(line)));
    } catch (error) {
      await flush().catch(() => undefined);
      if (error instanceof AppError) throw error;
      const away = failure("journal_unavailable", "the secrets of a line could not be read, so it was not sent", {
        cause: error,
      });
      throw new Halt(
        sent ? { status: "in_doubt", seqs: [], failure: away } : { status: "failed", failure: away, nothingSent: true },
      );
    }
  };

  return {
    direction,
    attempt,
    answered: note,
    flush,
    send: async (lines, options = {}) => {
      const [{ seq: nextSeq } = { seq: 0 }] = lines;
      if (stoppable && signal?.aborted) {
        await flush();
        throw new Halt({ status: "stopped", why: "paused", nextSeq });
      }
      const filled = await fillAll(lines);
      windowNo += 1;
      const seqs = lines.map(({ seq }) => seq);
      const carried = take();
      const verdict = await journal
        .begin({
          changeId: approved.changeId,
          direction,
          attempt,
          windowNo,
          lease,
          stoppable,
          notAfter: first ? approved.notAfter : null,
          lines: lines.map(({ seq, line }, n) => ({ seq, line, sent: filled[n] ?? line })),
          answers: carried,
        })
        .catch((error: unknown) => {
          // Were the rows written before the journal went away? The read-back will tell; nothing was sent.
          if (error instanceof DeviceFailure) throw new Halt({ status: "in_doubt", seqs, failure: error });
          throw error;
        });
      if (verdict !== "committed") throw new Halt(haltFor(verdict, nextSeq, approved.device, sent));
      first = false;
      const exchanges: Exchange[] = [];
      const groups = options.groups ?? [0];
      for (const [n, from] of groups.entries()) {
        const to = groups[n + 1] ?? lines.length;
        const part = lines.slice(from, to);
        if (!lease.live()) {
          const late = failure("epoch_lost", `the lease on ${approved.device} ran out before the line was sent`);
          if (n === 0) return unsent(lines, late);
          await flush().catch(() => undefined);
          throw new Halt({ status: "in_doubt", seqs, failure: late });
        }
        const secret = part.some(({ line }, k) => filled[from + k] !== line);
        sent = true;
        try {
          // In the tick of the check: `exchange` writes before it first waits.
          const exchange = await session.exchange(filled.slice(from, to), {
            ...(options.idleMs === undefined ? {} : { limits: { idleMs: options.idleMs } }),
            ...(secret ? { shown: part.map(({ line }) => line) } : {}),
            ...(options.changes === undefined ? {} : { changes: options.changes }),
          });
          exchanges.push(exchange);
          deps.onProgress?.({ seq: part.at(-1)?.seq ?? nextSeq, of: total, line: part.at(-1)?.line ?? "" });
          options.after?.(exchange, part);
          if (options.until?.() === true) break;
        } catch (error) {
          if (!(error instanceof DeviceFailure)) throw error;
          await flush().catch(() => undefined);
          throw new Halt({ status: "in_doubt", seqs, failure: error });
        }
      }
      return exchanges;
    },
  };
}

type Refusal = Exclude<Awaited<ReturnType<ApplyDeps["journal"]["begin"]>>, "committed">;

function haltFor(verdict: Refusal, nextSeq: number, device: string, sent: boolean): Halt["outcome"] {
  const fail = (error: DeviceFailure): Halt["outcome"] =>
    sent ? { status: "in_doubt", seqs: [], failure: error } : { status: "failed", failure: error, nothingSent: true };
  switch (verdict) {
    case "paused":
    case "cancelled":
      return { status: "stopped", why: verdict, nextSeq };
    case "epoch_lost":
      return fail(
        failure("epoch_lost", `another worker has taken over ${device}; this one stopped before its next line`),
      );
    case "too_late":
      return fail(failure("stopped", `the approval or the window ran out before the first line was sent to ${device}`));
    case "no_read_back":
    case "duplicate":
      return fail(
        failure(
          "epoch_lost",
          `the journal knows this line of ${device} already; it must be read back before anything is sent again`,
        ),
      );
  }
}

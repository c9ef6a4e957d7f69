import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "../db/client.ts";
import {
  commitWindows,
  notifyRuns,
  type AnswerRow,
  type Direction,
  type WindowRow,
  type WindowVerdict,
} from "../db/queries/journal.ts";
import type { Vault } from "../system/vault.ts";
import { failure } from "./failures.ts";
import type { Lease } from "./locks.ts";

/** Lines of one device that go out together. `line` is what people see; `sent` what leaves, secrets filled in. */
export type JournalWindow = {
  changeId: string;
  direction: Direction;
  attempt: number;
  windowNo: number;
  lease: Pick<Lease, "deviceId" | "runId" | "holder" | "epoch">;
  stoppable: boolean;
  notAfter: Date | null;
  lines: { seq: number; line: string; sent: string }[];
  /** The answers to the windows before, stored by the same statement. */
  answers: AnswerRow[];
};

export type Journal = {
  /** Resolves when the window's rows are committed, or says why they are not. Throws `journal_unavailable`. */
  begin(window: JournalWindow): Promise<WindowVerdict>;
  /** Stores answers that no further window will carry. */
  finish(runId: string, answers: AnswerRow[]): Promise<void>;
  close(): Promise<void>;
};

/** What becomes of statements, for who counts them. */
export type JournalEvents = {
  committed(rows: number, seconds: number): void;
  failed(): void;
  /** What a window was told: that it is committed, or why not. */
  judged(verdict: WindowVerdict): void;
};

type Waiting = {
  window: WindowRow | null;
  answers: AnswerRow[];
  runId: string;
  done: (verdict: WindowVerdict) => void;
  fail: (error: Error) => void;
};

/** So many windows share a statement at most. */
const BATCH = 500;
const NOTIFY_MS = 200;
const LATE_MS = 15_000;

/**
 * The one writer of this worker. While a statement runs, windows of other devices gather and share the next one: a
 * commit is waited for once, however many devices are being written to. `pool` is for it alone.
 */
export function openJournal(
  pool: Pool,
  vault: Pick<Vault, "hmac">,
  { connections, events }: { connections: number; events?: JournalEvents },
): Journal {
  let queue: Waiting[] = [];
  let running = 0;
  const news = new Set<string>();
  let telling: Promise<void> | null = null;

  const pump = (): void => {
    while (running < connections && queue.length > 0) {
      const batch = queue.slice(0, BATCH);
      queue = queue.slice(BATCH);
      running += 1;
      void store(batch).finally(() => {
        running -= 1;
        pump();
      });
    }
  };

  const store = async (batch: Waiting[]): Promise<void> => {
    const windows = batch.flatMap((each) => (each.window === null ? [] : [each.window]));
    const since = performance.now();
    try {
      const verdicts = await commitWindows(
        pool,
        windows,
        batch.flatMap((each) => each.answers),
      );
      const rows = windows.reduce((sum, w) => sum + w.lines.length, 0);
      events?.committed(rows, (performance.now() - since) / 1000);
      for (const verdict of verdicts) events?.judged(verdict);
      let n = 0;
      for (const each of batch) {
        news.add(each.runId);
        each.done(each.window === null ? "committed" : (verdicts[n++] ?? "epoch_lost"));
      }
      tell();
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      // One window that the database refuses must not stop the others.
      if (batch.length > 1 && isRefusal(error)) {
        for (const each of batch) await store([each]);
        return;
      }
      events?.failed();
      for (const each of batch)
        each.fail(failure("journal_unavailable", "the journal could not be written, so nothing was sent", { cause }));
    }
  };

  /** Outside of the statement, and at most five times a second: what listens reads the rows itself. */
  const tell = (): void => {
    telling ??= sleep(NOTIFY_MS).then(async () => {
      const ids = [...news];
      news.clear();
      telling = null;
      // Listeners look by themselves every two seconds: a lost hint costs no more than that.
      await notifyRuns(pool, ids).catch(() => undefined);
    });
  };

  const add = (runId: string, window: WindowRow | null, answers: AnswerRow[]): Promise<WindowVerdict> =>
    new Promise((resolve, reject) => {
      // A database that does not answer must not hold a device's session for ever. Rows that it commits later were not sent:
      // the read-back will find them absent.
      const timer = setTimeout(
        () =>
          fail(
            failure(
              "journal_unavailable",
              `the journal was not written within ${LATE_MS / 1000} s, so nothing was sent`,
            ),
          ),
        LATE_MS,
      );
      const done = (verdict: WindowVerdict): void => {
        clearTimeout(timer);
        resolve(verdict);
      };
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      queue.push({ window, answers, runId, done, fail });
      // Windows that are made in the same turn of the loop share a statement.
      queueMicrotask(pump);
    });

  return {
    begin: ({ changeId, direction, attempt, windowNo, lease, stoppable, notAfter, lines, answers }) =>
      add(
        lease.runId,
        {
          change_id: changeId,
          device_id: lease.deviceId,
          run_id: lease.runId,
          direction,
          attempt,
          window_no: windowNo,
          epoch: lease.epoch,
          holder: lease.holder,
          stoppable,
          not_after: notAfter?.toISOString() ?? null,
          lines: lines.map(({ seq, line, sent }) => ({
            seq,
            line,
            hmac: lineMac(vault, { changeId, deviceId: lease.deviceId, direction, seq, attempt }, sent).toString("hex"),
          })),
        },
        answers,
      ),
    finish: async (runId, answers) => {
      if (answers.length > 0) await add(runId, null, answers);
    },
    close: async () => {
      while (running > 0 || queue.length > 0) await sleep(10);
      if (telling !== null) await telling;
    },
  };
}

type LineKey = { changeId: string; deviceId: string; direction: Direction; seq: number; attempt: number };

/** Over the line as it was sent and its place: a plain hash of a line that holds a password could be guessed. */
export const lineMac = (vault: Pick<Vault, "hmac">, at: LineKey, sent: string): Buffer =>
  vault.hmac("line", at.changeId, at.deviceId, at.direction, String(at.seq), String(at.attempt), sent);

/** Did the database answer, and refuse; or was it not there? Its own errors have five characters of SQLSTATE. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  /^(22|23)[0-9A-Z]{3}$/.test(error.code);

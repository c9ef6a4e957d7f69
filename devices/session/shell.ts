import { StringDecoder } from "node:string_decoder";
import type { ClientChannel } from "ssh2";
import type { DeviceFailure } from "../../domain/contract/errors.ts";
import { failure } from "../failures.ts";
import type { Platform } from "../platforms/platform.ts";
import { COLUMNS } from "../transport/shell-channel.ts";
import { render } from "./screen.ts";

/** What a device printed since the last time: as it came, and as a person would see it, the unfinished last line included. */
export type Heard = { raw: readonly Buffer[]; text: string; pages: number };

/**
 * Looks at the last line, which has no end yet; `text` is all that came, `recent` the end of it. A verdict counts when
 * nothing more comes for `quietMs`.
 */
export type Judge<T> = (
  line: string,
  text: () => string,
  recent: () => string,
) => { verdict: T; quietMs: number } | null;

/** Hears everything that crosses the wire, secrets too. */
export type Tap = (from: "device" | "engine", text: string) => void;

export type Limits = { idleMs: number; totalMs: number };

export type Shell = {
  write(text: string): void;
  /** Waits until the judge has decided; gives what was printed since the last call. */
  until<T>(judge: Judge<T>, limits: Limits): Promise<{ verdict: T; heard: Heard }>;
  /** The text that was printed and not given out yet. */
  pending(): string;
  /** Gives out what came since the last answer without being asked for. */
  drain(): string;
  isOpen(): boolean;
  close(): void;
};

/** One answer may not be longer. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PAGES = 5000;
/** A line without end that is longer than this is output, never a prompt. */
const MAX_LINE = 16 * 1024;
const RECENT = 4096;
/** Stands where a pager's text stood, up to the answer, when what erases it is known. */
const PAGED = "\u0001";
const ERASED = /\u0001(?:\u0008+ +\u0008+|\r +\r|\r?\u001b\[[\d;]*[KJ]\r?|\u001b\[\d+D +\u001b\[\d+D|\r(?!\n))?/g;

export function createShell(channel: ClientChannel, device: string, platform: Platform, tap?: Tap): Shell {
  const put = (text: string): void => {
    tap?.("engine", text);
    channel.write(text);
  };
  const decoder = new StringDecoder("utf8");
  let chunks: Buffer[] = [];
  let bytes = 0;
  let parts: string[] = [];
  let tail = "";
  let pages = 0;
  /** Has anything come since the last answer was given out? */
  let fresh = false;
  let ended: DeviceFailure | null = null;
  let waiter: { look: () => void; fail: (error: DeviceFailure) => void } | null = null;

  const clean = (text: string): string => render(text.includes(PAGED) ? text.replace(ERASED, "") : text, COLUMNS);
  let memo: string | null = null;
  const text = (): string => (memo ??= clean(parts.join("")));
  const recent = (): string => {
    const last: string[] = [];
    for (let i = parts.length - 1, length = 0; i >= 0 && length < RECENT; i--) {
      last.unshift(parts[i] ?? "");
      length += parts[i]?.length ?? 0;
    }
    return clean(last.join("").slice(-RECENT));
  };

  // Most sessions end because they were closed here: nobody needs an error for that, and its stack is not free.
  const end = (error: () => DeviceFailure): void => {
    ended ??= error();
    waiter?.fail(ended);
  };
  const add = (chunk: Buffer): void => {
    fresh = true;
    memo = null;
    chunks.push(chunk);
    bytes += chunk.length;
    // Characters that only this file may use as a mark are dropped; raw keeps them.
    const said = decoder.write(chunk).replaceAll(PAGED, "");
    tap?.("device", said);
    parts.push(said);
    const at = said.lastIndexOf("\n");
    tail = at === -1 ? tail + said : said.slice(at + 1);
    if (bytes > MAX_BYTES) {
      put(platform.abort);
      end(() => failure("output_limit", `${device} sent more than ${MAX_BYTES / 1024 / 1024} MB for one command`));
      channel.close();
      return;
    }
    waiter?.look();
  };
  channel.on("data", add);
  channel.stderr.on("data", add);
  channel.on("close", () => end(() => failure("connection_lost", `${device} closed the session`)));
  channel.on("error", (error: Error) =>
    end(() => failure("connection_lost", `the session with ${device} broke: ${error.message}`, { cause: error })),
  );

  const turnPage = (): void => {
    pages += 1;
    if (pages > MAX_PAGES) {
      put(platform.abort);
      end(() => failure("output_limit", `${device} stopped for more than ${MAX_PAGES} pages in one answer`));
      channel.close();
      return;
    }
    dropEnd(parts, tail.length);
    parts.push(PAGED);
    memo = null;
    tail = PAGED;
    put(platform.pager.more);
  };

  const take = (): Heard => {
    const heard = { raw: chunks, text: text(), pages };
    chunks = [];
    bytes = 0;
    // The prompt stays where it is: the echo of the next line comes behind it.
    parts = [tail];
    memo = null;
    pages = 0;
    fresh = false;
    return heard;
  };

  return {
    write: (line) => {
      if (ended === null) put(platform.lineEnd === undefined ? line : line.replaceAll("\n", platform.lineEnd));
    },
    pending: text,
    drain: () => (fresh ? take().text : ""),
    isOpen: () => ended === null,
    close: () => {
      ended ??= failure("connection_lost", `the session with ${device} was closed`);
      channel.close();
    },
    until: <T>(judge: Judge<T>, limits: Limits) =>
      new Promise<{ verdict: T; heard: Heard }>((resolve, reject) => {
        if (ended !== null) {
          reject(ended);
          return;
        }
        if (waiter !== null) throw new Error("two callers wait for the same session");
        const started = performance.now();
        let last = started;
        let quiet: NodeJS.Timeout | undefined;
        const done = (): void => {
          waiter = null;
          clearTimeout(quiet);
          clearTimeout(clock);
        };
        const fail = (error: DeviceFailure): void => {
          done();
          reject(error);
        };
        const look = (): void => {
          last = performance.now();
          clearTimeout(quiet);
          if (tail.length > MAX_LINE) return;
          const line = clean(tail);
          if (platform.pager.ask.test(line)) {
            turnPage();
            return;
          }
          const judged = judge(line, text, recent);
          if (judged === null) return;
          const settle = (): void => {
            done();
            resolve({ verdict: judged.verdict, heard: take() });
          };
          if (judged.quietMs === 0) settle();
          else quiet = setTimeout(settle, judged.quietMs);
        };
        const check = (): void => {
          const now = performance.now();
          const idle = limits.idleMs - (now - last);
          const total = limits.totalMs - (now - started);
          if (total <= 0)
            fail(
              failure(
                "timeout_total",
                `${device} took longer than ${limits.totalMs / 1000} s for one answer${lastWords(clean(tail))}`,
              ),
            );
          else if (idle <= 0)
            fail(
              failure(
                "timeout_idle",
                `${device} said nothing for ${limits.idleMs / 1000} s in the middle of an answer${lastWords(clean(tail))}`,
              ),
            );
          else clock = setTimeout(check, Math.min(idle, total) + 1);
        };
        let clock = setTimeout(check, Math.min(limits.idleMs, limits.totalMs) + 1);
        waiter = { look, fail };
        if (fresh) look();
      }),
  };
}

function dropEnd(parts: string[], length: number): void {
  let left = length;
  while (left > 0) {
    const part = parts.pop();
    if (part === undefined) return;
    if (part.length > left) parts.push(part.slice(0, part.length - left));
    left -= Math.min(left, part.length);
  }
}

const lastWords = (line: string): string =>
  line.trim() === "" ? "" : `; its last line was “${line.trim().slice(-120)}”`;

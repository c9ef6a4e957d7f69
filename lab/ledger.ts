import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";

/** One thing that reached a router. */
export type LedgerEntry = {
  /** 1, 2, 3 … per router, also across restarts of the lab. */
  seq: number;
  at: string;
  session: string;
  user: string;
  kind: LedgerKind;
  /** `exec`, `config`, `config-if`, … when the line came. */
  mode: string;
  /** The section the line was typed in: `interface Loopback7`. */
  section: string;
  line: string;
  /** The config (the candidate, on a platform that has one) was another one afterwards. */
  changed: boolean;
  /** The box refused the line. */
  refused: boolean;
  /** Faults that acted on this line. */
  faults: string[];
};
/** `text` is a banner's line; `answer` what was typed at a question; `event` what the router did by itself. */
export type LedgerKind = "connect" | "auth" | "login" | "exec" | "config" | "text" | "answer" | "close" | "event";
export type NewLedgerEntry = Pick<LedgerEntry, "session" | "user" | "kind" | "line"> & Partial<LedgerEntry>;

export type Ledger = {
  append: (entry: NewLedgerEntry) => void;
  /** Entries after the one with this number. */
  since: (seq: number) => LedgerEntry[];
  close: () => void;
};

const parseLine = (line: string): LedgerEntry => JSON.parse(line) as LedgerEntry; // written by append, below, and by nothing else

/** Append-only, one JSON object per line, written before the router goes on. A line cut short by a crash is dropped. */
export function openLedger(file: string, now: () => number): Ledger {
  const read = (): string[] =>
    existsSync(file)
      ? readFileSync(file, "utf8")
          .split("\n")
          .filter((line) => line.endsWith("}"))
      : [];
  const last = read().at(-1);
  let seq = last === undefined ? 0 : parseLine(last).seq;
  let descriptor: number | undefined;
  return {
    append: (entry) => {
      if (descriptor === undefined) {
        descriptor = openSync(file, "a", 0o600);
        // A crash may have left half a line: what comes now starts on its own.
        if (existsSync(file) && !/^$|\n$/.test(readFileSync(file, "utf8").slice(-1))) writeSync(descriptor, "\n");
      }
      seq++;
      const full: LedgerEntry = {
        at: new Date(now()).toISOString(),
        mode: "",
        section: "",
        changed: false,
        refused: false,
        faults: [],
        ...entry,
        seq,
      };
      writeSync(descriptor, `${JSON.stringify(full)}\n`);
    },
    since: (after) =>
      read()
        .map(parseLine)
        .filter((entry) => entry.seq > after),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

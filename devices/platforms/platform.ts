import type { PlatformId } from "../../domain/contract/device.ts";
import type { SendingMode } from "../../domain/contract/change.ts";

/**
 * How one kind of device is spoken to, as data. How its configuration is written, and what a read is, stands in
 * `domain/platforms`. All patterns over output are matched against one line.
 */
export type Platform = {
  id: PlatformId;
  /** What is put behind the user name at login: how the device is asked for a plain terminal. */
  loginSuffix?: string;
  /** What ends a line that is typed, where it is not `\n`. */
  lineEnd?: string;
  /**
   * A prompt, as a whole line. Groups: `host`; `mode`, what stands in the parentheses of a configuration mode; `level`, the
   * last character. A mode that has the host in it, such as `[SW1-Vlanif10`, comes without `host`.
   */
  prompt: RegExp;
  /** The device shows only so many characters of a longer name in its configuration modes; left out where it never cuts. */
  promptCut?: number;
  /** Lines that the device prints just above a prompt; they belong to no answer. */
  aboveprompt: RegExp | null;
  /** Is a prompt that of the operational mode with few rights (`>` of IOS)? Then `enable` comes first. */
  unprivileged: RegExp | null;
  enable: {
    command: string;
    ask: RegExp;
    /** What turns the pager off is refused before. */ first?: boolean;
  } | null;
  /** Turns pagers, wrapping and completion off. */
  onOpen: readonly string[];
  /** Takes the next line while it still works on the last one, and echoes both in order. */
  pipelines: boolean;
  /** A refused line of a change, at the start of a line. */
  errors: readonly RegExp[];
  /** A command that the device does not understand: the only refusals of a read, whose output may begin with anything else. */
  notUnderstood: RegExp;
  /** What begins like a refusal, but is none. */
  warnings: readonly RegExp[];
  /** Where refusals have no mark: whatever is said to a line of a change, and is neither a message nor in `warnings`, refuses it. */
  answersMean?: "refusal";
  /** Questions whose answer is known. Any other question ends the session with nothing answered. */
  questions: readonly { after: RegExp; ask: RegExp; answer: string }[];
  pager: { ask: RegExp; more: string };
  /** Gives up what was begun at a question. */
  abort: string;
  /** A message that the device prints when it likes, between other lines. */
  logLine: RegExp | null;
  /** A line that gives the device another name, in group 1. */
  renames: RegExp | null;
  running: {
    command: string;
    /** One of its first lines. */
    begin: RegExp;
    /** The last line of a whole one; or that every brace is closed; or, where no end is marked, that it comes twice the same. */
    end: RegExp | "braces" | "twice";
    /** The command of another version or mode of the device, where it does not understand the first. */
    instead?: string;
    /** Where no last line tells the end: asks how many lines there are; group 1 of `lines` is the number. */
    count?: { command: string; lines: RegExp };
    /** A line that says how many bytes follow, about, in group 1. */
    bytes?: RegExp;
  } | null;
  facts: {
    vendor: string;
    command: string;
    patterns: Partial<Record<"os_version" | "model" | "serial" | "hostname" | "uptime", RegExp>>;
  }[];
  transaction: Transaction;
};

/** How a change becomes one on this platform. */
export type Transaction = Immediate | ConfigureSession | Candidate | { kind: "none" };

/** Each line works at once. */
export type Immediate = {
  kind: "immediate";
  mode: Extract<SendingMode, "line" | "section">;
  enter: string;
  /** A prompt of the configuration mode, over `mode`. */
  inside: RegExp;
  leave: string;
  /** Another session holds the configuration; group 1 is who, where it says. */
  locked: RegExp | null;
  save: Save;
};

/** EOS: lines go into a named session, which a commit makes active, with a timer that takes it back. */
export type ConfigureSession = {
  kind: "configure_session";
  enter: (label: string) => string;
  /** A prompt inside of a session, over `mode`. */
  inside: RegExp;
  /** Leaves the session without a trace. */
  abandon: string;
  commit: string;
  commitConfirmed: (minutes: number) => string;
  confirm: (label: string) => string;
  /** Takes a session back whose timer runs. */
  revert: (label: string) => string;
  discard: (label: string) => string;
  list: string;
  /** A row of the list. Groups: `name`, `state`. */
  row: RegExp;
  states: { open: RegExp; committed: RegExp; waiting: RegExp };
  locked: RegExp | null;
  save: Save;
};

/** Junos, IOS XR: lines go into a candidate that one session holds, and a commit makes it active under a label. */
export type Candidate = {
  kind: "candidate";
  enter: string;
  /** A prompt in the configuration mode, as a whole line. */
  inside: RegExp;
  /** Leaves it with nothing uncommitted. */
  leave: string;
  /** Throws away what was loaded; where that leaves the mode too, nothing is sent after it. */
  discard: string;
  /** Shows what somebody else left in the candidate; null where each session has one of its own. */
  compare: string | null;
  commit: (label: string) => string;
  /** Null where only the very session that committed could confirm: a dead one would take the change with it. */
  commitConfirmed: ((minutes: number, label: string) => string) | null;
  /** What a commit that worked says; null where it says nothing, and a refusal begins like any other. */
  committed: RegExp | null;
  /** Tells why a commit was refused, where its answer does not. */
  why: string | null;
  /** The commits that the device remembers, newest first. */
  log: {
    command: string;
    /** The first line of a commit. */
    entry: RegExp;
    /** One that waits for its confirmation. */
    waiting: RegExp | null;
    /** One by which the device took another back, because that was not confirmed; over its first line. */
    byItself: RegExp | null;
  };
  locked: RegExp;
  /** Somebody else's uncommitted changes forbid to enter. */
  dirty: RegExp | null;
};

export type Save = { command: string; done: RegExp | null };

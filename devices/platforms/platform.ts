import type { PlatformId } from "../../domain/contract/device.ts";
import type { SendingMode } from "../../domain/contract/change.ts";

/**
 * How one kind of device is spoken to, as data. How its configuration is written, and what a read is, stands in
 * `domain/platforms`. All patterns over output are matched against one line.
 */
export type Platform = {
  id: PlatformId;
  /**
   * A prompt, as a whole line. Groups: `host`; `mode`, what stands in the parentheses of a configuration mode; `level`, the
   * last character.
   */
  prompt: RegExp;
  /** Lines that the device prints just above a prompt; they belong to no answer. */
  aboveprompt: RegExp | null;
  /** Is a prompt that of the operational mode with few rights (`>` of IOS)? Then `enable` comes first. */
  unprivileged: RegExp | null;
  enable: { command: string; ask: RegExp } | null;
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
    /** The last line of a whole one, or that every brace is closed. */
    end: RegExp | "braces";
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

/** Junos: lines go into a candidate that one session holds, and a commit makes it active, with a comment as its label. */
export type Candidate = {
  kind: "candidate";
  enter: string;
  /** The last character of the prompt in configuration mode. */
  inside: string;
  leave: string;
  discard: string;
  compare: string;
  commit: (label: string) => string;
  commitConfirmed: (minutes: number, label: string) => string;
  committed: RegExp;
  /** The rollback that takes the last commit back. */
  revert: string;
  log: string;
  locked: RegExp;
  dirty: RegExp;
};

export type Save = { command: string; done: RegExp | null };

import type { BoxContext } from "../box.ts";
import type { Facts } from "../config/facts.ts";
import type { SessionInfo } from "../types.ts";
import type { Statement, Step } from "./tree.ts";

/** One line of `show system commit`, with the config it made. */
export type Commit = {
  at: number;
  user: string;
  via: string;
  comment: string;
  confirmMinutes: number | undefined;
  config: string;
};

/** An edit, kept so that a private candidate can be put on top of what others committed meanwhile. */
export type Edit = { kind: "set" | "delete"; path: Step[] } | { kind: "replace"; root: Statement };

export type Candidate = { root: Statement; edits: Edit[]; base: number };

export type Editor = {
  session: SessionInfo;
  how: "shared" | "private" | "exclusive";
  path: Step[];
  visited: Step[][];
  since: number;
};

export type JunosState = {
  context: BoxContext;
  /** What runs. */
  active: Statement;
  /** Counts commits, so that a private candidate knows whether its base is old. */
  version: number;
  /** Newest first; entry 0 made the active config. */
  commits: Commit[];
  shared: Candidate;
  editors: Editor[];
  /** A confirmed commit that waits: when it is rolled back, and to which entry's config. */
  pending: { deadline: number; minutes: number; restore: string } | undefined;
  timer: NodeJS.Timeout | undefined;
  facts: Facts | undefined;
  log: string[];
};

export type JunosSession = {
  state: JunosState;
  info: SessionInfo;
  length: number;
  width: number;
  editor: Editor | undefined;
  /** Of `configure private`; everybody else edits the shared one. */
  privateCandidate: Candidate | undefined;
  /** A blank line stands before the prompt when something was printed. */
  fresh: boolean;
};

export const candidateOf = ({ state, privateCandidate }: JunosSession): Candidate => privateCandidate ?? state.shared;

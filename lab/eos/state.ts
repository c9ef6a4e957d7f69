import type { LineState } from "../cli/line-box.ts";
import type { LineSession } from "../cli/line-cli.ts";
import type { ConfigNode } from "../config/tree.ts";

export type ConfigSessionState = "pending" | "pendingCommitTimer" | "completed";

/** A named candidate config. */
export type ConfigSession = {
  name: string;
  root: ConfigNode;
  state: ConfigSessionState;
  user: string;
  /** The vty line of who has it open. */
  terminal: number | undefined;
  /** After `commit timer`: when the box goes back, and to what. */
  deadline: number | undefined;
  restore: string | undefined;
};

export type EosState = LineState & { sessions: ConfigSession[]; timer: NodeJS.Timeout | undefined; made: number };
export type EosSession = LineSession<EosState> & { candidate: ConfigSession | undefined };

import type { Cli } from "./cli/types.ts";
import type { Facts } from "./config/facts.ts";
import type { FaultBook } from "./fault-book.ts";
import type { Member, Network } from "./network.ts";
import type { RouterSpec, SessionInfo } from "./types.ts";

/** The files of one router. */
export type RouterStore = {
  read: (name: string) => string | undefined;
  write: (name: string, text: string) => void;
  remove: (name: string) => void;
};

/** What a router's software gets from the machine it runs on. */
export type BoxContext = {
  spec: RouterSpec;
  store: RouterStore;
  faults: FaultBook;
  now: () => number;
  /** How much faster lab minutes pass than real ones. */
  timeScale: number;
  bootedAt: () => number;
  sessions: () => SessionInfo[];
  /** Goes down, and comes up again after a while from the startup config. */
  reload: () => void;
  network: () => Network;
  member: () => Member;
  /** Writes on the terminals of all sessions, as a box does for a broadcast. */
  broadcast: (text: string) => void;
};

/** The software of one router, whatever its platform. */
export type Box = {
  /** The running config's lines, without header. */
  running: () => string;
  startup: () => string;
  facts: () => Facts;
  /** Starts from the startup config: what only ran is gone. */
  boot: () => void;
  /** Back to the initial config, running and startup. */
  reset: () => void;
  /** What is shown before login. */
  loginBanner: () => string;
  open: (session: SessionInfo) => Cli;
  /** Lets go of its timers. */
  stop: () => void;
};

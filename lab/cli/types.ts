/** What one received line led to. */
export type Answer = {
  output?: string;
  /** Whether the config (or the candidate) is another one now. */
  changed?: boolean;
  refused?: boolean;
  /** The box ends the session after the output. */
  close?: boolean;
  /** Output that no pager stops: messages rather than listings. */
  unpaged?: boolean;
};

/** How a command talks with the person in the middle of its work. */
export type Io = {
  write: (text: string) => void;
  /** Asks for a line; what is typed at a hidden question is not kept. */
  ask: (question: string, options?: { hidden?: boolean }) => Promise<string>;
  /** Asks for one key: `[confirm]`. */
  askKey: (question: string) => Promise<string>;
  /** Lines of a text, without prompt. */
  readText: (until: (line: string) => { last: boolean; keep: string }) => Promise<string>;
};

export type Paging = { length: number; style: "ios" | "eos" | "junos" };

/** The command line of one session on one platform. */
export type Cli = {
  /** What the box says after login. */
  welcome: () => string;
  /** The lines before the prompt and the prompt itself. */
  prompt: () => string;
  /** The mode for the ledger: `exec`, `config`, `config-if`, … and the section one stands in. */
  mode: () => { name: string; config: boolean; section: string };
  paging: () => Paging;
  width: () => number;
  handle: (line: string, io: Io) => Promise<Answer>;
  /** What `?` shows after `line`. */
  help: (line: string) => string;
  /** The connection ended: candidate edits that only this session had are dropped. */
  ended: () => void;
};

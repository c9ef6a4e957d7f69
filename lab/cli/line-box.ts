import type { Box, BoxContext } from "../box.ts";
import { loadConfig } from "../config/apply.ts";
import type { Dialect } from "../config/dialect.ts";
import { lineFacts, type Facts } from "../config/facts.ts";
import { findChild, type ConfigNode } from "../config/tree.ts";
import { logTime } from "../clock.ts";

/** The state of a router whose config is lines in sections (IOS, EOS). */
export type LineState = {
  context: BoxContext;
  dialect: Dialect;
  print: (root: ConfigNode) => string[];
  root: ConfigNode;
  startup: string;
  lastChange: { at: number; user: string } | undefined;
  savedAt: number | undefined;
  /** The log buffer, newest last. */
  log: string[];
  facts: Facts | undefined;
};

export function createLineState(
  context: BoxContext,
  dialect: Dialect,
  print: (root: ConfigNode) => string[],
): LineState {
  const initial = context.spec.config;
  const startup = context.store.read("startup.cfg") ?? initial;
  const running = context.store.read("running.cfg") ?? startup;
  const state: LineState = {
    context,
    dialect,
    print,
    root: readConfig(dialect, running),
    startup,
    lastChange: undefined,
    savedAt: undefined,
    log: [],
    facts: undefined,
  };
  if (context.store.read("running.cfg") === undefined) {
    // Printed once through the grammar, so that running and startup differ only by what is changed later.
    state.startup = text(state);
    context.store.write("startup.cfg", state.startup);
    context.store.write("running.cfg", state.startup);
  }
  return state;
}

function readConfig(dialect: Dialect, config: string): ConfigNode {
  const { root, unknown } = loadConfig(dialect, config);
  if (unknown.length > 0)
    throw new Error(
      `the lab's grammar does not know these config lines: ${unknown.map((line) => line.trim()).join("; ")}`,
    );
  return root;
}

export const text = (state: LineState): string => `${state.print(state.root).join("\n")}\n`;

/** Another config runs from now on; it is on disk before anybody is told. */
export function runConfig(state: LineState, root: ConfigNode, user: string): void {
  state.root = root;
  state.facts = undefined;
  state.lastChange = { at: state.context.now(), user };
  state.context.store.write("running.cfg", text(state));
}

export function saveConfig(state: LineState): void {
  state.startup = text(state);
  state.savedAt = state.context.now();
  state.context.store.write("startup.cfg", state.startup);
}

export function factsOf(state: LineState): Facts {
  state.facts ??= lineFacts(state.root, nameless(state));
  return state.facts;
}

const nameless = (state: LineState): string =>
  state.context.spec.device_type === "arista_eos" ? "localhost" : "Router";

export const hostnameOf = (state: LineState): string =>
  state.context.faults.armed("other_box")?.hostname ??
  findChild(state.root, "hostname")?.text.slice("hostname ".length) ??
  nameless(state);

export function logEvent(state: LineState, message: string): void {
  state.log = [...state.log.slice(-199), `${logTime(state.context.now())}: ${message}`];
}

/** What every line-based box does the same way. */
export function lineBox(state: LineState, open: Box["open"], ends: { boot: () => void; stop: () => void }): Box {
  const restart = (config: string): void => {
    ends.boot();
    state.log = [];
    runConfig(state, readConfig(state.dialect, config), "system");
    state.lastChange = undefined;
  };
  return {
    running: () => text(state),
    startup: () => state.startup,
    facts: () => factsOf(state),
    boot: () => restart(state.startup),
    reset: () => {
      restart(state.context.spec.config);
      saveConfig(state);
    },
    loginBanner: () => bannerText(state.root, "login"),
    open,
    stop: ends.stop,
  };
}

/** The text of a banner without its delimiters. */
export function bannerText(root: ConfigNode, which: "login" | "motd"): string {
  const node = root.children.find((child) => child.key === `banner ${which}`);
  const lines = node?.text.split("\n").slice(1, -1) ?? [];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

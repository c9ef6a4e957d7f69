import type { Box, BoxContext } from "../box.ts";
import { junosCli } from "./cli.ts";
import { below, leaf } from "./check.ts";
import { activate, freshCandidate, persist, printConfig, readConfig, restore, sameConfig } from "./commit.ts";
import { factsOf } from "./show.ts";
import type { JunosState } from "./state.ts";
import { emptyJunos } from "./tree.ts";

export function createJunosBox(context: BoxContext): Box {
  const state: JunosState = {
    context,
    active: emptyJunos(),
    version: 0,
    commits: [],
    shared: { root: emptyJunos(), edits: [], base: 0 },
    editors: [],
    pending: undefined,
    timer: undefined,
    facts: undefined,
    log: [],
  };
  const startOver = (): void => {
    clearTimeout(state.timer);
    Object.assign(state, { commits: [], pending: undefined, editors: [], log: [] });
    activate(state, readConfig(context.spec.config), {
      user: "root",
      via: "other",
      comment: "",
      confirmMinutes: undefined,
    });
    state.shared = freshCandidate(state);
    context.store.remove("candidate.conf");
  };
  restore(state);
  if (state.commits.length === 0) startOver();
  const kept = context.store.read("candidate.conf");
  if (kept !== undefined) {
    // The shared candidate outlives sessions: what somebody left uncommitted is still there.
    const root = readConfig(kept);
    if (!sameConfig(root, state.active))
      state.shared = { root, edits: [{ kind: "replace", root }], base: state.version };
  }
  return {
    running: () => printConfig(state.active),
    startup: () => printConfig(state.active),
    facts: () => factsOf(state),
    boot: () => {
      state.editors = [];
      persist(state);
    },
    reset: startOver,
    loginBanner: () =>
      `${(leaf(below(state.active, "system", "login")[0], "message") ?? "").replace(/\\n/g, "\n")}\n`.replace(
        /^\n$/,
        "",
      ),
    open: (info) =>
      junosCli({
        state,
        info,
        length: info.rows,
        width: info.columns,
        editor: undefined,
        privateCandidate: undefined,
        fresh: true,
      }),
    stop: () => clearTimeout(state.timer),
  };
}

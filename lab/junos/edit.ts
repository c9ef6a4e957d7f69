import type { Pipe } from "../cli/pipes.ts";
import type { Answer, Io } from "../cli/types.ts";
import { hashSecret } from "../config/secrets.ts";
import {
  commitCandidate,
  freshCandidate,
  isDirty,
  lockMessage,
  printConfig,
  readConfig,
  type CommitOptions,
} from "./commit.ts";
import { listConfig, syntaxError } from "./listing.ts";
import { hideSecrets, isComplete, loadBraces, parseStatement, words, type Word } from "./parse.ts";
import * as show from "./show.ts";
import type { Candidate, Edit, Editor, JunosSession } from "./state.ts";
import {
  cloneStatement,
  deleteStatement,
  emptyJunos,
  moveStatement,
  setStatement,
  statementAt,
  type Step,
} from "./tree.ts";

/** What an edit command sees. */
export type EditContext = {
  session: JunosSession;
  editor: Editor;
  candidate: Candidate;
  rest: string;
  line: string;
  column: number;
  io: Io;
  pipes: Pipe[];
};
type Command = (context: EditContext) => Answer | Promise<Answer>;

const at = ({ line, rest, column }: EditContext, offset: number): number =>
  column +
  (offset < 0 ? line.length : (rest === "" ? line.length + 1 : line.indexOf(rest, line.search(/\s/))) + offset);
const wrong = (context: EditContext, error: { message: string; offset: number }): Answer =>
  syntaxError(at(context, error.offset), error.message);
const record = (candidate: Candidate, edit: Edit): void => void candidate.edits.push(edit);
const keepShared = ({ session, candidate }: EditContext): void => {
  if (candidate === session.state.shared)
    session.state.context.store.write("candidate.conf", printConfig(candidate.root));
};

const set: Command = async (context) => {
  const { session, editor, candidate, rest, io } = context;
  const locked = lockMessage(session);
  if (locked !== undefined) return { refused: true, output: locked };
  if (/authentication\s+plain-text-password\s*$/.test(rest)) return setPassword(context, io);
  const all = words(rest);
  if (all.length === 0) return wrong(context, { message: "missing argument.", offset: -1 });
  const parsed = parseStatement(editor.path, all);
  if ("message" in parsed) return wrong(context, parsed);
  if (!parsed.paths.every(isComplete)) return wrong(context, { message: "missing argument.", offset: -1 });
  const changed = parsed.paths.map((path) => setOne(candidate, hideSecrets(path))).includes(true);
  keepShared(context);
  return { changed };
};
const setOne = (candidate: Candidate, path: Step[]): boolean => {
  record(candidate, { kind: "set", path });
  return setStatement(candidate.root, path);
};

async function setPassword(context: EditContext, io: Io): Promise<Answer> {
  const first = await io.ask("New password:", { hidden: true });
  const second = await io.ask("Retype new password:", { hidden: true });
  if (first !== second) return { refused: true, output: "error: Passwords are not equal; aborting\n" };
  const parsed = parseStatement(
    context.editor.path,
    words(`${context.rest.replace(/plain-text-password\s*$/, "")}encrypted-password "${hashSecret("junos", first)}"`),
  );
  if ("message" in parsed) return wrong(context, parsed);
  return { changed: parsed.paths.map((path) => setOne(context.candidate, path)).includes(true) };
}

const remove: Command = async (context) => {
  const { session, editor, candidate, rest, io } = context;
  const locked = lockMessage(session);
  if (locked !== undefined) return { refused: true, output: locked };
  if (rest.trim() === "") {
    const answer = await io.ask(
      "This will delete the entire configuration\nDelete everything under this level? [yes,no] (no) ",
    );
    if (!/^y/i.test(answer.trim())) return {};
    const here = statementAt(candidate.root, editor.path);
    if (here) here.children = [];
    record(candidate, { kind: "replace", root: cloneStatement(candidate.root) });
    return { changed: true };
  }
  const parsed = parseStatement(editor.path, words(rest));
  if ("message" in parsed) return wrong(context, parsed);
  let changed = false;
  for (const path of parsed.paths) {
    record(candidate, { kind: "delete", path });
    changed = deleteStatement(candidate.root, path) || changed;
  }
  keepShared(context);
  return changed ? { changed } : { output: "warning: statement not found\n", unpaged: true };
};

const enter: Command = (context) => {
  const { editor, candidate, rest } = context;
  const parsed = parseStatement(editor.path, words(rest));
  if ("message" in parsed) return wrong(context, parsed);
  const path = parsed.paths[0] ?? [];
  const kind = path.at(-1)?.schema.kind;
  if (rest.trim() === "" || (kind !== "container" && kind !== "list"))
    return wrong(context, { message: "syntax error.", offset: 0 });
  const missing = statementAt(candidate.root, path) === undefined && path.at(-1)?.schema.mayBeEmpty;
  if (missing) setOne(candidate, path);
  editor.path = path;
  return { changed: missing ?? false };
};

const up: Command = ({ editor, rest }) => {
  const levels = Number(rest.trim() === "" ? 1 : rest);
  // One level is what one `edit` word with its key enters; `family inet` are two.
  editor.path = editor.path.slice(0, Math.max(0, editor.path.length - (levels || 1)));
  return {};
};

const list: Command = ({ session, editor, candidate, rest, line, column, pipes }) =>
  listConfig(
    { state: session.state, root: candidate.root, against: session.state.active, edit: editor.path, banner: true },
    rest,
    pipes,
    line,
    column,
  );

const rollback: Command = (context) => {
  const { session, candidate, rest } = context;
  const number = rest.trim() === "" ? 0 : Number(rest);
  if (!Number.isInteger(number) || number < 0 || number > 49)
    return wrong(context, { message: "syntax error.", offset: 0 });
  const past = session.state.commits[number]?.config;
  if (past === undefined)
    return {
      refused: true,
      output: `error: problem checking file: juniper.conf.${number}.gz: No such file or directory\n`,
    };
  const before = printConfig(candidate.root);
  candidate.root = readConfig(past);
  if (number === 0) candidate.edits = [];
  else record(candidate, { kind: "replace", root: cloneStatement(candidate.root) });
  keepShared(context);
  return { output: "load complete\n", unpaged: true, changed: printConfig(candidate.root) !== before };
};

/** `commit [check] [confirmed [MINUTES]] [comment TEXT] [and-quit] [synchronize]`, in any order. */
function commitOptions(all: Word[]): (CommitOptions & { quit: boolean }) | { message: string; offset: number } {
  const options = { check: false, comment: "", confirmed: undefined as number | undefined, quit: false };
  for (let i = 0; i < all.length; i++) {
    const word = all[i];
    if (!word) break;
    const next = all[i + 1];
    if (word.text === "check") options.check = true;
    else if (word.text === "and-quit") options.quit = true;
    else if (word.text === "synchronize") continue;
    else if (word.text === "comment" && next) {
      options.comment = next.text;
      i++;
    } else if (word.text === "confirmed") {
      const minutes = /^\d+$/.test(next?.text ?? "") ? Number(next?.text) : undefined;
      if (minutes !== undefined && (minutes < 1 || minutes > 65535))
        return { message: `Value ${minutes} is not within range (1..65535)`, offset: next?.start ?? 0 };
      options.confirmed = minutes ?? 10;
      if (minutes !== undefined) i++;
    } else
      return {
        message: word.text === "comment" ? "missing argument." : "syntax error.",
        offset: word.text === "comment" ? -1 : word.start,
      };
  }
  return options;
}

const commit: Command = (context) => {
  const { session, rest } = context;
  const options = commitOptions(words(rest));
  if ("message" in options) return wrong(context, options);
  const done = commitCandidate(session, options);
  if (!done.refused && !options.check) session.state.context.store.remove("candidate.conf");
  if (options.quit && !done.refused) {
    endEditing(session);
    return { ...done, output: `${done.output}Exiting configuration mode\n`, unpaged: true };
  }
  return { ...done, unpaged: true };
};

/** Leaves config mode; a private or exclusive candidate is gone with it. */
export function endEditing(session: JunosSession): void {
  const { state, editor } = session;
  if (editor?.how === "exclusive") state.shared = freshCandidate(state);
  state.editors = state.editors.filter((e) => e !== editor);
  session.editor = undefined;
  session.privateCandidate = undefined;
}

const QUESTIONS = {
  shared: {
    before: "The configuration has been changed but not committed\n",
    question: "Exit with uncommitted changes? [yes,no] (yes) ",
    after: "",
  },
  private: {
    before: "The private configuration has been changed but not committed\n",
    question: "Discard uncommitted changes? [yes,no] (yes) ",
    after: "",
  },
  exclusive: {
    before:
      "The configuration has been changed but not committed\nwarning: Auto rollback on exiting 'configure exclusive'\n",
    question: "Discard uncommitted changes? [yes,no] (yes) ",
    after: "warning: discarding uncommitted changes\nload complete\n",
  },
};

const leave: Command = async ({ session, editor, candidate, io }) => {
  let text = "";
  if (isDirty(session.state, candidate)) {
    const asked = QUESTIONS[editor.how];
    const answer = await io.ask(`\n${asked.before}${asked.question}`);
    if (/^n/i.test(answer.trim()) || answer.includes("\u0003")) return {};
    text = asked.after;
  }
  endEditing(session);
  return { output: `${text}Exiting configuration mode\n`, unpaged: true };
};
const exit: Command = (context) => {
  const { editor, rest } = context;
  if (editor.path.length === 0 || rest.trim().startsWith("conf")) return leave(context);
  editor.path = [];
  return {};
};

const toggle =
  (inactive: boolean): Command =>
  (context) => {
    const { editor, candidate, rest } = context;
    const parsed = parseStatement(editor.path, words(rest));
    if ("message" in parsed) return wrong(context, parsed);
    const target = statementAt(candidate.root, parsed.paths[0] ?? []);
    if (!target) return { output: "warning: statement not found\n" };
    const changed = target.inactive !== inactive;
    target.inactive = inactive;
    record(candidate, { kind: "replace", root: cloneStatement(candidate.root) });
    return { changed };
  };

const insert: Command = (context) => {
  const found = /^(.*?)\s+(before|after)\s+(?:\S+\s+)?(\S+)$/.exec(context.rest.trim());
  const parsed = parseStatement(context.editor.path, words(found?.[1] ?? ""));
  if (!found || "message" in parsed) return wrong(context, { message: "syntax error.", offset: 0 });
  const moved = moveStatement(
    context.candidate.root,
    parsed.paths[0] ?? [],
    found[2] === "before" ? "before" : "after",
    found[3] ?? "",
  );
  record(context.candidate, { kind: "replace", root: cloneStatement(context.candidate.root) });
  return moved ? { changed: true } : { refused: true, output: "error: statement not found\n" };
};

const load: Command = async (context) => {
  const { editor, candidate, rest, io } = context;
  const how = /^(set|merge|override|replace|update)\s+terminal(\s+relative)?$/.exec(rest.trim());
  if (!how) return wrong(context, { message: "syntax error.", offset: 0 });
  io.write("[Type ^D at a new line to end input]\n");
  const text = await io.readText((line) =>
    line.includes("\u0004") ? { last: true, keep: line.replace(/\u0004.*/, "") } : { last: false, keep: line },
  );
  const base = how[2] === undefined ? [] : editor.path;
  const before = printConfig(candidate.root);
  if (how[1] === "set") {
    for (const line of text.split("\n").filter((l) => l.trim() !== "")) {
      const [, verb, path = ""] = /^\s*(set|delete)\s+(.*)$/.exec(line) ?? [];
      const parsed = parseStatement(base, words(path));
      if (verb === undefined || "message" in parsed)
        return { refused: true, output: `terminal:1:(1) syntax error: ${line.trim()}\nload complete (1 errors)\n` };
      for (const one of parsed.paths) {
        if (verb === "set") setOne(candidate, hideSecrets(one));
        else {
          record(candidate, { kind: "delete", path: one });
          deleteStatement(candidate.root, one);
        }
      }
    }
  } else {
    const target = how[1] === "override" || how[1] === "update" ? emptyJunos() : cloneStatement(candidate.root);
    const error = loadBraces(target, text, base);
    if (error) return { refused: true, output: `terminal:1:(1) ${error.message}\nload complete (1 errors)\n` };
    candidate.root = target;
    record(candidate, { kind: "replace", root: cloneStatement(target) });
  }
  keepShared(context);
  return { output: "load complete\n", changed: printConfig(candidate.root) !== before };
};

const status: Command = ({ session }) => ({
  output: `Users currently editing the configuration:\n${show.editors(session.state, undefined).join("")}`,
});
const top: Command = ({ editor }) => {
  editor.path = [];
  return {};
};

export const EDIT_COMMANDS: Record<string, Command> = {
  set,
  delete: remove,
  edit: enter,
  up,
  top,
  show: list,
  rollback,
  commit,
  exit,
  quit: exit,
  activate: toggle(false),
  deactivate: toggle(true),
  insert,
  load,
  status,
};

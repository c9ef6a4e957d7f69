import type { Answer, Io } from "../cli/types.ts";
import { hashSecret } from "../config/secrets.ts";
import { lockMessage, printConfig, readConfig } from "./commit.ts";
import { commit, exit } from "./edit-commit.ts";
import { keepShared, record, setOne, wrong, type Command, type EditContext } from "./edit-context.ts";
import { load } from "./edit-load.ts";
import { listConfig } from "./listing.ts";
import { hideSecrets, isComplete, parseStatement, words } from "./parse.ts";
import * as show from "./show.ts";
import { cloneStatement, copyStatement, deleteStatement, moveStatement, statementAt } from "./tree.ts";

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
  editor.visited.push(editor.path);
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

/** `rename interfaces ge-0/0/0 to ge-0/0/1`; `copy` leaves the old one. */
const duplicate =
  (keep: boolean): Command =>
  (context) => {
    const { editor, candidate, rest } = context;
    const [, from = "", to = ""] = /^(.*?)\s+to\s+(?:\S+\s+)?(\S+)$/.exec(rest.trim()) ?? [];
    const parsed = parseStatement(editor.path, words(from));
    const path = "message" in parsed ? [] : (parsed.paths[0] ?? []);
    const last = path.at(-1);
    const key = last?.schema.value?.parse(to);
    if (last?.schema.kind !== "list" || key === undefined)
      return wrong(context, { message: "syntax error.", offset: 0 });
    const target = [...path.slice(0, -1), { ...last, key }];
    if (!statementAt(candidate.root, path)) return { refused: true, output: "error: statement not found\n" };
    if (statementAt(candidate.root, target))
      return { refused: true, output: `error: target '${key}' already exists\n` };
    copyStatement(candidate.root, path, target);
    if (!keep) deleteStatement(candidate.root, path);
    record(candidate, { kind: "replace", root: cloneStatement(candidate.root) });
    keepShared(context);
    return { changed: true };
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
  rename: duplicate(false),
  copy: duplicate(true),
  load,
  status,
};

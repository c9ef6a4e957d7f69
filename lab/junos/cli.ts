import { splitPipes } from "../cli/pipes.ts";
import type { Answer, Cli, Io } from "../cli/types.ts";
import { completions, match } from "../grammar/match.ts";
import { EDIT_COMMANDS } from "./edit.ts";
import { endEditing } from "./edit-commit.ts";
import { JUNOS_EXEC } from "./exec.ts";
import { editBanner, listConfig, piped, syntaxError } from "./listing.ts";
import { parseStatement, words } from "./parse.ts";
import { pathText } from "./print.ts";
import { SCHEMA } from "./schema.ts";
import { hostnameOf } from "./show.ts";
import { candidateOf, type JunosSession } from "./state.ts";

async function runExec(session: JunosSession, line: string, io: Io, column: number): Promise<Answer> {
  const { command, pipes } = splitPipes(line);
  const configuration =
    /^sh(?:ow?)?\s+conf(?:i|ig|igu|igur|igura|igurat|igurati|iguratio|iguration)?(?=\s|$)\s*(.*)$/.exec(command.trim());
  if (configuration)
    return listConfig(
      { state: session.state, root: session.state.active, against: session.state.active, edit: [], banner: true },
      configuration[1] ?? "",
      pipes,
      line,
      column,
    );
  const found = match(JUNOS_EXEC.machine, command);
  if (found.kind === "incomplete")
    return syntaxError(column + command.length + 1, "syntax error, expecting <command>.");
  if (found.kind === "ambiguous")
    return syntaxError(column + found.offset, `'${command.slice(found.offset).split(" ")[0]}' is ambiguous.`);
  if (found.kind === "invalid") {
    // Junos points at the word, not at the letter where it goes wrong.
    const before = /^.*?(?=\S*$)/.exec(command.slice(0, found.offset + 1))?.[0] ?? "";
    return syntaxError(
      column + before.length,
      before.trim() === "" ? "unknown command." : "syntax error, expecting <command>.",
    );
  }
  const rule = JUNOS_EXEC.rules[found.match.rule];
  if (!rule) throw new Error("the matched command is not in the table");
  const answer = await rule.handler(found.match.words, session, io);
  if (pipes.length === 0) return answer;
  const through = piped(answer.output ?? "", pipes, line, column);
  return { ...answer, ...through };
}

/** The edit command that a word names or begins. */
function editCommand(word: string): string | undefined {
  const names = [...Object.keys(EDIT_COMMANDS), "run"];
  if (names.includes(word)) return word;
  const beginning = names.filter((name) => name.startsWith(word));
  return beginning.length === 1 ? beginning[0] : undefined;
}

async function runEdit(session: JunosSession, line: string, io: Io, column: number): Promise<Answer> {
  const { editor } = session;
  if (!editor) throw new Error("an edit command needs config mode");
  const candidate = candidateOf(session);
  const [, indent = "", first = "", after = ""] = /^(\s*)(\S+)\s*(.*)$/.exec(line) ?? [];
  const name = editCommand(first);
  if (name === undefined) return syntaxError(column + indent.length, "unknown command.");
  const start = line.length - after.length;
  if (name === "run") return runExec(session, after, io, column + start);
  // `top show system` and `up 2 show`: the rest is a command of its own, from there.
  const onward =
    name === "top" && after !== "" ? after : name === "up" ? /^\d*\s*([a-z].*)$/.exec(after)?.[1] : undefined;
  if (onward !== undefined) {
    const before = editor.path;
    await EDIT_COMMANDS[name]?.({
      session,
      editor,
      candidate,
      rest: after.slice(0, after.length - onward.length),
      line,
      column,
      io,
      pipes: [],
    });
    const answer = await runEdit(session, onward, io, column + line.length - onward.length);
    if (session.editor && !/^(edit|top|up|exit)/.test(onward)) session.editor.path = before;
    return answer;
  }
  const listing = name === "show" || name === "commit";
  const { command, pipes } = listing ? splitPipes(after) : { command: after, pipes: [] };
  return (
    (await EDIT_COMMANDS[name]?.({
      session,
      editor,
      candidate,
      rest: command,
      line,
      column,
      io,
      pipes: name === "show" ? pipes : [],
    })) ?? {}
  );
}

/** What `?` shows. */
function helpFor(session: JunosSession, line: string): string {
  const [, command = "", rest = ""] = /^\s*(\S+)\s+(.*)$/.exec(line) ?? [];
  const partial = /\S*$/.exec(line)?.[0] ?? "";
  const names = ((): string[] => {
    if (!session.editor) return completions(JUNOS_EXEC.machine, line);
    if (command === "") return [...Object.keys(EDIT_COMMANDS), "run"].filter((name) => name.startsWith(partial));
    const parsed = parseStatement(session.editor.path, words(rest.slice(0, rest.length - partial.length)));
    const schema = "message" in parsed ? undefined : ((parsed.paths.at(-1) ?? []).at(-1)?.schema ?? SCHEMA);
    return (schema?.children ?? [])
      .map((c) => (c.bare ? `<${c.name}>` : c.name))
      .filter((name) => name.startsWith(partial));
  })();
  return names.length === 0
    ? "No valid completions\n"
    : `Possible completions:\n${names.map((name) => `  ${name}\n`).join("")}`;
}

export function junosCli(session: JunosSession): Cli {
  const { state, info } = session;
  const name = (): string => `${info.user}@${hostnameOf(state)}`;
  const waiting = (): string =>
    state.pending === undefined
      ? ""
      : `# commit confirmed will be rolled back in ${Math.max(1, Math.ceil(((state.pending.deadline - state.context.now()) * state.context.timeScale) / 60_000))} minutes\n`;
  const promptLine = (): string => `${name()}${session.editor ? "# " : "> "}`;
  return {
    welcome: () => `--- JUNOS 22.4R3.25 Kernel 64-bit  JNPR-12.1 VIRTUAL LAB ROUTER\n`,
    prompt: () => {
      const blank = session.editor !== undefined || session.fresh ? "\n" : "";
      return `${blank}${session.editor ? `${waiting()}${editBanner(session.editor.path)}\n` : ""}${promptLine()}`;
    },
    mode: () => ({
      name: session.editor ? "config" : "exec",
      config: session.editor !== undefined,
      section: pathText(session.editor?.path ?? []),
    }),
    paging: () => ({ length: session.length, style: "junos" }),
    width: () => session.width,
    handle: async (line, io) => {
      session.fresh = false;
      if (/^[\s\u0003\u001a]*$/.test(line) || /^\s*#/.test(line)) return {};
      const column = promptLine().length;
      const answer = session.editor
        ? await runEdit(session, line, io, column)
        : await runExec(session, line, io, column);
      session.fresh = true;
      return answer;
    },
    help: (line) => `${helpFor(session, line)}${promptLine()}`,
    ended: () => endEditing(session),
  };
}

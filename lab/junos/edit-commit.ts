import { commitCandidate, freshCandidate, isDirty, type CommitOptions } from "./commit.ts";
import { wrong, type Command } from "./edit-context.ts";
import { words, type Word } from "./parse.ts";
import type { JunosSession } from "./state.ts";

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

export const commit: Command = (context) => {
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
export const exit: Command = (context) => {
  const { editor, rest } = context;
  if (editor.path.length === 0 || rest.trim().startsWith("conf")) return leave(context);
  editor.path = editor.visited.pop() ?? [];
  return {};
};

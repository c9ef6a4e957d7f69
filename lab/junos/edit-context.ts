import type { Pipe } from "../cli/pipes.ts";
import type { Answer, Io } from "../cli/types.ts";
import { printConfig } from "./commit.ts";
import { syntaxError } from "./listing.ts";
import type { Candidate, Edit, Editor, JunosSession } from "./state.ts";
import { setStatement, type Step } from "./tree.ts";

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
export type Command = (context: EditContext) => Answer | Promise<Answer>;

const at = ({ line, rest, column }: EditContext, offset: number): number =>
  column +
  (offset < 0 ? line.length : (rest === "" ? line.length + 1 : line.indexOf(rest, line.search(/\s/))) + offset);
export const wrong = (context: EditContext, error: { message: string; offset: number }): Answer =>
  syntaxError(at(context, error.offset), error.message);
export const record = (candidate: Candidate, edit: Edit): void => void candidate.edits.push(edit);
export const keepShared = ({ session, candidate }: EditContext): void => {
  if (candidate === session.state.shared)
    session.state.context.store.write("candidate.conf", printConfig(candidate.root));
};

export const setOne = (candidate: Candidate, path: Step[]): boolean => {
  record(candidate, { kind: "set", path });
  return setStatement(candidate.root, path);
};

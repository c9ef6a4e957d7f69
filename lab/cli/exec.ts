import { compile, expandMacros, type Machine } from "../grammar/pattern.ts";
import type { Values } from "../grammar/values.ts";
import type { Answer, Io } from "./types.ts";

/**
 * Exec commands are written as config lines are: `pattern  => handler`. `@user` marks what needs no privilege;
 * `@pipe` what gives a listing that pipes may follow.
 */
export type Handler<S> = (words: string[], session: S, io: Io) => Answer | Promise<Answer>;
export type ExecRule<S> = { name: string; user: boolean; pipe: boolean; handler: Handler<S> };
export type ExecTable<S> = { rules: ExecRule<S>[]; machine: Machine; userMachine: Machine; userRules: ExecRule<S>[] };

export function compileExec<S>(
  text: string,
  handlers: Record<string, Handler<S>>,
  values: Values,
  macros: Record<string, string> = {},
): ExecTable<S> {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const rules = lines.map((line) => {
    const name = / => ([\w-]+)/.exec(line)?.[1] ?? "";
    const handler = handlers[name];
    if (!handler) throw new Error(`the command "${line}" names no handler`);
    const pattern = expandMacros(line.replace(/ (@|=> )\S+/g, "").trim(), macros);
    return { pattern, rule: { name, handler, user: line.includes(" @user"), pipe: line.includes(" @pipe") } };
  });
  const user = rules.filter(({ rule }) => rule.user);
  return {
    rules: rules.map(({ rule }) => rule),
    machine: compile(
      rules.map(({ pattern }) => pattern),
      values,
    ),
    userRules: user.map(({ rule }) => rule),
    userMachine: compile(
      user.map(({ pattern }) => pattern),
      values,
    ),
  };
}

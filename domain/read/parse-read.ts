import type { PlatformId } from "../contract/device.ts";
import { Invalid } from "../contract/errors.ts";
import { languages } from "../platforms/index.ts";

declare const read: unique symbol;
/** A command that the platform's read grammar accepts: it cannot change a device. Only `parseRead` makes one. */
export type ReadCommand = string & { readonly [read]: true };

const MAX_LENGTH = 500;
/** Printable ASCII: no line end, no control, nothing that looks like something else. */
const ONE_LINE = /^[\u0020-\u007e]+$/;

/** Throws `command_not_a_read` with the sentence that says why. */
export function parseRead(platform: PlatformId, text: string): ReadCommand {
  const { label, reads } = languages[platform];
  const command = text.trim();
  const refuse = (why: string): never => {
    throw new Invalid("command_not_a_read", `“${printable(command)}” is not a read on ${label}: ${why}. Reads are ${reads.examples}; make everything else a line of a change.`);
  };
  if (command === "") refuse("it is empty");
  if (command.length > MAX_LENGTH) refuse(`it is longer than ${MAX_LENGTH} characters`);
  if (!ONE_LINE.test(text.replace(/^ +| +$/g, ""))) refuse("it holds a line end or another character outside printable ASCII");
  const [base = "", ...pipes] = reads.pipes.length === 0 ? [command] : splitPipes(command);
  const bad = reads.forbidden.exec(command.replace(/"[^"]*"/g, reads.pipes.length === 0 ? "$&" : '""'))?.[0] ?? reads.forbidden.exec(base)?.[0];
  if (bad !== undefined) refuse(`it holds “${bad}”`);
  if (!reads.commands.some((c) => c.test(base))) refuse("its first words are in no list of reads");
  for (const pipe of pipes) if (!reads.pipes.some((p) => p.test(pipe))) refuse(`“| ${pipe}” is no filter that only reads`);
  return branded(command);
}

/** At each `|` outside of quotes. */
function splitPipes(command: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const c of command) {
    if (c === '"') quoted = !quoted;
    if (c === "|" && !quoted) {
      parts.push(part.trim());
      part = "";
    } else part += c;
  }
  return [...parts, part.trim()];
}

const printable = (text: string): string => text.slice(0, 120).replace(/[^\u0020-\u007e]/g, "·");

/** The one cast: everything that the brand promises was checked by the only caller. */
const branded = (command: string): ReadCommand => command as ReadCommand;

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
    throw new Invalid(
      "command_not_a_read",
      `“${printable(command)}” is not a read on ${label}: ${why}. Reads are ${reads.examples}; make everything else a line of a change.`,
    );
  };
  if (command === "") refuse("it is empty");
  if (command.length > MAX_LENGTH) refuse(`it is longer than ${MAX_LENGTH} characters`);
  if (!ONE_LINE.test(text.replace(/^ +| +$/g, "")))
    refuse("it holds a line end or another character outside printable ASCII");
  const bad = reads.forbidden.exec(command)?.[0];
  if (bad !== undefined) refuse(`it holds “${bad}”`);
  if ((command.split('"').length - 1) % 2 === 1) refuse("it opens a quote that it does not close");
  const [base = "", ...pipes] = splitPipes(command, reads.quotes);
  if (/\||"/.test(base) || pipes.some((p) => /\s\||\|\s/.test(p)))
    refuse("a quote stands where it could hide a filter");
  if (!reads.commands.some((c) => c.test(base))) refuse("its first words are in no list of reads");
  for (const pipe of pipes)
    if (!reads.pipes.some((p) => p.test(pipe))) refuse(`“| ${pipe}” is no filter that only reads`);
  return branded(command);
}

/** At each `|`; where the device reads quotes for certain, not at those inside of them. */
function splitPipes(command: string, quotes: boolean): string[] {
  const parts = quotes ? command.split(/\|(?=(?:[^"]*"[^"]*")*[^"]*$)/) : command.split("|");
  return parts.map((part) => part.trim());
}

const printable = (text: string): string => text.slice(0, 120).replace(/[^\u0020-\u007e]/g, "·");

/** The one cast: everything that the brand promises was checked by the only caller. */
const branded = (command: string): ReadCommand => command as ReadCommand;

import type { PlatformId } from "../domain/contract/device.ts";
import { Invalid, Unprocessable } from "../domain/contract/errors.ts";
import type { ParsedOutput, ParseRequest } from "../domain/contract/parse.ts";
import { languages } from "../domain/platforms/index.ts";
import { parseRead } from "../domain/read/parse-read.ts";
import { OutputError, PatternError } from "../domain/textfsm/errors.ts";
import { openLibrary, type KnownCommand, type Library } from "../domain/textfsm/library.ts";
import { NTC_PLATFORMS } from "../domain/textfsm/platforms.ts";
import { withinTime } from "../system/bounded-call.ts";
import { readNtcTemplates } from "../system/ntc-templates.ts";
import type { Ctx } from "./context.ts";
import { requirePermission } from "./mutate.ts";

/** What one parse may take: the expressions are the templates', the text is whoever's. */
const MOST_MS = 500;
const NEAR = 3;

let opened: { library: Library; version: string } | undefined;
/** Opened once: what a template compiles to is kept. */
function templates(): { library: Library; version: string } {
  if (opened === undefined) {
    const files = readNtcTemplates();
    opened = { library: openLibrary(files), version: files.version };
  }
  return opened;
}

export function parseOutput(ctx: Ctx, { device_type, command, output }: ParseRequest): ParsedOutput {
  requirePermission(ctx, "devices:read");
  return parseText(device_type, command, output);
}

/** The rows of an output; throws Unprocessable where there are none to be had. */
export function parseText(deviceType: PlatformId, command: string, output: string): ParsedOutput {
  const { library } = templates();
  const platform = NTC_PLATFORMS[deviceType];
  if (platform === null) throw noTemplate(deviceType, command);
  try {
    const done = withinTime(MOST_MS, () => library.parse(platform, command.trim(), output));
    if (done === undefined) throw tooHard(command, `it took longer than ${MOST_MS} ms, and was stopped`);
    if (done.result === undefined) throw noTemplate(deviceType, command);
    return done.result;
  } catch (error) {
    if (error instanceof OutputError) throw notUnderstood(error, command);
    if (error instanceof PatternError) throw tooHard(command, error.message);
    // V8 gives up on an expression that has to remember too many ways through a very long line.
    if (error instanceof RangeError) throw tooHard(command, "a line of it is too long");
    throw error;
  }
}

const tooHard = (command: string, why: string): Unprocessable =>
  new Unprocessable("parse_too_hard", `the template for “${command}” cannot be run over this output: ${why}`);

function notUnderstood({ inputLine, input, says }: OutputError, command: string): Unprocessable {
  const words = says?.replace(/^"|"$/g, "");
  const what = `line ${inputLine} of the output is not what the template for “${command}” knows${words === undefined ? "" : `: ${words}`}`;
  return new Unprocessable("output_not_understood", `${what}: “${input.trim().slice(0, 120)}”`, {
    details: [{ path: "output", line: inputLine, message: words ?? "is not known to the template" }],
  });
}

/** Names the commands nearest to the one asked. */
function noTemplate(deviceType: PlatformId, command: string): Unprocessable {
  const { version } = templates();
  const { label } = languages[deviceType];
  const near = nearCommands(deviceType, command);
  const fix =
    NTC_PLATFORMS[deviceType] === null
      ? `it has none for ${label}`
      : near.length === 0
        ? `none of its commands for ${label} is near`
        : `near ones on ${label} are ${near.join(", ")}`;
  return new Unprocessable("template_not_found", `no template of ${version} reads “${command}”; ${fix}`, {
    details: [{ path: "command", message: near.length === 0 ? "has no template" : `did you mean ${near.join(", ")}?` }],
  });
}

/** The commands that begin with as many of the same words as possible, two at least, the shortest first. */
function nearCommands(deviceType: PlatformId, command: string): string[] {
  const words = command.toLowerCase().split(/\s+/).filter(Boolean);
  const shared = (other: string): number => {
    const theirs = other.split(" ");
    const differs = words.findIndex((word, i) => !theirs[i]?.startsWith(word));
    return differs === -1 ? words.length : differs;
  };
  return readableCommands(deviceType)
    .map((known) => ({ text: known.command, shared: shared(known.command) }))
    .filter((each) => each.shared >= 2)
    .sort((a, b) => b.shared - a.shared || a.text.length - b.text.length)
    .slice(0, NEAR)
    .map(({ text }) => text);
}

/** Commands that a template reads and that are reads on the platform. */
export function listReadableCommands(ctx: Ctx, deviceType: PlatformId): KnownCommand[] {
  requirePermission(ctx, "devices:read");
  return readableCommands(deviceType);
}

function readableCommands(deviceType: PlatformId): KnownCommand[] {
  const platform = NTC_PLATFORMS[deviceType];
  if (platform === null) return [];
  return templates()
    .library.commands(platform)
    .filter(({ command }) => isRead(deviceType, command));
}

function isRead(deviceType: PlatformId, command: string): boolean {
  try {
    parseRead(deviceType, command);
    return true;
  } catch (error) {
    if (error instanceof Invalid) return false;
    throw error;
  }
}

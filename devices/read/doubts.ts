import { AppError } from "../../domain/contract/errors.ts";
import { parseRead } from "../../domain/read/parse-read.ts";
import { failure } from "../failures.ts";
import type { Platform } from "../platforms/platform.ts";
import { read, readRunningConfig } from "../read.ts";
import type { Session } from "../session.ts";
import { mayBeCalled } from "./same-name.ts";

/** The last configuration of a device that was found good. */
export type LastGood = { digest: string; size: number; hostname: string | null };

/** No configuration holds the device's words about a command, nor the command's own echo. */
export function mustHoldNoAnswers({ device, prompt }: Session, text: string): void {
  const { notUnderstood, running } = device.platform;
  const echo = `${prompt().text.trimEnd()}${running?.command ?? ""}`;
  const found = text.split("\n").find((line) => notUnderstood.test(line) || line.replace(/([>#$%]) +/, "$1") === echo);
  if (found !== undefined)
    throw failure("config_incomplete", `in the configuration of ${device.name} stands “${found.trim().slice(0, 120)}”`);
}

/** How configurations write the name of their device, each as a whole line. */
const NAMES = [
  /^ ?(?:hostname|sysname|switchname) "?([\w.-]+)"?$/,
  /^ {4}host-name "?([\w.-]+)"?;$/,
  /^ {4}set hostname "([\w.-]+)"$/,
  /^set system host-name '?([\w.-]+)'?$/,
  /^\/system identity set name="?([\w.-]+)"?$/,
];

/** The name that a configuration gives its device, where it does. */
export function nameIn(text: string): string | null {
  for (const line of text.split("\n"))
    for (const pattern of NAMES) {
      const name = pattern.exec(line)?.[1];
      if (name !== undefined) return name;
    }
  return null;
}

/** Somebody else's configuration is worse than none. */
export function mustBeItself({ device, prompt }: Session, hostname: string | null, last: LastGood | null): void {
  const shown = prompt().host;
  // Prompts put a user, a slot or a member around the name.
  const names = [shown, ...shown.split(/[@:/]/)].filter((name) => name !== "");
  const isShown = (name: string): boolean => names.some((each) => mayBeCalled(name, each, device.platform.promptCut));
  const refuse = (is: string, isNot: string): never => {
    throw failure("wrong_device", `${is}, not “${isNot}”; nothing was stored`);
  };
  if (hostname !== null && !isShown(hostname))
    refuse(`${device.name} shows the configuration of “${hostname}”, and its prompt says “${shown}”`, shown);
  const expected = device.hostname ?? last?.hostname ?? null;
  if (expected !== null && !isShown(expected))
    refuse(`at the address of ${device.name} a device answers that calls itself “${shown}”`, expected);
}

/** A message in the middle of a line. */
const MESSAGE = /%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+:/;
/** What no configuration holds: what was no UTF-8, and control characters other than tabs and line ends. */
const NO_TEXT = /[\ufffd\u0000-\u0008\u000b-\u001f\u007f]/;

/** What a device says of its own configuration's length is not exact to the byte. */
const ABOUT = 0.9;

/** A reading that is whole by all signs, and may not be what the device has. */
export function whyDoubted(
  { text, hostname }: { text: string; hostname: string | null },
  { logLine, running }: Platform,
  last: LastGood | null,
): string | null {
  const size = Buffer.byteLength(text);
  if (last !== null && size < last.size)
    return `the first is shorter than the last good one (${size} of ${last.size} bytes)`;
  if (last !== null && last.hostname !== null && hostname === null) return "the first names no device";
  if (NO_TEXT.test(text)) return "the first holds bytes that are no text";
  if (logLine !== null && MESSAGE.test(text)) return "a message of the device stands in the first";
  const announced = running?.bytes === undefined ? undefined : announcedBytes(text, running.bytes);
  if (announced !== undefined && size < announced * ABOUT) return `the first has ${size} of ${announced} bytes`;
  return null;
}

/**
 * A part of a configuration could begin and end as the whole does. Where no last line marks the end, a second session
 * decides; a device's very first backup, which is shorter than none, is read twice in one.
 */
export async function whyUnsure(
  session: Session,
  { first, last, digest }: { first: string; last: LastGood | null; digest: (text: string) => string },
): Promise<string | null> {
  if (session.device.platform.running?.end === "braces") return "nothing marks the end of the first";
  if (last !== null) return null;
  return digest(await readRunningConfig(session)) === first ? null : "the second is not the first";
}

function announcedBytes(text: string, bytes: RegExp): number | undefined {
  for (const line of text.split("\n", 10)) {
    const said = bytes.exec(line)?.[1];
    if (said !== undefined) return Number(said);
  }
  return undefined;
}

/** Devices may count a blank line or a comment more or less. */
const COUNTED_ABOUT = 1;

/**
 * Where a configuration has no last line, the device is asked how many lines there are; true when it told, and they are
 * there. Another number than came is more than a doubt: the same part of a configuration could come twice.
 */
export async function mustBeCounted(session: Session, text: string): Promise<boolean> {
  const { name, platform } = session.device;
  const count = platform.running?.count;
  if (count === undefined) return false;
  const lines = text.trimEnd().split("\n");
  const least = lines.filter((line) => line.trim() !== "" && !line.startsWith("#")).length;
  let answer: string;
  try {
    answer = (await read(session, parseRead(platform.id, count.command))).text;
  } catch (error) {
    if (error instanceof AppError && error.code === "line_rejected") return false;
    throw error;
  }
  const said = count.lines.exec(answer)?.[1];
  if (said === undefined) return false;
  if (Number(said) >= least - COUNTED_ABOUT && Number(said) <= lines.length + COUNTED_ABOUT) return true;
  throw failure(
    "config_incomplete",
    `${name} answered with ${lines.length} lines of configuration, and counts ${said} of them`,
  );
}

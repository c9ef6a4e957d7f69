import { FAILURES, type FailureCode } from "../domain/contract/failures.ts";
import { AppError } from "../domain/contract/errors.ts";
import type { DeviceFacts, DeviceTest } from "../domain/contract/device.ts";
import { normaliseConfig } from "../domain/config/parse.ts";
import { parseRead, type ReadCommand } from "../domain/read/parse-read.ts";
import type { DeviceAccess } from "./access.ts";
import { HostKeyFailure, failure, isFailure } from "./failures.ts";
import type { Platform } from "./platforms/platform.ts";
import { findFacts } from "./read/facts.ts";
import { whyNotWhole } from "./read/whole-config.ts";
import type { ExchangeOptions, Session } from "./session.ts";
import type { Sessions, UseOptions } from "./sessions.ts";

export type ReadOptions = Pick<ExchangeOptions, "limits" | "quick">;
export type ReadOutput = {
  /** As a person would see it, the device's own messages left out. */
  text: string;
  /** As it came, pages and echo included, in pieces. */
  raw: readonly Buffer[];
};

/** The first of the two doors: runs a command that the read grammar accepts. */
export async function read(session: Session, command: ReadCommand, options: ReadOptions = {}): Promise<ReadOutput> {
  return run(session, command, options);
}

async function run(
  session: Session,
  command: ReadCommand,
  options: ReadOptions & { end?: RegExp | null },
): Promise<ReadOutput> {
  const { platform, name } = session.device;
  const { answers, raw } = await session.exchange([command], { ...options, reads: true });
  const text = withoutMessages(answers[0]?.text ?? "", command, platform);
  const refused = text.split("\n", 40).find((line) => platform.notUnderstood.test(line));
  if (refused !== undefined) throw failure("line_rejected", `${name} refused “${command}”: ${refused.trim()}`);
  return { text, raw };
}

/** Messages that the device prints when it likes are no part of an answer, unless messages were asked for. */
function withoutMessages(text: string, command: string, { logLine }: Platform): string {
  if (logLine === null || !text.includes("%") || !/%[A-Z]/.test(text) || /\blog/.test(command)) return text;
  return text
    .split("\n")
    .filter((line) => !logLine.test(line))
    .join("\n");
}

/** The whole running configuration, secrets included, or an error: a part of one never gets out of here. */
export async function readRunningConfig(session: Session): Promise<string> {
  const { platform, name } = session.device;
  const { running } = platform;
  if (running === null)
    throw failure("wrong_platform", `${name} is a ${platform.id} device, which has no running configuration`);
  try {
    return await readWhole(session, running, running.command);
  } catch (error) {
    if (running.instead === undefined || !isFailure(error, "line_rejected")) throw error;
    return readWhole(session, running, running.instead);
  }
}

async function readWhole(session: Session, running: NonNullable<Platform["running"]>, asked: string): Promise<string> {
  const { platform, name } = session.device;
  const command = parseRead(platform.id, asked);
  let why = "";
  let before: string | null = null;
  // A device that was disturbed while it answered is asked once more.
  for (let attempt = 1; attempt <= (running.end === "twice" ? 3 : 2); attempt++) {
    const { text } = await run(session, command, { end: running.end instanceof RegExp ? running.end : null });
    const found = whyNotWhole(text, running, platform) ?? differs(before, text, running.end, platform);
    if (found === null) return `${text.replace(/^\n+/, "").trimEnd()}\n`;
    why = found;
    if (before !== null || running.end !== "twice") session.note(`what came is no whole configuration: ${why}`);
    before = text;
  }
  throw failure("config_incomplete", `what ${name} answered to “${command}” is no whole configuration: ${why}`);
}

/** Where no end is marked, a configuration is whole when it was read the same twice. */
function differs(
  before: string | null,
  text: string,
  end: NonNullable<Platform["running"]>["end"],
  { id }: Platform,
): string | null {
  if (end !== "twice") return null;
  if (before === null) return "its end is not marked, and it was read only once";
  return normaliseConfig(id, before) === normaliseConfig(id, text)
    ? null
    : "its end is not marked, and it came differently each time";
}

/** Vendor, version, model and the like, as far as the device says. */
export async function readFacts(session: Session): Promise<DeviceFacts> {
  const { platform } = session.device;
  const outputs: string[] = [];
  for (const { command } of platform.facts) {
    try {
      outputs.push((await read(session, parseRead(platform.id, command), { quick: true })).text);
    } catch (error) {
      // Not every model knows every command; what it would have told stays unknown.
      if (!(error instanceof AppError) || error.code !== "line_rejected") throw error;
      outputs.push("");
    }
  }
  const facts = findFacts(platform, outputs);
  return { ...facts, hostname: facts.hostname ?? session.prompt().host.replace(/^[^@]*@/, "") };
}

/** Signs in, learns what the device is, and reports. A failure is part of the answer. */
export async function testDevice(
  sessions: Sessions,
  access: DeviceAccess,
  options: UseOptions = {},
): Promise<DeviceTest> {
  const answer: DeviceTest = {
    device: access.name,
    reachable: false,
    latency_ms: null,
    prompt: null,
    facts: null,
    host_key: keyOf(access),
    error: null,
  };
  try {
    await sessions.use(
      access,
      "read",
      async (session, { latencyMs }) => {
        answer.reachable = true;
        answer.latency_ms = Math.round(latencyMs * 10) / 10;
        answer.prompt = session.prompt().text.trimEnd();
        answer.facts = await readFacts(session);
        if (answer.facts.os_version === null)
          throw failure(
            "wrong_platform",
            `${access.name} does not answer “${access.platform.facts[0]?.command ?? ""}” as a ${access.platform.id} device does`,
          );
      },
      options,
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error instanceof HostKeyFailure)
      answer.host_key = {
        ...error.offered,
        status: error.code === "host_key_unknown" ? "unknown" : "changed",
        accepted_by: null,
        accepted_at: null,
      };
    answer.error = { code: error.code, message: error.message, what_to_do: whatToDo(error.code) };
  }
  return answer;
}

const keyOf = ({ hostKey }: DeviceAccess): DeviceTest["host_key"] =>
  hostKey && { ...hostKey, status: "accepted", accepted_by: null, accepted_at: null };

/** What a person does about a failure, by its code. */
export const whatToDo = (code: string): string => (code in FAILURES ? FAILURES[code as FailureCode] : "");

import { AppError } from "../../domain/contract/errors.ts";
import type { DeviceFacts } from "../../domain/contract/device.ts";
import { printRecording, unshown, type Exchange, type Recording, type Said } from "../../domain/contract/recording.ts";
import { languages } from "../../domain/platforms/index.ts";
import { parseRead } from "../../domain/read/parse-read.ts";
import { anonymiser } from "../../domain/recording/anonymise.ts";
import type { DeviceAccess } from "../access.ts";
import { failure } from "../failures.ts";
import { read, readFacts, readRunningConfig } from "../read.ts";
import type { Session } from "../session.ts";
import { readPrompt } from "../session/prompt.ts";
import { render } from "../session/screen.ts";
import type { Sessions } from "../sessions.ts";
import { COLUMNS } from "../transport/shell-channel.ts";
import { fromWire, type Wire } from "./from-wire.ts";

type Seen = { prompt: string; facts: DeviceFacts; config: string | null; unknown: string | null };

/**
 * Talks to a device as the product does, with reads alone, and writes down every byte, without secrets and without what
 * tells whose device it is: the text of a recording.
 */
export async function recordDevice(
  sessions: Sessions,
  access: DeviceAccess,
  signal: AbortSignal,
): Promise<{ text: string; version: string }> {
  const wire: Wire[] = [];
  // One line at a time, so that each answer is the answer to one line.
  const patient = { ...access, platform: { ...access.platform, pipelines: false } };
  const seen = await sessions.use(patient, "read", look, {
    signal,
    tap: (from, text) => void wire.push({ from, text }),
  });
  const secrets = await access.openSecrets();
  const kept = Object.entries(secrets).flatMap(([name, secret]) => (secret === undefined ? [] : [{ name, secret }]));
  const { platform } = access;
  const said = fromWire(wire, {
    isPrompt: (line) => readPrompt(platform, line) !== null || line.trimEnd() === seen.prompt,
    placeholders: kept.sort((a) => (a.name === "enable_password" ? -1 : 1)),
  });
  const shownAs = readPrompt(platform, seen.prompt)?.host ?? "";
  const [userInPrompt = "", hostInPrompt = shownAs] = shownAs.split("@");
  const clean = anonymiser(
    {
      platform: platform.id,
      secrets: kept.map(({ secret }) => secret),
      hosts: [access.name, access.host, hostInPrompt, seen.facts.hostname ?? ""].filter(
        (each) => !/^[\d.:]*$/.test(each),
      ),
      users: [access.username, ...(shownAs.includes("@") ? [userInPrompt] : [])],
      serials: seen.facts.serial === null ? [] : [seen.facts.serial],
    },
    // and as a person sees it, without the pages that a device made of it
    [
      ...[said.opens, ...said.exchanges.map(({ answer }) => answer)].flatMap((each) => [
        ...textsOf(each),
        render(unshown(textsOf(each).join("")), COLUMNS),
      ]),
      seen.config ?? "",
    ],
  );
  const text = printRecording(toRecording(access, seen, said, clean));
  const left = kept.find(({ secret }) => secret.length > 3 && text.includes(secret));
  if (left !== undefined)
    throw new Error(`the ${left.name} of ${access.name} is still in its recording, which is therefore not given out`);
  return { text, version: versionOf(seen.facts) };
}

const textsOf = (said: Said): string[] =>
  typeof said === "string" ? [said] : said.flatMap((part) => (typeof part === "string" ? [part] : []));

async function look(session: Session): Promise<Seen> {
  const { platform } = session.device;
  const facts = await readFacts(session);
  const config = platform.running === null ? null : await readRunningConfig(session);
  const count = platform.running?.count;
  if (count !== undefined) await read(session, parseRead(platform.id, count.command));
  return { prompt: session.prompt().text.trimEnd(), facts, config, unknown: await tryUnknown(session) };
}

/** As a file can be called. */
const versionOf = ({ os_version }: DeviceFacts): string =>
  (os_version ?? "unknown").replace(/[^\w.()-]+/g, "-").slice(0, 60);

const UNKNOWN = "netstacks-unknown";

/** How a refusal looks: a read that no device knows. Null where the platform's grammar has none, or the device did not mind. */
async function tryUnknown(session: Session): Promise<string | null> {
  const { platform } = session.device;
  for (const verb of ["show", "display"]) {
    const command = `${verb} ${UNKNOWN}`;
    try {
      await read(session, parseRead(platform.id, command));
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === "line_rejected") return command;
      if (error.code !== "command_not_a_read") throw error;
    }
  }
  return null;
}

function toRecording(
  { platform, isLab }: DeviceAccess,
  { prompt, facts, config, unknown }: Seen,
  said: { line_end: string; opens: Said; exchanges: Exchange[] },
  clean: (text: string) => string,
): Recording {
  const cleanSaid = (each: Said): Said =>
    typeof each === "string"
      ? clean(each)
      : each.map((part) => (typeof part === "string" ? clean(part) : { awaits: part.awaits }));
  const exchanges = said.exchanges.map((each) => ({
    ...each,
    ...(each.at === undefined ? {} : { at: clean(each.at) }),
    answer: cleanSaid(each.answer),
  }));
  const lines = config === null ? [] : clean(config).trimEnd().split("\n");
  const answer = exchanges.find(({ send }) => send === unknown)?.answer;
  const refusal = (typeof answer === "string" ? answer : "")
    .split("\n")
    .find((line) => platform.notUnderstood.test(line));
  if (unknown !== null && refusal === undefined)
    throw failure("line_rejected", `the refusal of “${unknown}” could not be found again in what was recorded`);
  return {
    device_type: platform.id,
    version: versionOf(facts),
    source: {
      kind: isLab ? "virtual" : "recorded",
      from: [
        {
          title: clean(
            `${languages[platform.id].label} ${facts.os_version ?? ""} on ${facts.model ?? "an unnamed model"}`,
          ),
        },
      ],
      note: "Made by `netstacks record`. Known forms of secrets, host and user names, domains, addresses, serial numbers, keys and descriptions were replaced; banners and the names of VLANs, servers, policies and groups are the device's own.",
    },
    line_end: said.line_end,
    opens: cleanSaid(said.opens),
    exchanges,
    expect: {
      prompt: clean(prompt),
      facts: {
        ...facts,
        os_version: facts.os_version && clean(facts.os_version),
        model: facts.model && clean(facts.model),
        hostname: facts.hostname && clean(facts.hostname),
        serial: facts.serial && clean(facts.serial),
      },
      running:
        config === null ? null : { lines: lines.length, first: lines[0] ?? "", last: lines.at(-1) ?? "", contains: [] },
      refused: unknown === null || refusal === undefined ? [] : [{ send: unknown, says: refusal.trim() }],
      not_reads: ["reload"],
      questions: [],
      prompts: [],
    },
  };
}

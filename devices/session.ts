import type { DeviceAccess } from "./access.ts";
import { failure, isFailure } from "./failures.ts";
import type { Platform } from "./platforms/platform.ts";
import { cutAnswers, findEchoes, refusalIn, type Answer } from "./session/answers.ts";
import { becomePrivileged } from "./session/enable.ts";
import { greet } from "./session/greet.ts";
import { learnPrompts, type Prompt, type PromptBook } from "./session/prompt.ts";
import { questionIn } from "./session/questions.ts";
import { createShell, type Judge, type Limits, type Shell, type Tap } from "./session/shell.ts";
import type { Recorder } from "./session/transcript.ts";
import type { Connection } from "./transport.ts";

export type { Answer } from "./session/answers.ts";
export type { Prompt } from "./session/prompt.ts";

/**
 * A shell on a device, at its prompt. Outside of this folder it is only handed on, to `read` and to `apply`: what goes
 * through `exchange` has passed the read grammar or an approval.
 */
export type Session = {
  readonly device: DeviceAccess;
  readonly prompt: () => Prompt;
  readonly isOpen: () => boolean;
  /** Open, and at the prompt of the operational mode that it began with. */
  readonly isAtRest: () => boolean;
  readonly close: () => void;
  readonly exchange: (lines: readonly string[], options?: ExchangeOptions) => Promise<Exchange>;
  /** The device may call itself by this name from here on. */
  readonly expectName: (host: string) => void;
  readonly note: (text: string) => void;
};

export type ExchangeOptions = {
  limits?: Partial<Limits>;
  /** The last line of a whole answer: right behind it, a prompt is believed at once. */
  end?: RegExp | null;
  /** What the transcript shows instead of the lines: secrets as references. */
  shown?: readonly string[];
  /** What is said to these lines is known to hold no lookalike of a prompt: the first one behind it is believed. */
  quick?: boolean;
  /** A read: its output may begin with anything, so nothing in it is a refusal. */
  reads?: boolean;
  /** Lines of a change itself, not those that enter, commit, save or leave. */
  changes?: boolean;
};

export type Exchange = { answers: Answer[]; /** As it came, in pieces. */ raw: readonly Buffer[]; pages: number };

/** A long text is put together only where somebody records it. */
type Say = (direction: "sent" | "received" | "note", text: string | (() => string)) => void;
type State = { prompt: Prompt; prompts: PromptBook; /** The last character of the prompt at rest. */ rest: string };

/** Opens a shell, learns its prompt, gets the rights it needs, and turns off paging and wrapping. */
export async function openSession(
  connection: Connection,
  device: DeviceAccess,
  recorder: () => Recorder | null,
  tap?: Tap,
): Promise<Session> {
  const { platform } = device;
  const channel = await connection.shell();
  const shell = createShell(channel, device.name, platform, tap);
  const say: Say = (direction, text) => recorder()?.(direction, typeof text === "string" ? text : text());
  try {
    if (connection.banner.trim() !== "") say("received", connection.banner);
    const seen = await greet(shell, device, (text) => say("received", text));
    const state: State = {
      prompt: { text: seen, host: "", mode: "", level: "" },
      prompts: learnPrompts(platform, seen),
      rest: "",
    };
    const first = state.prompts.match(seen);
    if (first === null)
      throw failure("prompt_not_found", `${device.name} shows the prompt “${seen}”, which cannot be told from output`);
    state.prompt = first;
    const session: Session = {
      device,
      prompt: () => state.prompt,
      isOpen: () => connection.isOpen() && shell.isOpen(),
      isAtRest: () =>
        connection.isOpen() && shell.isOpen() && state.prompt.mode === "" && state.prompt.level === state.rest,
      close: () => {
        shell.close();
        connection.close();
      },
      exchange: (lines, options = {}) => exchange(shell, state, device, say, lines, options),
      expectName: (host) => state.prompts.renamed(host),
      note: (text) => say("note", text),
    };
    await settleIn(session, shell, state);
    state.rest = state.prompt.level;
    return session;
  } catch (error) {
    shell.close();
    throw error;
  }
}

/** Two empty lines prove the prompt; what turns the pager off goes out with them where the platform takes lines ahead. */
async function settleIn(session: Session, shell: Shell, state: State): Promise<void> {
  const { platform } = session.device;
  const limits = { idleMs: session.device.timeouts.auth, totalMs: session.device.timeouts.auth };
  const raises = platform.unprivileged?.test(state.prompt.text.trimEnd()) === true ? platform.enable : null;
  const pagingLater = raises?.first === true;
  const together = platform.pipelines && !pagingLater ? ["", "", ...platform.onOpen] : ["", ""];
  const { answers } = await session.exchange(together, { limits, quick: true });
  const [a, b] = answers;
  // one that was drawn twice at login may have spaces behind it
  const learnt = state.prompt.text.trimEnd();
  if (a?.prompt?.text.trimEnd() !== learnt || b?.prompt?.text.trimEnd() !== learnt)
    throw failure(
      "prompt_not_found",
      `${session.device.name} shows another prompt each time: “${a?.prompt?.text ?? ""}”, “${b?.prompt?.text ?? ""}”`,
    );
  const turnPagingOff = async (): Promise<void> => {
    for (const line of platform.onOpen) await session.exchange([line], { limits, quick: true });
  };
  if (!platform.pipelines && !pagingLater) await turnPagingOff();
  if (raises === null) return;
  const raised = await becomePrivileged(shell, session.device, state.prompts, raises);
  session.note("enable: the enable password was asked for and answered");
  state.prompt = raised;
  if (pagingLater) await turnPagingOff();
}

/** A device that prints lookalikes of its prompt is given this long to go on. */
const LOOKALIKE_MS = 150;
/** Behind output, a prompt could be the beginning of a line that is still under way. */
const AFTER_OUTPUT_MS = 150;
const QUICK_MS = 10;
/** Without its echo a line has not been read yet, whatever the last line looks like. */
const WITHOUT_ECHO_MS = 5000;
const QUESTION_MS = 150;

type Verdict =
  | { kind: "prompt"; prompt: Prompt }
  | { kind: "known"; answer: string }
  | { kind: "question"; line: string };

async function exchange(
  shell: Shell,
  state: State,
  device: DeviceAccess,
  say: Say,
  lines: readonly string[],
  options: ExchangeOptions,
): Promise<Exchange> {
  const { platform } = device;
  const { prompts } = state;
  const limits = {
    idleMs: options.limits?.idleMs ?? device.timeouts.idle,
    totalMs: options.limits?.totalMs ?? device.timeouts.total,
  };
  const unasked = shell.drain();
  if (unasked.trim() !== "") {
    say("received", unasked);
    const late = refusalIn(platform, unasked);
    if (late !== null)
      throw failure(
        "echo_mismatch",
        `${device.name} said “${late.slice(0, 200)}” after it had shown its prompt already`,
      );
  }
  for (const line of options.shown ?? lines) say("sent", line);

  let before = "";
  let split: { text: string; lines: string[] } = { text: "", lines: [""] };
  const linesOf = (text: string): string[] => {
    if (text !== split.text) split = { text, lines: text.split("\n") };
    return split.lines;
  };
  const judge: Judge<Verdict> = (line, text, recent) => {
    const prompt = prompts.match(line) ?? promptAboveMessages(line, recent, platform, prompts);
    if (prompt !== null)
      return {
        verdict: { kind: "prompt", prompt },
        quietMs: patience(before + text(), lines, prompt, line !== prompt.text),
      };
    const question = questionIn(line, lines, platform.questions, prompts);
    if (question === null) return null;
    return question.answer === null
      ? { verdict: { kind: "question", line: line.trim() }, quietMs: QUESTION_MS }
      : { verdict: { kind: "known", answer: question.answer }, quietMs: QUICK_MS };
  };
  const patience = (text: string, sent: readonly string[], prompt: Prompt, behindMessages: boolean): number => {
    const output = linesOf(text);
    const { echoes, mismatch } = findEchoes(output, sent, prompts);
    if (mismatch !== null) return LOOKALIKE_MS;
    if (echoes.length < sent.length) return WITHOUT_ECHO_MS;
    const last = output.slice(echoes.at(-1) ?? 0, -1);
    if (behindMessages) return LOOKALIKE_MS;
    const lastLine = last.findLast((each) => each.trim() !== "" && platform.aboveprompt?.test(each) !== true);
    if (lastLine === undefined || options.end?.test(lastLine) === true) return 0;
    const shown = prompt.text.trim();
    if (last.some((each) => each.startsWith(shown) && each.trim() === shown)) return LOOKALIKE_MS;
    if (options.quick !== true) return AFTER_OUTPUT_MS;
    return prompt.text === state.prompt.text ? 0 : QUICK_MS;
  };

  shell.write(`${lines.join("\n")}\n`);
  const raw: Buffer[] = [];
  let pages = 0;
  for (;;) {
    const { verdict, heard } = await shell.until(judge, limits).catch((error: unknown) => {
      // What still runs is broken off. To a line of a change no byte is added: what it did is read back.
      if (options.reads === true && isFailure(error, "timeout_idle", "timeout_total")) shell.write(platform.abort);
      throw error;
    });
    raw.push(...heard.raw);
    pages += heard.pages;
    if (verdict.kind === "question") {
      say("received", heard.text);
      shell.write(platform.abort);
      throw failure("unexpected_question", `${device.name} asks: “${verdict.line}”`);
    }
    if (verdict.kind === "known") {
      before += dropLastLine(heard.text);
      say("note", `answered “${heard.text.split("\n").at(-1)?.trim() ?? ""}”`);
      shell.write(`${verdict.answer}\n`);
      continue;
    }
    const output = withPromptLast(linesOf(before + heard.text), verdict.prompt, platform);
    state.prompt = verdict.prompt;
    if (pages > 0) say("note", `the device paged its answer ${pages} times, though its pager was turned off`);
    const { echoes, mismatch } = findEchoes(output, lines, prompts);
    if (echoes.length < lines.length) {
      const [sent = ""] = (options.shown ?? lines).slice(echoes.length);
      say(
        "received",
        options.shown === undefined
          ? output.join("\n")
          : "(not shown: the echo of a line with a secret is another one)",
      );
      throw failure(
        "echo_mismatch",
        `${device.name} did not echo “${sent}”${mismatch === null || options.shown !== undefined ? "" : `, but “${mismatch.slice(0, 200)}”`}`,
      );
    }
    const answers = cutAnswers(output, lines, echoes, verdict.prompt, {
      platform,
      prompts,
      reads: options.reads === true,
      changes: options.changes === true,
    });
    for (const answer of answers)
      say("received", () => `${answer.text}${answer.text === "" ? "" : "\n"}${answer.prompt?.text ?? ""}`);
    return { answers, raw, pages };
  }
}

const dropLastLine = (text: string): string => text.slice(0, text.lastIndexOf("\n") + 1);

/** A message that came behind the prompt belongs before it. */
function withPromptLast(output: string[], prompt: Prompt, platform: Platform): string[] {
  if (output.at(-1) === prompt.text) return output;
  const at = output.findLastIndex((line) => line === prompt.text || line.startsWith(prompt.text));
  if (at === -1) return [...output, prompt.text];
  const messages = output.slice(at + 1).filter((line) => line.trim() !== "" && platform.logLine?.test(line) === true);
  return [...output.slice(0, at), ...messages, prompt.text];
}

/** A device may print messages behind its prompt and not show it again: then the prompt stands above them. */
function promptAboveMessages(
  line: string,
  recent: () => string,
  platform: Platform,
  prompts: PromptBook,
): Prompt | null {
  const { logLine } = platform;
  if (logLine === null || (line.trim() !== "" && !logLine.test(line))) return null;
  const text = recent();
  if (!text.includes("%")) return null;
  const lines = text.split("\n");
  const at = lines.findLastIndex((each) => each.trim() !== "" && !logLine.test(each));
  const last = lines[at];
  if (
    last === undefined ||
    !lines.slice(at).some((each) => logLine.test(each) || logLine.test(prompts.lead(each)?.rest ?? ""))
  )
    return null;
  const whole = prompts.match(last);
  if (whole !== null) return whole;
  const lead = prompts.lead(last);
  return lead !== null && logLine.test(lead.rest) ? lead.prompt : null;
}

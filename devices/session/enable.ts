import type { DeviceAccess } from "../access.ts";
import { SecretRefused, failure } from "../failures.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Prompt, PromptBook } from "./prompt.ts";
import type { Judge, Shell } from "./shell.ts";

type Verdict = { kind: "ask" } | { kind: "prompt"; prompt: Prompt };
const QUIET_MS = 20;

/** Asks for full rights. The secret goes out once, and only to a line that asks for a password. */
export async function becomePrivileged(
  shell: Shell,
  device: DeviceAccess,
  prompts: PromptBook,
  enable: NonNullable<Platform["enable"]>,
): Promise<Prompt> {
  const limits = { idleMs: device.timeouts.auth, totalMs: device.timeouts.auth };
  const unprivileged = (prompt: Prompt): boolean => device.platform.unprivileged?.test(prompt.text.trimEnd()) === true;
  let typed = false;
  const judge: Judge<Verdict> = (line) => {
    if (enable.ask.test(line.trim())) return { verdict: { kind: "ask" }, quietMs: QUIET_MS };
    const prompt = prompts.match(line);
    // The prompt that the command was typed at is still the last line until its echo comes.
    return prompt === null
      ? null
      : { verdict: { kind: "prompt", prompt }, quietMs: unprivileged(prompt) && !typed ? 500 : QUIET_MS };
  };
  shell.write(`${enable.command}\n`);
  const first = await shell.until(judge, limits);
  if (first.verdict.kind === "prompt") {
    if (!unprivileged(first.verdict.prompt)) return first.verdict.prompt;
    throw failure("enable_failed", `${device.name} does not take “${enable.command}”; no password was sent`);
  }
  const { enable_password: secret } = await device.openSecrets();
  // Nothing more is typed at a prompt that refused: the session is closed, so that no second try is counted.
  if (secret === undefined)
    throw failure("credential_missing", `${device.name} asks for an enable password, but its credential has none`);
  typed = true;
  shell.write(`${secret}\n`);
  const second = await shell.until(judge, limits);
  if (second.verdict.kind === "prompt" && !unprivileged(second.verdict.prompt)) return second.verdict.prompt;
  throw new SecretRefused("enable_failed", `${device.name} refused the enable password`);
}

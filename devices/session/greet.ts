import type { DeviceAccess } from "../access.ts";
import { failure, isFailure } from "../failures.ts";
import { readPrompt } from "./prompt.ts";
import type { Judge, Shell } from "./shell.ts";

/** Devices that wait for a key before they say anything, or before they go on. */
const ANY_KEY = /press (?:any key|enter|return|the return key)|hit (?:any key|enter|return)|to get started/i;
/** A last line that waits for something only a person may answer: a new password, a user name, terms to accept. */
const DIALOG = /(?:[:?]|\[[^\]]*\]|\((?:y\/n|yes\/no)\))\s*$/i;
/** Shells whose prompt has no known shape still end it like this. */
const CUSTOM = /\S.*[>#$%] ?$/;
/** A question in whatever form: then no key is pressed, which would be taken for its answer. */
const QUESTION = /\?\s*(?:[[(][^\])]*[\])])?\s*:?\s*$|[[(](?:y|yes|n|no|confirm)\b[^\])]*[\])]/i;
const FULL =
  /\b(vty|too many|maximum|all .*(lines|connections|sessions).*(use|busy)|no (free|available) (lines?|vtys?)|connection limit|session limit)/i;

const SHAPED_MS = 20;
const CUSTOM_MS = 500;
const DIALOG_MS = 1500;
const SILENCE_MS = 3000;
const MOST_KEYS = 3;

type Verdict = { kind: "prompt"; line: string } | { kind: "key" } | { kind: "dialog"; line: string };

/** Waits for the first prompt, through banners and "press any key", and gives its line. Nothing else is ever answered. */
export async function greet(shell: Shell, device: DeviceAccess, heard: (text: string) => void): Promise<string> {
  const { platform, name } = device;
  const until = performance.now() + device.timeouts.auth;
  const judge: Judge<Verdict> = (line) => {
    const shaped = readPrompt(platform, line);
    // A name that is known already is no accident; what follows asks for the prompt twice in any case.
    if (shaped !== null)
      return { verdict: { kind: "prompt", line }, quietMs: shaped.host === device.hostname ? 0 : SHAPED_MS };
    if (ANY_KEY.test(line)) return { verdict: { kind: "key" }, quietMs: SHAPED_MS };
    if (CUSTOM.test(line) && !QUESTION.test(line)) return { verdict: { kind: "prompt", line }, quietMs: CUSTOM_MS };
    if (DIALOG.test(line) || QUESTION.test(line))
      return { verdict: { kind: "dialog", line: line.trim() }, quietMs: DIALOG_MS };
    return null;
  };
  for (let keys = 0, nudged = false; ;) {
    const left = until - performance.now();
    try {
      const { verdict, heard: said } = await shell.until(judge, {
        idleMs: Math.max(1, nudged ? left : Math.min(SILENCE_MS, left)),
        totalMs: Math.max(1, left),
      });
      heard(said.text);
      if (verdict.kind === "prompt") return verdict.line;
      if (verdict.kind === "dialog")
        throw failure("login_dialog_unknown", `${name} asks at login: “${verdict.line.slice(-200)}”`);
      keys += 1;
      if (keys > MOST_KEYS) throw failure("login_dialog_unknown", `${name} asks again and again for a key at login`);
      shell.write("\n");
    } catch (error) {
      const said = shell.pending().trim();
      if (isFailure(error, "connection_lost") && FULL.test(said))
        throw failure("vty_lines_exhausted", `${name} takes no more sessions: “${said.slice(-200)}”`, {
          retryAfter: 30,
        });
      if (!isFailure(error, "timeout_idle", "timeout_total")) throw error;
      if (nudged || performance.now() >= until)
        throw failure(
          "prompt_not_found",
          `${name} showed no prompt within ${device.timeouts.auth / 1000} s; its last line was “${said.split("\n").at(-1)?.slice(-200) ?? ""}”`,
        );
      // What it said last is no prompt, and may be a question.
      const last = said.split("\n").at(-1)?.trim() ?? "";
      if (QUESTION.test(last)) throw failure("login_dialog_unknown", `${name} asks at login: “${last.slice(-200)}”`);
      // Some wait silently for the first key.
      nudged = true;
      shell.write("\n");
    }
  }
}

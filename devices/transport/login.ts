import type { AnyAuthMethod, AuthHandlerMiddleware, Prompt } from "ssh2";
import type { Secrets } from "../access.ts";
import { failure } from "../failures.ts";
import { openPrivateKey } from "./private-key.ts";

type Method = "publickey" | "password" | "keyboard-interactive";

const PASSWORD_LIKE = /pass(word|code|phrase)?\b[^:?]*[:?]?\s*$/i;
/** Prompts that speak of a password but ask for something else than the present one. */
const NOT_THE_PRESENT = /\b(new|change|expired?|again|re-?(type|enter)|confirm|verify|next|token|otp|one[- ]time)\b/i;

const asksForPassword = (prompt: string): boolean => PASSWORD_LIKE.test(prompt) && !NOT_THE_PRESENT.test(prompt);

export type Login = {
  handler: AuthHandlerMiddleware;
  /** Has a secret, or a signature made with one, gone out? */
  sent: () => boolean;
  /** The methods that the device last said it takes. */
  offered: () => readonly string[];
};

/**
 * Signs in with each secret at most once: the key, then the password, by the method that the device takes. No "none"
 * probe: it costs a round trip. A device that refuses the method `password` itself, and says so by leaving it out of
 * its list, has not judged the password; only then is it given by keyboard-interactive.
 */
export function createLogin(to: {
  device: string;
  username: string;
  openSecrets: () => Promise<Secrets>;
  fail: (error: Error) => void;
}): Login {
  const tried = new Set<Method>();
  let secrets: Secrets | null = null;
  let sent = false;
  let answered = false;
  let offered: readonly string[] = [];

  const answer = (prompts: Prompt[], finish: (answers: string[]) => void): void => {
    const odd = prompts.find((p) => p.echo === true || !asksForPassword(p.prompt));
    if (odd !== undefined) {
      to.fail(failure("login_dialog_unknown", `${to.device} asks at login: “${odd.prompt.trim().slice(0, 200)}”`));
      return;
    }
    const password = secrets?.password;
    if (password === undefined || answered || prompts.length > 1) {
      to.fail(failure("auth_failed", `${to.device} refused the login of ${to.username}`));
      return;
    }
    answered = true;
    sent = true;
    finish([password]);
  };

  const next = async (left: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod | null> => {
    const takes = (method: Method): boolean => !tried.has(method) && (left === null || left.includes(method));
    const { username } = to;
    if (secrets?.private_key !== undefined && takes("publickey")) {
      tried.add("publickey");
      const key = await openPrivateKey(to.device, secrets.private_key, secrets.passphrase);
      sent = true;
      return { type: "publickey", username, key };
    }
    if (secrets?.password === undefined) return null;
    if (takes("password")) {
      tried.add("password");
      sent = true;
      return { type: "password", username, password: secrets.password };
    }
    const judged = tried.has("password") && (left?.includes("password") === true || partial);
    if (takes("keyboard-interactive") && !judged) {
      tried.add("keyboard-interactive");
      return {
        type: "keyboard-interactive",
        username,
        prompt: (_name, _instructions, _lang, prompts, finish) => answer(prompts, finish),
      };
    }
    return null;
  };

  const decide = async (left: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod> => {
    offered = left ?? [];
    secrets ??= await to.openSecrets();
    const method = await next(left, partial);
    if (method !== null) return method;
    const takes = offered.length > 0 ? `; it takes ${offered.join(", ")}` : "";
    throw failure("auth_failed", `${to.device} refused the login of ${to.username}${takes}`);
  };

  return {
    handler: (left: string[] | null, partial, give) => {
      decide(left, partial === true).then(give, (error: unknown) =>
        to.fail(error instanceof Error ? error : new Error(String(error))),
      );
    },
    sent: () => sent,
    offered: () => offered,
  };
}

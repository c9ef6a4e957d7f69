import type { AnyAuthMethod, AuthHandlerMiddleware, Prompt } from "ssh2";
import type { LoginMethod, Secrets } from "../access.ts";
import { SecretRefused, failure } from "../failures.ts";
import { openPrivateKey } from "./private-key.ts";

type Method = "none" | "publickey" | LoginMethod;

const PASSWORD_LIKE = /pass(word|code|phrase)?\b[^:?]*[:?]?\s*$/i;
/** Prompts that speak of a password but ask for something else than the present one. */
const NOT_THE_PRESENT = /\b(new|change|expired?|again|re-?(type|enter)|confirm|verify|next|token|otp|one[- ]time)\b/i;

const asksForPassword = (prompt: string): boolean => PASSWORD_LIKE.test(prompt) && !NOT_THE_PRESENT.test(prompt);

export type Login = {
  handler: AuthHandlerMiddleware;
  /** Has a secret, or a signature made with one, gone out? */
  sent: () => boolean;
  /** Did the device, after that, say no to it? */
  refused: () => boolean;
  /** The method by which the password went out. */
  method: () => LoginMethod | null;
};

/**
 * Signs in with each secret at most once: the key, then the password, by the one method that the device takes. Which that
 * is, is known from the last time, or asked by a request of the method "none", which costs a round trip and no secret.
 */
export function createLogin(to: {
  device: string;
  username: string;
  known: LoginMethod | null;
  openSecrets: () => Promise<Secrets>;
  fail: (error: Error) => void;
}): Login {
  const tried = new Set<Method>();
  let secrets: Secrets | null = null;
  let sent = false;
  let refused = false;
  let method: LoginMethod | null = null;

  const refuse = (more = ""): Error =>
    refused
      ? new SecretRefused("auth_failed", `${to.device} refused the login of ${to.username}${more}`)
      : failure("auth_method_unavailable", `${to.device} takes no login that the credential has${more}`);

  const answer = (prompts: Prompt[], finish: (answers: string[]) => void): void => {
    // Some devices send a request without a question first, or last.
    if (prompts.length === 0) {
      finish([]);
      return;
    }
    const odd = prompts.find((p) => p.echo === true || !asksForPassword(p.prompt));
    if (odd !== undefined) {
      to.fail(failure("login_dialog_unknown", `${to.device} asks at login: “${odd.prompt.trim().slice(0, 200)}”`));
      return;
    }
    const password = secrets?.password;
    if (password === undefined || method !== null || prompts.length > 1) {
      // Asked again, it has judged; asked for two at once, it has not.
      refused ||= method !== null;
      to.fail(
        refused
          ? refuse()
          : failure("login_dialog_unknown", `${to.device} asks for ${prompts.length} passwords at once at login`),
      );
      return;
    }
    method = "keyboard-interactive";
    sent = true;
    finish([password]);
  };

  const byPassword = (password: string, way: LoginMethod): AnyAuthMethod => {
    const { username } = to;
    tried.add(way);
    if (way === "keyboard-interactive")
      return { type: way, username, prompt: (_name, _instructions, _lang, asked, finish) => answer(asked, finish) };
    method = way;
    sent = true;
    return { type: way, username, password };
  };

  const next = async (left: readonly string[] | null, open: Secrets): Promise<AnyAuthMethod | null> => {
    const takes = (way: Method): boolean => !tried.has(way) && (left === null || left.includes(way));
    const { username } = to;
    if (open.private_key !== undefined && takes("publickey")) {
      tried.add("publickey");
      const key = await openPrivateKey(to.device, open.private_key, open.passphrase);
      sent = true;
      return { type: "publickey", username, key };
    }
    if (open.password === undefined || method !== null) return null;
    if (left === null) {
      if (to.known !== null) return byPassword(open.password, to.known);
      tried.add("none");
      return { type: "none", username };
    }
    const way = (["password", "keyboard-interactive"] as const).find(takes);
    return way === undefined ? null : byPassword(open.password, way);
  };

  const decide = async (left: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod> => {
    // A method that is missing in the list of those that are left was not judged, it is simply not one of them.
    const unjudged = method !== null && left !== null && !left.includes(method) && !partial;
    if (unjudged && method === to.known && left.some((way) => way === "password" || way === "keyboard-interactive"))
      throw failure(
        "login_method_changed",
        `${to.device} does not take the method ${to.known} any more, but ${left.join(", ")}; nothing more was sent`,
      );
    refused ||= sent && left !== null && !partial;
    secrets ??= await to.openSecrets();
    const way = await next(left, secrets);
    if (way !== null) return way;
    throw refuse(left !== null && left.length > 0 ? `; it takes ${left.join(", ")}` : "");
  };

  return {
    handler: (left: string[] | null, partial, give) => {
      decide(left, partial === true).then(give, (error: unknown) =>
        to.fail(error instanceof Error ? error : new Error(String(error))),
      );
    },
    sent: () => sent,
    refused: () => refused,
    method: () => method,
  };
}

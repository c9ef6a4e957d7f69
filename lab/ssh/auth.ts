import { timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import ssh2, { type AuthContext, type KeyboardAuthContext, type PublicKeyAuthContext } from "ssh2";
import type { FaultBook } from "../fault-book.ts";
import type { RouterSpec } from "../types.ts";

type Method = "password" | "keyboard-interactive" | "publickey";

const methodsOf = ({ auth = {} }: RouterSpec, faults: FaultBook): Method[] =>
  faults.armed("auth_dialog") || faults.armed("only_keyboard_interactive")
    ? ["keyboard-interactive"]
    : configured(auth);

const configured = (auth: NonNullable<RouterSpec["auth"]>): Method[] => [
  ...(auth.public_keys?.length ? (["publickey"] as const) : []),
  ...((auth.keyboard_interactive ?? true) ? (["keyboard-interactive"] as const) : []),
  ...((auth.password ?? true) ? (["password"] as const) : []),
];

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

function keyAllowed(spec: RouterSpec, context: PublicKeyAuthContext): boolean {
  return (spec.auth?.public_keys ?? []).some((text) => {
    const key = ssh2.utils.parseKey(text);
    if (key instanceof Error || !same(key.getPublicSSH(), context.key.data)) return false;
    if (!context.signature || !context.blob) return true;
    return key.verify(context.blob, context.signature, context.hashAlgo) === true;
  });
}

const askPassword = (context: KeyboardAuthContext, prompt = "Password: "): Promise<string> =>
  new Promise((resolve) => context.prompt([{ prompt, echo: false }], (answers) => resolve(answers[0] ?? "")));

/** Decides about one login attempt; `note` tells the ledger, never with the password. */
export async function authenticate(
  spec: RouterSpec,
  faults: FaultBook,
  context: AuthContext,
  note: (text: string) => void,
  hangUp: () => void,
): Promise<void> {
  const methods = methodsOf(spec, faults);
  if (context.method === "none" || context.method === "hostbased" || !methods.includes(context.method)) {
    // One that came with the password in it was heard all the same.
    if (context.method === "password") note("password by a method that is not taken");
    context.reject(methods);
    return;
  }
  if (context.method === "password" && faults.fire("hang_up_at_login")) {
    note("password, and hung up");
    hangUp();
    return;
  }
  const offered =
    context.method === "password"
      ? context.password
      : context.method === "keyboard-interactive"
        ? await askPassword(context, faults.fire("auth_dialog")?.prompt)
        : undefined;
  const onlyAsked = context.method === "publickey" && !context.signature;
  const slow = onlyAsked ? undefined : faults.fire("slow_auth");
  if (slow) await sleep(slow.delay_ms);
  const known =
    context.username === spec.username &&
    (context.method === "publickey" ? keyAllowed(spec, context) : offered === spec.password);
  const allowed = known && !(faults.armed("refuse_auth") && (onlyAsked || faults.fire("refuse_auth")));
  if (!onlyAsked) note(`${context.method} ${allowed ? "accepted" : "refused"}`);
  if (allowed) context.accept();
  else context.reject(methods);
}

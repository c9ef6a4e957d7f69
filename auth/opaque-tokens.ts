import { randomBytes } from "node:crypto";
import type { Vault } from "../system/vault.ts";

/**
 * Tokens that mean nothing by themselves. The database holds only their HMAC: a stolen dump signs nobody in. The
 * prefix tells secret scanners, and us, what a found string is.
 */
const PREFIX = { session: "nss_", refresh: "nsr_", api: "nst_" } as const;
export type TokenKind = keyof typeof PREFIX;

export const hashToken = (vault: Vault, kind: TokenKind, token: string): Buffer => vault.hmac("token", kind, token);

export function makeToken(vault: Vault, kind: "session" | "api"): { token: string; hash: Buffer } {
  const token = PREFIX[kind] + randomBytes(32).toString("base64url");
  return { token, hash: hashToken(vault, kind, token) };
}

export const isApiToken = (text: string): boolean => text.startsWith(PREFIX.api);

/** A refresh token carries its session under a MAC, so that one of any age is recognised as ours when it is used again. */
export function makeRefreshToken(vault: Vault, sessionId: string): { token: string; hash: Buffer } {
  const body = `${sessionId}.${randomBytes(24).toString("base64url")}`;
  const token = `${PREFIX.refresh}${body}.${macOf(vault, body).toString("base64url")}`;
  return { token, hash: hashToken(vault, "refresh", token) };
}

/** The session that a refresh token was made for; undefined when we did not make it. */
export function sessionOfRefreshToken(vault: Vault, token: string): string | undefined {
  const [sessionId, random, mac, ...more] = token.startsWith(PREFIX.refresh)
    ? token.slice(PREFIX.refresh.length).split(".")
    : [];
  if (sessionId === undefined || random === undefined || mac === undefined || more.length > 0) return undefined;
  return vault.verify("token", Buffer.from(mac, "base64url"), "refresh-mac", `${sessionId}.${random}`)
    ? sessionId
    : undefined;
}

const macOf = (vault: Vault, body: string): Buffer => vault.hmac("token", "refresh-mac", body);

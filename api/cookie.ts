import { deleteCookie, setCookie } from "hono/cookie";
import type { BrowserSession } from "../services/sessions.ts";
import type { ApiContext } from "./env.ts";

const isHttps = (publicUrl: string): boolean => publicUrl.startsWith("https:");

/** `__Host-` binds the cookie to this host and to TLS; browsers refuse the prefix on plain http, which loopback uses. */
export const cookieName = (publicUrl: string): string => (isHttps(publicUrl) ? "__Host-netstacks" : "netstacks");

const options = (publicUrl: string) =>
  ({ path: "/", httpOnly: true, sameSite: "Strict", secure: isHttps(publicUrl) }) as const;

/** Without "remember me" it ends with the browser. */
export function giveCookie(c: ApiContext, publicUrl: string, { token, expiresAt, remember }: BrowserSession): void {
  setCookie(c, cookieName(publicUrl), token, { ...options(publicUrl), ...(remember ? { expires: expiresAt } : {}) });
}

export function takeCookie(c: ApiContext, publicUrl: string): void {
  deleteCookie(c, cookieName(publicUrl), options(publicUrl));
}

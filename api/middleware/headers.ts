import type { MiddlewareHandler } from "hono";

/** Scripts from us alone, no inline ones; inline styles, since component libraries write them. */
const CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export const headers =
  ({ https }: { https: boolean }): MiddlewareHandler =>
  async (c, next) => {
    await next();
    c.header("Content-Security-Policy", CSP);
    c.header("X-Content-Type-Options", "nosniff");
    c.header("X-Frame-Options", "DENY");
    c.header("Referrer-Policy", "same-origin");
    c.header("Cross-Origin-Opener-Policy", "same-origin");
    c.header("Cross-Origin-Resource-Policy", "same-origin");
    if (https) c.header("Strict-Transport-Security", "max-age=31536000");
    // What a signed-in person reads must not lie in anybody's cache; files with a hash in their name set their own.
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  };

import { pino, type Logger } from "pino";

export type { Logger } from "pino";

/** Field names whose values never reach a log line, at any of the first levels of an object. */
const SECRET_FIELDS = [
  "password",
  "enable_password",
  "private_key",
  "passphrase",
  "token",
  "refresh_token",
  "access_token",
  "secret",
  "authorization",
  "cookie",
];

/** JSON lines on stdout, with the process's part (`api`, `worker`, …). */
export function createLog(part: string, level: string): Logger {
  return pino({
    level,
    base: { part, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((f) => [f, `*.${f}`, `*.*.${f}`]), censor: "[secret]" },
  });
}

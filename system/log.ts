import { AsyncLocalStorage } from "node:async_hooks";
import { pino, type Logger, type LoggerOptions } from "pino";
import { traceId } from "./tracing.ts";

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

/** What every line about a piece of work says of it. Ids and names only. */
export type LogFields = {
  request_id?: string;
  run_id?: string;
  /** The device's name. */
  device?: string;
  device_id?: string;
  activity?: string;
  attempt?: number;
};

const about = new AsyncLocalStorage<LogFields>();

/** Every line that is logged while `fn` runs, by whatever it calls, holds these fields besides its own. */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  return about.run({ ...about.getStore(), ...fields }, fn);
}

/** JSON lines on stdout, or at the end of a file, with the process's part (`api`, `worker`, …). */
export function createLog(part: string, level: string, file?: string): Logger {
  const options: LoggerOptions = {
    level,
    base: { part, pid: process.pid },
    mixin() {
      const trace = traceId();
      return { ...about.getStore(), ...(trace === undefined ? {} : { trace_id: trace }) };
    },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((f) => [f, `*.${f}`, `*.*.${f}`]), censor: "[secret]" },
  };
  return file === undefined
    ? pino(options)
    : pino(options, pino.destination({ dest: file, append: true, mkdir: true, mode: 0o600, sync: true }));
}

/** What Node would print by itself, about a fault that nobody caught or a warning, is a line of the log like any other. */
export function logWhatNodeSays(log: Logger): void {
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "ended by a fault of its own");
    process.exit(1);
  });
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log.warn({ err: warning }, warning.message));
}

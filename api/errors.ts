import {
  AppError,
  Conflict,
  DeviceFailure,
  Forbidden,
  Invalid,
  NotFound,
  TooLarge,
  TooMany,
  Unauthenticated,
  Unavailable,
  Unprocessable,
  UnsupportedType,
  type ErrorDetail,
} from "../domain/contract/errors.ts";
import { databaseAway } from "../services/database-watch.ts";

export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

/** The one place that knows which kind of error is which status. */
export function statusOf(error: AppError): ErrorStatus {
  if (error instanceof Invalid) return 400;
  if (error instanceof Unauthenticated) return 401;
  if (error instanceof Forbidden) return 403;
  if (error instanceof NotFound) return 404;
  if (error instanceof Conflict) return 409;
  if (error instanceof TooLarge) return 413;
  if (error instanceof UnsupportedType) return 415;
  if (error instanceof Unprocessable || error instanceof DeviceFailure) return 422;
  if (error instanceof TooMany) return 429;
  if (error instanceof Unavailable) return 503;
  return 500;
}

/** Postgres being away, restarting or out of patience; anything else from it is a bug of ours. */
export function databaseTrouble(error: unknown): Unavailable | undefined {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ENOENT|EHOSTUNREACH|ETIMEDOUT|08|57P|53)/.test(code))
    return databaseAway();
  if (/^(55P03|57014|40001|40P01)$/.test(code))
    return new Unavailable(
      "database_busy",
      "the database was too busy for this; nothing was done, repeat it in a few seconds",
      { retryAfter: 5 },
    );
  return undefined;
}

/** One detail's code is the answer's code: programs look at one place. */
export function invalid(details: ErrorDetail[]): Invalid {
  const [first] = details;
  if (first === undefined) return new Invalid("invalid", "the request is not valid");
  const message = `${first.path === "" ? "the request" : first.path} ${first.message}${details.length > 1 ? ` (and ${details.length - 1} more)` : ""}`;
  return new Invalid(details.length === 1 ? (first.code ?? "invalid") : "invalid", message, { details });
}

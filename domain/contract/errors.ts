/** One place of one wrong thing: where it is (`targets[0].device`), and a sentence that says how to mend it. */
export type ErrorDetail = { path: string; message: string; code?: string; line?: number; column?: number };

/**
 * An error thrown on purpose. `code` is stable and part of the API; `message` is one sentence a person can act on.
 * Anything else that is thrown is a bug.
 */
export abstract class AppError extends Error {
  readonly code: string;
  readonly details: ErrorDetail[] | undefined;
  /** Seconds until it makes sense to try again; becomes Retry-After. */
  readonly retryAfter: number | undefined;
  constructor(
    code: string,
    message: string,
    more: { details?: ErrorDetail[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = more.details;
    this.retryAfter = more.retryAfter;
  }
}

/** 400: malformed, or a field holds what it may not. */
export class Invalid extends AppError {}
/** 401: who are you? */
export class Unauthenticated extends AppError {}
/** 403: known, but not allowed. */
export class Forbidden extends AppError {}
/** 404: does not exist, or the caller may not see it. */
export class NotFound extends AppError {
  constructor(what: string, id: string) {
    super("not_found", `${what} ${JSON.stringify(id)} does not exist`);
  }
}
/** 409: the state of things does not allow it (any more). */
export class Conflict extends AppError {}
/** 413 */
export class TooLarge extends AppError {}
/** 415 */
export class UnsupportedType extends AppError {}
/** 422: well-formed but impossible. */
export class Unprocessable extends AppError {}
/** 429 */
export class TooMany extends AppError {}
/** 503: an engine or the workers are away; nothing was lost. */
export class Unavailable extends AppError {}

/** What went wrong between us and a device; `what_to_do` is in `failures.ts`. */
export class DeviceFailure extends AppError {}

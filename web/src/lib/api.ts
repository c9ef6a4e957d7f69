import type { ErrorDetail } from "../../../domain/contract/errors.ts";
import type { Failure } from "../../../domain/contract/common.ts";

/** A refusal by the API, or no answer at all (`status` 0, code `offline`). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: ErrorDetail[];
  readonly requestId: string | null;
  /** Seconds until it makes sense to try again. */
  readonly retryAfter: number | null;
  constructor(
    status: number,
    code: string,
    message: string,
    more: { details?: ErrorDetail[]; requestId?: string | null; retryAfter?: number | null } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = more.details ?? [];
    this.requestId = more.requestId ?? null;
    this.retryAfter = more.retryAfter ?? null;
  }
}

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;
type Options = { query?: Query; signal?: AbortSignal; idempotencyKey?: string; headers?: Record<string, string> };

/** `url("/devices", { site: "ams", tag: ["a", "b"] })`; what is empty is left out. */
export function url(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    if (typeof value === "object") for (const each of value) params.append(name, each);
    else params.append(name, String(value));
  }
  const text = params.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

let onSignedOut: () => void = () => undefined;
/** The router says what happens when the session is over. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** What a person does begins a trace (W3C Trace Context): the server's spans, down to the device's prompt, hang below it. */
function newTrace(): string {
  const [trace = "", span = ""] = [16, 8].map((bytes) =>
    Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );
  return `00-${trace}-${span}-01`;
}

async function call(method: string, path: string, body: BodyInit | undefined, options: Options): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  if (method !== "GET") headers.traceparent = newTrace();
  let response: Response;
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "offline", "NetStacks does not answer. Check the connection; the server may be restarting.");
  }
  if (response.ok) return response;
  const error = await failureOf(response);
  if (response.status === 401 && !path.startsWith("/auth/")) onSignedOut();
  throw error;
}

async function failureOf(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get("retry-after")) || null;
  const text = await response.text();
  const failure = parseFailure(text);
  const requestId = failure?.request_id ?? response.headers.get("x-request-id");
  if (failure) {
    const details = (failure.details ?? []).map(({ path, message, code, line, column }) => ({
      path,
      message,
      ...(code === undefined ? {} : { code }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    }));
    return new ApiError(response.status, failure.code, failure.error, { details, requestId, retryAfter });
  }
  return new ApiError(
    response.status,
    `http_${response.status}`,
    `The server answered ${response.status} without a reason.`,
    { requestId, retryAfter },
  );
}

function parseFailure(text: string): Failure | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "error" in value && "code" in value) return asFailure(value);
    return null;
  } catch {
    return null; // a proxy's HTML page: the status says enough
  }
}
/** The API validates its failures against the same schema before it sends them. */
const asFailure = (value: object): Failure => value as Failure;

/** `data` of the envelope. The API validates its answers against the schemas that `T` comes from. */
async function dataOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return asData<T>({});
  const envelope: unknown = await response.json();
  const data = typeof envelope === "object" && envelope !== null && "data" in envelope ? envelope.data : {};
  return asData<T>(data);
}
const asData = <T>(data: unknown): T => data as T;

const json =
  (method: string) =>
  async <T>(path: string, body?: unknown, options: Options = {}): Promise<T> => {
    const headers = { "content-type": "application/json", ...options.headers };
    return dataOf<T>(
      await call(
        method,
        path,
        body === undefined ? undefined : JSON.stringify(body),
        body === undefined ? options : { ...options, headers },
      ),
    );
  };

/** A body that is text already: a CSV, or JSON whose numbers have to keep their form. */
const text =
  (method: string) =>
  async <T>(path: string, body: string, type: string, query?: Query): Promise<T> =>
    dataOf<T>(await call(method, path, body, { ...(query ? { query } : {}), headers: { "content-type": type } }));

/** Paths are below `/api`; every answer is `data` of the envelope; every refusal is an ApiError. */
export const api = {
  get: async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    dataOf<T>(await call("GET", path, undefined, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) })),
  post: json("POST"),
  put: json("PUT"),
  patch: json("PATCH"),
  delete: json("DELETE"),
  /** Text as it is: a unified diff, a CSV. */
  text: async (path: string, query?: Query): Promise<string> =>
    (await call("GET", path, undefined, { ...(query ? { query } : {}), headers: { accept: "*/*" } })).text(),
  postText: text("POST"),
  putText: text("PUT"),
};

/** One path segment: names hold dots and dashes, but a user may type anything into the address bar. */
export const seg = (value: string): string => encodeURIComponent(value);
/** A key for one press of a button: repeating the call with it does nothing twice. */
export const newKey = (): string => crypto.randomUUID();

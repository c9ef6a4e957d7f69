import type { ApiCall, ApiResource } from "../domain/contract/api-resource.ts";
import { JsonPathError, pickJson } from "../domain/variables/json-path.ts";
import { EgressFailure, fetchOutside, type EgressCode } from "./egress.ts";
import type { EgressList } from "./egress-list.ts";

/** What is sealed of a resource. */
export type ApiSecrets = {
  token?: string | undefined;
  password?: string | undefined;
  secret_headers?: Record<string, string> | undefined;
};
export type ReachableApi = Pick<
  ApiResource,
  "name" | "base_url" | "auth" | "key_name" | "key_in" | "username" | "headers"
> & {
  secrets: ApiSecrets;
};

type ApiCode =
  | EgressCode
  | "endpoint_outside"
  | "http_status"
  | "answer_not_json"
  | "json_path_invalid"
  | "json_path_missing";
const WHAT_TO_DO: Record<ApiCode, string> = {
  url_invalid: "Correct the base URL of the resource.",
  endpoint_outside: "Write the endpoint as a path below the base URL.",
  egress_denied:
    "An administrator may add the host, or for a private address its network, to the egress allow-list in the settings.",
  dns_failed: "Correct the host name in the base URL, or the DNS server's answer.",
  connection_failed: "Check that the service runs, its port, and firewalls in between.",
  tls_failed: "Check the certificate of the service: its name, its issuer, and until when it is valid.",
  timeout: "Ask for less, or find out why the service is slow.",
  too_large: "Ask for less: a filter in the endpoint, or a page of the list.",
  redirect_refused: "Give the address that the service redirects to as the base URL.",
  answer_encoded: "Turn off compression for this endpoint.",
  http_status: "Check the endpoint, and the authentication of the resource.",
  answer_not_json: "Check the endpoint: it has to answer with JSON.",
  json_path_invalid: "Correct the JSON path.",
  json_path_missing: "Test without a JSON path to see the whole answer, then correct the path.",
};

/** A call that gave no value. The message holds neither a secret nor what the service wrote. */
export class ApiCallFailed extends Error {
  readonly code: ApiCode;
  /** What the service answered, where it did. */
  readonly status: number | null;
  constructor(code: ApiCode, message: string, status: number | null = null) {
    super(message);
    this.code = code;
    this.status = status;
  }
  get whatToDo(): string {
    return WHAT_TO_DO[this.code];
  }
}

/** Asks a resource, and takes out of its answer what the path names. */
export async function callApi(
  list: EgressList,
  api: ReachableApi,
  call: ApiCall,
  options: { signal?: AbortSignal | undefined; withinMs?: number } = {},
): Promise<{ status: number; value: unknown }> {
  const answer = await fetchOutside(
    list,
    {
      url: urlOf(api, call.endpoint),
      method: call.method,
      headers: headersOf(api, call),
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: options.signal,
    },
    options.withinMs === undefined ? {} : { withinMs: options.withinMs },
  ).catch((error: unknown) => {
    if (error instanceof EgressFailure) throw new ApiCallFailed(error.code, `${api.name}: ${error.message}`);
    throw error;
  });
  const { status } = answer;
  if (status < 200 || status > 299)
    throw new ApiCallFailed("http_status", `${api.name} answered with the status ${status}`, status);
  return { status, value: pick(api, status, parseJson(api, status, answer.body), call.json_path) };
}

/** Below the base URL, whatever an endpoint says of `..` or other hosts. */
function urlOf(api: ReachableApi, endpoint: string): string {
  const base = new URL(api.base_url.endsWith("/") ? api.base_url : `${api.base_url}/`);
  const outside = new ApiCallFailed("endpoint_outside", `the endpoint leads out of the base URL of ${api.name}`);
  if (/[\\\s]/.test(endpoint)) throw outside;
  const url = new URL(base);
  if (endpoint === "") url.pathname = base.pathname.slice(0, -1);
  else {
    const relative = `./${endpoint.replace(/^\/+/, "")}`;
    if (!URL.canParse(relative, base)) throw outside;
    const joined = new URL(relative, base);
    // An encoded slash or dot may be a real one to what stands behind a proxy.
    if (
      joined.origin !== base.origin ||
      !joined.pathname.startsWith(base.pathname) ||
      /%2e%2e|\.\.(%2f|%5c)/i.test(joined.pathname)
    )
      throw outside;
    url.pathname = joined.pathname;
    url.search = joined.search;
  }
  if (api.auth === "api_key" && api.key_in === "query" && api.secrets.token !== undefined)
    // Not by searchParams, which would write the rest of the query anew.
    url.search += `${url.search === "" ? "?" : "&"}${encodeURIComponent(api.key_name ?? "")}=${encodeURIComponent(api.secrets.token)}`;
  return url.href;
}

function headersOf(api: ReachableApi, call: ApiCall): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json", "user-agent": "netstacks" };
  const add = (more: Record<string, string>): void => {
    for (const [name, value] of Object.entries(more)) headers[name.toLowerCase()] = value;
  };
  if (call.body !== undefined) add({ "content-type": "application/json" });
  add(api.headers);
  const { token, password, secret_headers } = api.secrets;
  if (api.auth === "bearer" && token !== undefined) add({ authorization: `Bearer ${token}` });
  if (api.auth === "api_key" && api.key_in !== "query" && token !== undefined) add({ [api.key_name ?? ""]: token });
  if (api.auth === "basic")
    add({
      authorization: `Basic ${Buffer.from(`${api.username ?? ""}:${password ?? ""}`, "utf8").toString("base64")}`,
    });
  if (api.auth === "custom") add(secret_headers ?? {});
  return headers;
}

function parseJson(api: ReachableApi, status: number, body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ApiCallFailed("answer_not_json", `${api.name} answered with something else than JSON`, status);
  }
}

function pick(api: ReachableApi, status: number, value: unknown, path: string | undefined): unknown {
  if (path === undefined || path === "") return value;
  try {
    return pickJson(value, path);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new ApiCallFailed(
      error.kind === "syntax" ? "json_path_invalid" : "json_path_missing",
      `${api.name}: ${error.message}`,
      status,
    );
  }
}

import { lookup as resolveName } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { parseAddress } from "./egress-address.ts";
import { refusal, type EgressList } from "./egress-list.ts";

export type EgressCode =
  | "url_invalid"
  | "egress_denied"
  | "dns_failed"
  | "connection_failed"
  | "tls_failed"
  | "timeout"
  | "too_large"
  | "redirect_refused"
  | "answer_encoded";

/** Why a request to the outside got no answer. The message never holds a header, a query or a body. */
export class EgressFailure extends Error {
  readonly code: EgressCode;
  constructor(code: EgressCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type OutRequest = {
  url: string;
  method: string;
  /** Also those that carry secrets: they go to the origin of `url` and to no other. */
  headers: Record<string, string>;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
};
export type OutAnswer = { status: number; headers: Record<string, string>; body: Buffer };

const MOST_REDIRECTS = 3;
const LONGEST_ANSWER = 1_048_576;
const WITHIN_MS = 10_000;

type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;
const resolveAll: Resolve = (host) => resolveName(host, { all: true, verbatim: true });

/**
 * Sends one request to what the allow-list opens, and to nothing else. The name is resolved once, every address it has is
 * judged, and the connection goes to the one that was; each redirect is judged anew.
 */
export async function fetchOutside(
  list: EgressList,
  request: OutRequest,
  { resolve = resolveAll, withinMs = WITHIN_MS }: { resolve?: Resolve; withinMs?: number } = {},
): Promise<OutAnswer> {
  const timeout = AbortSignal.timeout(withinMs);
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
  const first = parseUrl(request.url);
  let url = first;
  try {
    for (let hop = 0; ; hop += 1) {
      const address = await pin(list, url, resolve, signal);
      const headers = url.origin === first.origin ? request.headers : {};
      const answer = await send({ ...request, headers, signal }, url, address);
      const to = answer.headers["location"];
      if (answer.status < 300 || answer.status > 399 || answer.status === 304 || to === undefined) return answer;
      url = redirected(url, to, request.method, hop);
    }
  } catch (error) {
    if (error instanceof EgressFailure) throw error;
    if (timeout.aborted)
      throw new EgressFailure("timeout", `${url.host} did not answer in full within ${withinMs / 1000} s`);
    if (signal.aborted) throw error;
    throw describe(error, url);
  }
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new EgressFailure("url_invalid", "the address is none");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new EgressFailure("url_invalid", `only http and https are spoken, not ${url.protocol.slice(0, -1)}`);
  if (url.username !== "" || url.password !== "")
    throw new EgressFailure("url_invalid", "a user name or password in an address is refused");
  if (url.port === "0") throw new EgressFailure("url_invalid", "port 0 is none");
  return url;
}

function redirected(from: URL, to: string, method: string, hop: number): URL {
  const where = `${from.host} answered with a redirect`;
  if (method !== "GET") throw new EgressFailure("redirect_refused", `${where}, which is only followed for GET`);
  if (hop >= MOST_REDIRECTS)
    throw new EgressFailure(
      "redirect_refused",
      `more than ${MOST_REDIRECTS} redirects in a row, the last by ${from.host}`,
    );
  if (!URL.canParse(to, from)) throw new EgressFailure("redirect_refused", `${where} to what is no address`);
  const url = new URL(to, from);
  if (from.protocol === "https:" && url.protocol !== "https:")
    throw new EgressFailure("redirect_refused", `${where} from https to ${url.protocol.slice(0, -1)}`);
  return parseUrl(url.href);
}

type Pinned = { address: string; family: 4 | 6 };

/** The address that is connected to. Of a name with several, all have to be allowed: which one answers is not ours to know. */
async function pin(list: EgressList, url: URL, resolve: Resolve, signal: AbortSignal): Promise<Pinned> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = parseAddress(host) ? [{ address: host }] : await lookUp(host, resolve, signal);
  for (const { address } of addresses) {
    const parsed = parseAddress(address.replace(/%.*$/, ""));
    const why = parsed ? refusal(list, host, parsed) : "no address";
    if (why !== undefined)
      throw new EgressFailure("egress_denied", `${host}${address === host ? "" : ` (${address})`} is ${why}`);
  }
  const [first] = addresses;
  if (!first) throw new EgressFailure("dns_failed", `the name ${host} has no address`);
  return { address: first.address, family: first.address.includes(":") ? 6 : 4 };
}

async function lookUp(host: string, resolve: Resolve, signal: AbortSignal): Promise<{ address: string }[]> {
  // The system's resolver takes no signal: who waits for it, waits no longer than for the rest.
  const gaveUp = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([resolve(host), gaveUp]);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new EgressFailure("dns_failed", `the name ${host} does not resolve`);
  }
}

function send(request: OutRequest, url: URL, { address, family }: Pinned): Promise<OutAnswer> {
  const lookup: LookupFunction = (_host, options, done) => {
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  const options: RequestOptions = {
    method: request.method,
    // A connection of its own: one that is kept could lead to where a name pointed before.
    agent: false,
    lookup,
    headers: {
      ...request.headers,
      "accept-encoding": "identity",
      ...(request.body === undefined ? {} : { "content-length": String(Buffer.byteLength(request.body)) }),
    },
    ...(request.signal ? { signal: request.signal } : {}),
  };
  const { promise, resolve, reject } = Promise.withResolvers<OutAnswer>();
  const call = url.protocol === "https:" ? httpsRequest(url, options) : httpRequest(url, options);
  call.once("error", reject);
  call.once("response", (response) => {
    readAnswer(response, url).then(resolve, (error: unknown) => {
      call.destroy();
      reject(error instanceof Error ? error : new Error("the answer could not be read"));
    });
  });
  call.end(request.body);
  return promise;
}

async function readAnswer(response: IncomingMessage, url: URL): Promise<OutAnswer> {
  const encoding = response.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity")
    throw new EgressFailure(
      "answer_encoded",
      `${url.host} answered in the encoding ${encoding}, which was not asked for`,
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > LONGEST_ANSWER)
      throw new EgressFailure("too_large", `${url.host} answered with more than ${LONGEST_ANSWER / 1024} KB`);
    chunks.push(bytes);
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
}

/** Node's own errors name addresses and codes, and nothing of the request. */
function describe(error: unknown, url: URL): EgressFailure {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code))
    return new EgressFailure("tls_failed", `${url.host} could not be trusted or does not speak TLS (${code})`);
  return new EgressFailure("connection_failed", `${url.host} could not be reached${code === "" ? "" : ` (${code})`}`);
}

import { z } from "zod";
import { isJsonPath } from "../variables/json-path.ts";
import { Id, Name, Timestamp, plainText, prose } from "./common.ts";

export const API_AUTHS = ["none", "bearer", "api_key", "basic", "custom"] as const;
export const ApiAuth = z.enum(API_AUTHS);
export type ApiAuth = z.infer<typeof ApiAuth>;

const BaseUrl = plainText(2000)
  .refine((text) => /^https?:\/\/[^\s\\]+$/i.test(text) && URL.canParse(`${text}/`), {
    error: "must be an address that begins with http:// or https://",
    params: { code: "url_invalid" },
  })
  .refine((text) => !URL.canParse(text) || (new URL(text).username === "" && new URL(text).password === ""), {
    error: "holds a user name or password; give them as authentication",
    params: { code: "url_userinfo" },
  })
  .refine((text) => !/[?#]/.test(text), {
    error: "may not hold ? or #: what follows them belongs to an endpoint",
    params: { code: "url_invalid" },
  });

/** They say how the message is framed and to whom it goes. */
const FIXED_HEADERS = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "upgrade",
  "expect",
  "te",
  "trailer",
  "keep-alive",
  "proxy-authorization",
  "accept-encoding",
]);

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "is no name of a header")
  .refine((name) => !FIXED_HEADERS.has(name.toLowerCase()), {
    error: "is set by NetStacks itself",
    params: { code: "header_reserved" },
  });
/** What may stand in a header: Latin-1 without control characters. */
const headerValue = z
  .string()
  .max(8000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "holds a line end or another character that a header cannot hold");
const secret = headerValue.min(1, "must not be empty");

const few = { error: "may hold at most 20 headers", params: { code: "headers_many" } };
const headers = z.record(HeaderName, headerValue).refine((h) => Object.keys(h).length <= 20, few);

const fields = {
  name: Name,
  base_url: BaseUrl,
  auth: ApiAuth,
  /** Of an API key: what the header, or the parameter of the query, is called. */
  key_name: HeaderName.nullable(),
  key_in: z.enum(["header", "query"]).nullable(),
  /** For basic. */
  username: plainText(200).nullable(),
  /** Sent with every request, and shown to everybody: nothing secret. */
  headers,
  description: prose(2000),
};
const secrets = {
  /** The bearer token or the API key. Sealed at once, and never shown again; null takes it away. */
  token: secret.nullable(),
  /** For basic. */
  password: secret.nullable(),
  /** For custom: headers whose values are sealed. All of them are replaced; null takes them away. */
  secret_headers: z
    .record(HeaderName, secret)
    .refine((h) => Object.keys(h).length <= 20, few)
    .nullable(),
};

export const NewApiResource = z
  .strictObject({
    ...z.object({ ...fields, ...secrets }).partial().shape,
    name: fields.name,
    base_url: fields.base_url,
  })
  .meta({ id: "NewApiResource" });
export type NewApiResource = z.infer<typeof NewApiResource>;

/** Only what is given changes. Another `base_url` forgets the secrets, unless they are given again: they are for whoever they were given for. */
export const ApiResourcePatch = z
  .strictObject(z.object({ ...fields, ...secrets }).partial().shape)
  .meta({ id: "ApiResourcePatch" });
export type ApiResourcePatch = z.infer<typeof ApiResourcePatch>;

const ApiCallFailure = z.object({ code: z.string(), message: z.string(), what_to_do: z.string() });

export const ApiResource = z
  .object({
    id: Id,
    name: z.string(),
    base_url: z.string(),
    auth: ApiAuth,
    key_name: z.string().nullable(),
    key_in: z.enum(["header", "query"]).nullable(),
    username: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
    /** Names of the headers whose values are sealed. */
    secret_headers: z.array(z.string()),
    has_secret: z.boolean(),
    secrets_set_at: Timestamp.nullable(),
    description: z.string(),
    /** The last press of Test. */
    last_test: z
      .object({ ok: z.boolean(), at: Timestamp, status: z.number().int().nullable(), error: ApiCallFailure.nullable() })
      .nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "ApiResource" });
export type ApiResource = z.infer<typeof ApiResource>;

export const API_METHODS = ["GET", "POST", "PUT", "PATCH"] as const;
/** What is asked of a resource, and what of the answer is taken. */
export const ApiCall = z.strictObject({
  /** Behind the base URL: `/api/sites/?name=fra`. */
  endpoint: plainText(4000).default(""),
  method: z.enum(API_METHODS).default("GET"),
  /** Sent as JSON. */
  body: z.unknown().optional(),
  /** Absent: the whole answer. */
  json_path: plainText(1000).optional(),
});
export type ApiCall = z.infer<typeof ApiCall>;

export const ApiTest = z
  .object({
    ok: z.boolean(),
    /** As the server gave it; null where none answered. */
    status: z.number().int().nullable(),
    latency_ms: z.number().int(),
    /** What the JSON path found, or the whole answer. */
    value: z.unknown(),
    error: ApiCallFailure.nullable(),
  })
  .meta({ id: "ApiTest" });
export type ApiTest = z.infer<typeof ApiTest>;

/**
 * Where NetStacks may connect to by itself. A host name (`netbox.example.net`, `*.example.net`) opens its public addresses;
 * a private, loopback or link-local address is only ever opened by a network that names it (`10.1.0.0/16`, `127.0.0.1`).
 */
const EGRESS_ENTRY_MAX = 200;
const EgressEntry = plainText(300).min(1, "must not be empty");
export const Egress = z
  .strictObject({ allow: z.array(EgressEntry).max(EGRESS_ENTRY_MAX, `may hold at most ${EGRESS_ENTRY_MAX} entries`) })
  .meta({ id: "Egress" });
export type Egress = z.infer<typeof Egress>;

/** A variable that is fetched when a plan is made. */
export const ApiVariable = ApiCall.extend({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, "may hold letters, digits and '_', and starts with a letter"),
  /** The name of an API resource. */
  resource: Name,
  json_path: plainText(1000)
    .refine(isJsonPath, {
      error: "is no JSON path; write it as in $.results[0].name",
      params: { code: "json_path_invalid" },
    })
    .optional(),
}).meta({ id: "ApiVariable" });
export type ApiVariable = z.infer<typeof ApiVariable>;

/** What was fetched, and from where: frozen into the plan. */
export const FetchedVariable = z
  .object({
    name: z.string(),
    value: z.unknown(),
    source: z.object({
      resource: z.string(),
      resource_id: Id,
      endpoint: z.string(),
      method: z.enum(API_METHODS),
      json_path: z.string().nullable(),
      at: Timestamp,
      /** SHA-256 of the value as canonical JSON. */
      hash: z.string(),
    }),
  })
  .meta({ id: "FetchedVariable" });
export type FetchedVariable = z.infer<typeof FetchedVariable>;

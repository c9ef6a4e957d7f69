import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { Failure, ok } from "../domain/contract/common.ts";
import { fieldFaults } from "../domain/contract/field-faults.ts";
import { PERMISSIONS, type Permission } from "../domain/contract/user.ts";
import type { Identity } from "../auth/identify.ts";
import type { Ctx } from "../services/context.ts";
import { readJson, readText } from "./body.ts";
import type { Deps } from "./deps.ts";
import type { ApiContext, Env } from "./env.ts";
import { invalid } from "./errors.ts";
import { admit } from "./middleware/admit.ts";

type Shape = z.ZodRawShape;
type Fields = z.ZodObject<Shape>;

export type Spec<P extends Fields, Q extends Fields, B extends z.ZodType, D extends z.ZodType> = {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As in OpenAPI: `/api/devices/{device}`. */
  path: `/${string}`;
  tag: string;
  summary: string;
  params?: P;
  query?: Q;
  /** JSON; an empty body counts as `{}` where `bodyOptional` is set. */
  body?: B;
  bodyOptional?: true;
  /** The body may be larger than 1 MB, up to this. */
  bodyMB?: number;
  /** The body is this text instead of JSON. */
  text?: "text/csv";
  /** The `data` of the envelope; or, for what is no JSON, its content type: the handler gives a Response. */
  answer: D | string;
  status?: 200 | 201 | 202;
  /** May be called before a forced change of the password. */
  beforePasswordChange?: true;
  /** Takes the header Idempotency-Key. */
  idempotent?: true;
  /** Answers while the database is away. */
  withoutDatabase?: true;
};

type Input<P extends Fields, Q extends Fields, B extends z.ZodType> = {
  c: ApiContext;
  deps: Deps;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  /** The body as it was sent. */
  text: string;
};

type Answer<D extends z.ZodType> = { data: z.input<D>; message?: string; status?: 200 | 201 | 202 } | Response;

/** A route as the registry knows it: what may call it, and how to hang it into an app. */
export type Route = {
  method: string;
  path: string;
  access: Permission | "public";
  mount(app: OpenAPIHono<Env>, deps: Deps): void;
};

/** A route for who holds `access`. The check stands in the handler itself, so no path can lead around it. */
export function route<P extends Fields, Q extends Fields, B extends z.ZodType, D extends z.ZodType>(
  spec: Spec<P, Q, B, D> & { access: Permission },
  handle: (input: Input<P, Q, B> & { ctx: Ctx; identity: Identity }) => Promise<Answer<D>>,
): Route {
  if (!PERMISSIONS.includes(spec.access)) throw new Error(`the route ${spec.method} ${spec.path} names no permission`);
  return make(spec, spec.access, async (input, deps) => {
    const { ctx, identity } = await admit(input.c, deps, {
      permission: spec.access,
      method: spec.method,
      beforePasswordChange: spec.beforePasswordChange ?? false,
    });
    return handle({ ...(await parse(spec, input)), ctx, identity });
  });
}

/** The routes that anybody may call. One that is not in this list is refused, so that none becomes public unseen. */
export const PUBLIC_ROUTES = [
  "POST /api/auth/login",
  "POST /api/auth/refresh",
  "GET /healthz",
  "GET /readyz",
  "GET /metrics",
  "GET /api/openapi.json",
  "GET /api/docs",
  "GET /api/docs/{file}",
];

export function publicRoute<P extends Fields, Q extends Fields, B extends z.ZodType, D extends z.ZodType>(
  spec: Spec<P, Q, B, D>,
  handle: (input: Input<P, Q, B>) => Promise<Answer<D>>,
): Route {
  if (!PUBLIC_ROUTES.includes(`${spec.method.toUpperCase()} ${spec.path}`))
    throw new Error(`the route ${spec.method} ${spec.path} names no permission`);
  return make(spec, "public", async (input) => handle(await parse(spec, input)));
}

function make<P extends Fields, Q extends Fields, B extends z.ZodType, D extends z.ZodType>(
  spec: Spec<P, Q, B, D>,
  access: Route["access"],
  run: (input: { c: ApiContext; deps: Deps }, deps: Deps) => Promise<Answer<D>>,
): Route {
  return {
    method: spec.method,
    path: spec.path,
    access,
    mount(app, deps) {
      app.openAPIRegistry.registerPath(describe(spec, access));
      app.on(spec.method.toUpperCase(), spec.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) => {
        c.set("route", spec.path);
        const work = () => run({ c, deps }, deps);
        const answer = await (spec.withoutDatabase ? work() : deps.database.during(work));
        if (answer instanceof Response) return answer;
        const { data, message, status } = answer;
        return c.json(
          { success: true, data, ...(message === undefined ? {} : { message }) },
          status ?? spec.status ?? 200,
        );
      });
    },
  };
}

async function parse<P extends Fields, Q extends Fields, B extends z.ZodType, D extends z.ZodType>(
  spec: Spec<P, Q, B, D>,
  { c, deps }: { c: ApiContext; deps: Deps },
): Promise<Input<P, Q, B>> {
  const params = check(spec.params, c.req.param(), "id_invalid");
  const query = check(spec.query, queryOf(c, spec.query));
  const plain = spec.text === undefined ? "" : await readText(c.req.raw, spec.text);
  if (plain === undefined) throw invalid([{ path: "", code: "field_missing", message: "has no body" }]);
  const given = spec.body === undefined ? undefined : await readJson(c, spec.bodyMB);
  const body = check(spec.body, given === undefined && spec.bodyOptional ? {} : given?.value);
  return { c, deps, params, query, body, text: given?.text ?? plain };
}

/** Parsed by its schema; without a schema there is nothing to have, and the handler's type says so. */
function check<S extends z.ZodType>(schema: S | undefined, value: unknown, code?: string): z.output<S> {
  // The output of an absent schema is never looked at: the generic then stands for any ZodType, whose output is unknown.
  if (schema === undefined) return undefined as z.output<S>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = fieldFaults(parsed.error, value);
  throw invalid(code === undefined ? details : details.map((d) => ({ ...d, code })));
}

/** A query that a route does not take is a misspelt filter: an answer to another question than was asked. */
function queryOf(c: ApiContext, schema: Fields | undefined): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [key, values] of Object.entries(c.req.queries())) {
    const [value = "", second] = values;
    if (second !== undefined)
      throw invalid([{ path: key, code: "query_twice", message: "is given twice; give it once" }]);
    if (schema === undefined || !Object.hasOwn(schema.shape, key))
      throw invalid([{ path: key, code: "unknown_field", message: "is an unknown query parameter; remove it" }]);
    query[key] = value;
  }
  return query;
}

const failure = (description: string) => ({
  description,
  content: { "application/json": { schema: Failure.meta({ id: "Failure" }) } },
});

function describe<P extends Fields, Q extends Fields, B extends z.ZodType, D extends z.ZodType>(
  spec: Spec<P, Q, B, D>,
  access: Route["access"],
) {
  const content =
    typeof spec.answer === "string"
      ? { [spec.answer]: { schema: z.string() } }
      : { "application/json": { schema: ok(spec.answer) } };
  const body =
    spec.text === undefined
      ? spec.body === undefined
        ? undefined
        : { "application/json": { schema: spec.body } }
      : { [spec.text]: { schema: z.string() } };
  const headers = spec.idempotent
    ? {
        headers: z.object({
          "idempotency-key": z
            .string()
            .regex(/^[\x21-\x7e]{1,255}$/)
            .optional(),
        }),
      }
    : {};
  return {
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    ...(access === "public" ? { security: [] } : { description: `Needs the right \`${access}\`.` }),
    request: {
      ...(spec.params === undefined ? {} : { params: spec.params }),
      ...(spec.query === undefined ? {} : { query: spec.query }),
      ...headers,
      ...(body === undefined ? {} : { body: { content: body, required: spec.bodyOptional !== true } }),
    },
    responses: {
      [spec.status ?? 200]: { description: "Done", content },
      400: failure("Malformed, or a field holds what it may not"),
      ...(access === "public" ? {} : { 401: failure("Not signed in"), 403: failure("Not allowed") }),
      default: failure("Any other failure"),
    },
  };
}

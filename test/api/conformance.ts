import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { openApiDocument } from "../../api/openapi.ts";
import type { createApp } from "../../api/app.ts";

type Document = ReturnType<typeof openApiDocument>;
type Validate = { (value: unknown): boolean; errors?: unknown };

/** Throws when an answer is not what the API's own document says of it. */
export function conformance(
  app: ReturnType<typeof createApp>,
): (method: string, path: string, status: number, body: unknown) => void {
  const document: Document = openApiDocument(app);
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "api");
  const known = new Map<string, Validate>();
  const patterns = Object.keys(document.paths ?? {}).map((path) => ({
    path,
    regexp: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  }));
  return (method, path, status, body) => {
    const plain = path.split("?")[0] ?? "";
    const pattern = patterns.find((p) => p.path === plain) ?? patterns.find((p) => p.regexp.test(plain));
    if (pattern === undefined) return;
    const responses = at(document, ["paths", pattern.path, method.toLowerCase(), "responses"]);
    if (responses === undefined) return;
    const name = at(responses, [String(status)]) === undefined ? "default" : String(status);
    if (at(responses, [name, "content", "application/json", "schema"]) === undefined)
      throw new Error(`${method} ${path} answered JSON, which its document does not say`);
    const ref = `api#${["", "paths", pattern.path, method.toLowerCase(), "responses", name, "content", "application/json", "schema"].map(escape).join("/")}`;
    const validate = known.get(ref) ?? ajv.compile({ $ref: ref });
    known.set(ref, validate);
    if (!validate(body))
      throw new Error(
        `${method} ${path} ${status} is not as documented: ${JSON.stringify(validate.errors)}\n${JSON.stringify(body).slice(0, 1000)}`,
      );
  };
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((v, key) => (v !== null && typeof v === "object" ? Reflect.get(v, key) : undefined), value);
const escape = (part: string): string => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

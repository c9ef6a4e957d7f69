import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import schema from "./compose-spec.json" with { type: "json" };
import { ROOT } from "./launch.ts";

const text = readFileSync(join(ROOT, "docker-compose.yml"), "utf8");
const document: unknown = parse(text, { merge: true });

const Service = z.looseObject({
  image: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.unknown().optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
});
const { services } = z.looseObject({ services: z.record(z.string(), Service) }).parse(document);

/** The Compose specification's own schema; what it says of itself ($schema) is an address that ajv does not know. */
function conforms(candidate: unknown): string[] {
  const { $schema: _, ...rest } = schema;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(rest);
  return validate(candidate) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe("docker-compose.yml", () => {
  test("conforms to the Compose specification, which refuses a broken one", () => {
    expect(conforms(document)).toEqual([]);
    expect(conforms({ services: { api: { image: "x", helthcheck: {} } } })).not.toEqual([]);
    expect(
      conforms({ services: { api: { image: "x", deploy: { replicas: "three" } }, db: { ports: {} } } }),
    ).not.toEqual([]);
  });

  test("describes Traefik, three APIs, four workers, Postgres, and Temporal with its admin tools", () => {
    const images = Object.values(services).map((service) => service.image.split(":")[0]);
    expect(images).toEqual(
      expect.arrayContaining(["traefik", "postgres", "temporalio/server", "temporalio/admin-tools"]),
    );
    expect(services.api?.deploy?.replicas).toBe(3);
    expect(services.worker?.deploy?.replicas).toBe(4);
  });

  test("has no default secret: each is required, with a message that says how to make it", () => {
    const secret = /PASSWORD|PWD|SECRET|KEY|DATABASE_URL|TOKEN/;
    const given = Object.values(services).flatMap((service) =>
      Object.entries(service.environment).filter(([name]) => secret.test(name)),
    );
    expect(new Set(given.map(([name]) => name))).toEqual(
      new Set([
        "DATABASE_URL",
        "NETSTACKS_MASTER_KEY",
        "NETSTACKS_ADMIN_PASSWORD",
        "POSTGRES_PASSWORD",
        "TEMPORAL_DB_PASSWORD",
        "POSTGRES_PWD",
        "SQL_PASSWORD",
      ]),
    );
    for (const [, value] of given)
      expect(value).toMatch(/^(postgres:\/\/netstacks:)?\$\{[A-Z_]+:\?set [^}]+\}(@postgres:5432\/netstacks)?$/);
    // No variable has a default, but for what is no secret.
    expect([...text.matchAll(/\$\{([A-Z_]+):?-/g)].map((found) => found[1])).toEqual(["LOG_LEVEL"]);
    expect([...text.matchAll(/file: (\S+)/g)].every((found) => /^\$\{TLS_\w+:\?/.test(found[1] ?? ""))).toBe(true);
  });

  test("checks the health of whatever serves others, and lets nothing start before what it needs", () => {
    for (const name of ["traefik", "api", "postgres", "temporal"])
      expect(services[name]?.healthcheck, name).toBeDefined();
    for (const [name, service] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(service.depends_on)) {
        expect(services[needed], `${name} needs ${needed}`).toBeDefined();
        if (condition === "service_healthy") expect(services[needed]?.healthcheck, needed).toBeDefined();
      }
    }
  });

  test("shows the outside nothing but Traefik, and keeps the engines on the inner network", () => {
    expect(
      Object.entries(services)
        .filter(([, service]) => service.ports.length > 0)
        .map(([name]) => name),
    ).toEqual(["traefik"]);
    for (const name of ["postgres", "temporal"]) expect(services[name]?.networks).toEqual(["back"]);
  });
});

test("the image holds every room that its parts import", () => {
  const copied = [...readFileSync(join(ROOT, "Dockerfile"), "utf8").matchAll(/COPY --from=build \/app\/(\w+) /g)].map(
    (found) => found[1],
  );
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
      /^(?:import|export) (?!type )[^;]*?from "(\.[^"]+)"/gm,
    ))
      visit(join(file, "..", path));
  };
  for (const entry of ["cli/netstacks.ts", "cli/api.ts", "cli/worker.ts", "cli/migrate.ts", "workflows/index.ts"])
    visit(join(ROOT, entry));
  const rooms = new Set([...seen].map((file) => file.slice(ROOT.length).split("/")[0] ?? ""));
  expect([...rooms].filter((room) => !copied.includes(room))).toEqual([]);
  expect(readdirSync(ROOT)).toEqual(
    expect.arrayContaining(copied.filter((name) => name !== "node_modules" && name !== "web")),
  );
});

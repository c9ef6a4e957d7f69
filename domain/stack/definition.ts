import type { ErrorDetail } from "../contract/errors.ts";
import type { ApiVariable } from "../contract/api-resource.ts";
import type { ApiVariables, StackDefinition, StackInput, StackService } from "../contract/stack.ts";
import { findCycle } from "./graph.ts";

type Given = NonNullable<StackInput["services"]>[number];

/**
 * A stack as it is kept, out of the form it is given in, and every fault with its place. Three forms are known: services
 * with `depends_on`; services with `order`, where each waits for those of the next lower number; and templates with
 * dependencies, where each template is a service of its name.
 */
export function readStack(input: StackInput): { definition: StackDefinition; faults: ErrorDetail[] } {
  const faults: ErrorDetail[] = [];
  if (input.services !== undefined && input.templates !== undefined)
    faults.push({
      path: "templates",
      code: "shape_mixed",
      message: "stands beside services; give the one or the other",
    });
  const services =
    input.services === undefined && input.templates !== undefined
      ? fromTemplates(input, faults)
      : fromServices(input.services ?? [], input.devices ?? []);
  checkNames(services, faults);
  const cycle = faults.length === 0 ? findCycle(services) : null;
  if (cycle)
    faults.push({
      path: `services[${services.findIndex((s) => s.name === cycle[0])}].depends_on`,
      code: "dependency_cycle",
      message: `goes round in a circle: ${cycle.join(" → ")}; take one of these dependencies away`,
    });
  return {
    definition: {
      name: input.name,
      description: input.description ?? "",
      services,
      shared_variables: { ...input.variables, ...input.shared_variables },
      device_variables: input.device_variables ?? {},
      api_variables: apiVariables(input.api_variables ?? []),
      on_failure: input.on_failure ?? "rollback",
    },
    faults,
  };
}

export const apiVariables = (given: ApiVariables): ApiVariable[] =>
  Array.isArray(given) ? given : Object.entries(given).map(([name, call]) => ({ ...call, name }));

const unique = (names: readonly string[]): string[] => {
  const seen = new Set<string>();
  return names.filter((name) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
};

function fromServices(given: readonly Given[], devices: readonly string[]): StackService[] {
  // Whoever says what depends on what has said all of it: numbers beside it mean nothing more.
  const numbered = given.every((s) => s.depends_on === undefined || s.depends_on === null);
  return given.map((service) => {
    const own = unique([...(service.device ? [service.device] : []), ...(service.devices ?? [])]);
    return {
      name: service.name,
      template: service.template,
      devices: own.length > 0 ? own : [...devices],
      variables: service.variables ?? {},
      depends_on: numbered ? behind(service, given) : [...new Set(service.depends_on ?? [])],
    };
  });
}

/** Those of the next lower number; a service without a number waits for none. */
function behind(service: Given, all: readonly Given[]): string[] {
  const { order } = service;
  if (order === undefined || order === null) return [];
  const lower = all.flatMap((s) => (typeof s.order === "number" && s.order < order ? [s.order] : []));
  if (lower.length === 0) return [];
  const next = Math.max(...lower);
  return all.filter((s) => s.order === next).map((s) => s.name);
}

function fromTemplates(input: StackInput, faults: ErrorDetail[]): StackService[] {
  const templates = input.templates ?? [];
  const called = new Map<string, string>();
  for (const { name } of templates) called.set(name, name);
  for (const { id, name } of templates) if (id !== undefined && id !== null) called.set(String(id), name);
  const dependencies = new Map<string, string[]>();
  for (const [key, before] of Object.entries(input.dependencies ?? {})) {
    const name = called.get(key);
    if (name === undefined) {
      faults.push({ path: `dependencies.${key}`, code: "template_unknown", message: "is none of these templates" });
      continue;
    }
    before.forEach((each, i) => {
      const other = called.get(String(each));
      if (other === undefined)
        faults.push({
          path: `dependencies.${key}[${i}]`,
          code: "template_unknown",
          message: `${JSON.stringify(each)} is none of these templates`,
        });
      else dependencies.set(name, [...(dependencies.get(name) ?? []), other]);
    });
  }
  return templates.map(({ name }) => ({
    name,
    template: name,
    devices: unique(input.devices ?? []),
    variables: {},
    depends_on: [...new Set(dependencies.get(name) ?? [])],
  }));
}

function checkNames(services: readonly StackService[], faults: ErrorDetail[]): void {
  const names = new Set<string>();
  services.forEach((service, i) => {
    if (names.has(service.name))
      faults.push({
        path: `services[${i}].name`,
        code: "service_twice",
        message: `${JSON.stringify(service.name)} is the name of another service of this stack too`,
      });
    names.add(service.name);
  });
  services.forEach((service, i) => {
    service.depends_on.forEach((name, j) => {
      if (!names.has(name))
        faults.push({
          path: `services[${i}].depends_on[${j}]`,
          code: "service_unknown",
          message: `this stack has no service ${JSON.stringify(name)}`,
        });
    });
  });
}

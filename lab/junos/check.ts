import { SCHEMA } from "./schema.ts";
import { parseStatement, words } from "./parse.ts";
import { childAt, statementAt, type Statement } from "./tree.ts";

/** The statements of a kind below a path like `protocols bgp`. */
export function below(root: Statement, path: string, list?: string): Statement[] {
  const parsed = parseStatement([], words(path));
  const at = "message" in parsed ? undefined : statementAt(root, parsed.paths[0] ?? []);
  return (at?.children ?? []).filter((child) => !child.inactive && (list === undefined || child.schema.name === list));
}
export const leaf = (s: Statement | undefined, name: string): string | undefined =>
  s?.children.find((c) => c.schema.name === name && !c.inactive)?.values[0];
export const flag = (s: Statement | undefined, name: string): boolean =>
  s?.children.some((c) => c.schema.name === name && !c.inactive) ?? false;

const valuesOf = (s: Statement, name: string): string[] => s.children.find((c) => c.schema.name === name)?.values ?? [];

/** What the commit check refuses: references to what does not exist, and BGP peers without an AS. */
export function checkConfig(root: Statement): string | undefined {
  const policies = new Set(below(root, "policy-options", "policy-statement").map((s) => s.key));
  const routing = childAt(root, {
    schema: SCHEMA.children.find((c) => c.name === "routing-options") ?? SCHEMA,
    key: "",
  });
  for (const group of below(root, "protocols bgp", "group")) {
    const neighbors = group.children.filter((c) => c.schema.name === "neighbor");
    for (const holder of [group, ...neighbors]) {
      for (const way of ["import", "export"]) {
        const missing = valuesOf(holder, way).find((policy) => !policies.has(policy));
        const at = `protocols bgp group ${group.key}${holder === group ? "" : ` neighbor ${holder.key}`}`;
        if (missing)
          return `error: Policy error: Policy ${missing} referenced but not defined\n[edit ${at} ${way}]\n  '${way} [ ${valuesOf(holder, way).join(" ")} ]'\n    BGP: ${way} policy list not found\n`;
      }
      const external = (leaf(group, "type") ?? "external") === "external" && holder !== group;
      if (external && leaf(holder, "peer-as") === undefined && leaf(group, "peer-as") === undefined)
        return `[edit protocols bgp group ${group.key}]\n  'neighbor ${holder.key}'\n    Error in neighbor ${holder.key} of group ${group.key}:\npeer AS number must be configured for an external peer\n`;
    }
  }
  if (below(root, "protocols bgp", "group").length > 0 && leaf(routing, "autonomous-system") === undefined)
    return "[edit protocols]\n  'bgp'\n    Error in BGP: autonomous-system must be configured\n";
  const filters = new Set(below(root, "firewall family inet", "filter").map((s) => s.key));
  for (const port of below(root, "interfaces")) {
    for (const unit of port.children.filter((c) => c.schema.name === "unit")) {
      const inet = unit.children
        .find((c) => c.schema.name === "family")
        ?.children.find((c) => c.schema.name === "inet");
      const filter = inet?.children.find((c) => c.schema.name === "filter");
      const missing = filter?.children.flatMap((c) => c.values).find((name) => !filters.has(name));
      if (missing)
        return `[edit interfaces ${port.key} unit ${unit.key} family inet]\n  'filter'\n    Referenced filter '${missing}' is not defined\n`;
    }
  }
  return undefined;
}

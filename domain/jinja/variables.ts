import { descendants } from "./ast.ts";
import { compileTemplate } from "./compile/template.ts";
import { GLOBAL_NAMES } from "./globals.ts";
import { guessTypes, type GuessedType } from "./guess-types.ts";
import { engineOptions, type CompileOptions } from "./options.ts";
import { parseTemplate } from "./parse/template.ts";
import { orRecursionError } from "./recursion.ts";

export type TemplateVariable = { name: string; line: number } & GuessedType;

/**
 * The variables that a template looks up when it is rendered: the same as Jinja's `meta.find_undeclared_variables`, in the
 * order in which they are read first, and what they seem to be. Throws a JinjaError where the template cannot be compiled.
 */
export function findVariables(source: string, options: CompileOptions = {}): TemplateVariable[] {
  return orRecursionError(() => find(source, options), { line: 1 });
}

function find(source: string, options: CompileOptions): TemplateVariable[] {
  const engine = engineOptions(options);
  const names = new Set<string>();
  compileTemplate(source, engine, {
    name: options.name,
    mapped: false,
    onLookUp: (name) => {
      if (!GLOBAL_NAMES.has(name)) names.add(name);
    },
  });
  const template = parseTemplate(source, engine.space);
  const lines = new Map<string, number>();
  for (const node of descendants(template))
    if ((node.type === "Name" || node.type === "NSRef") && names.has(node.name))
      lines.set(node.name, Math.min(node.line, lines.get(node.name) ?? Infinity));
  const types = guessTypes(template, names);
  return [...names]
    .map((name) => ({ name, line: lines.get(name) ?? 1, ...types.get(name) }))
    .sort((a, b) => a.line - b.line);
}

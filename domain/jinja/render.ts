import { compileTemplate } from "./compile/template.ts";
import { JinjaError } from "./errors.ts";
import { fromHost } from "./from-host.ts";
import { makeGlobals } from "./globals.ts";
import { engineOptions, limitsOf, templatesOf, type CompileOptions } from "./options.ts";
import { orRecursionError } from "./recursion.ts";
import { contextFor } from "./run/module.ts";
import { Run } from "./run/run.ts";
import type { CompiledTemplate } from "./run/templates.ts";
import { Trace } from "./run/trace.ts";
import type { SourceMap } from "./source-map.ts";
import { Dict, type Value } from "./values.ts";

export type Rendered = {
  rendered: string;
  /** Empty unless it was asked for. */
  source_map: SourceMap;
};

export type JinjaTemplate = {
  /**
   * `variables` is plain data, an object of what JSON holds; or a Dict that nobody else holds, for what plain data forgets:
   * that `1.0` is no integer, and the order of keys. Throws a JinjaError that knows its place.
   */
  render(variables: unknown, options?: { sourceMap?: boolean }): Rendered;
};

/** Reads a template once, to render it any number of times. Throws a JinjaError that knows its place. */
export function compile(source: string, options: CompileOptions = {}): JinjaTemplate {
  const engine = engineOptions(options);
  const templates = templatesOf(options, engine);
  const make = (mapped: boolean): CompiledTemplate =>
    orRecursionError(() => compileTemplate(source, engine, { name: options.name, mapped }), { line: 1 });
  const plain = make(false);
  let mapped: CompiledTemplate | undefined;
  return {
    render: (variables, { sourceMap = false } = {}) => {
      if (sourceMap) mapped ??= make(true);
      const template = sourceMap && mapped !== undefined ? mapped : plain;
      const run = new Run(limitsOf(options), options.clock, sourceMap ? new Trace() : undefined);
      const given = new Map<string, Value>();
      const context = contextFor(template, run, templates, given);
      run.globals = makeGlobals(context);
      for (const [name, value] of run.globals) given.set(name, value);
      for (const [name, value] of topLevel(variables)) given.set(name, value);
      const rendered = withPlace(run, () => {
        template.print(context);
        return run.joined();
      });
      return { rendered, source_map: run.trace?.sourceMap() ?? [] };
    },
  };
}

function* topLevel(variables: unknown): Generator<[string, Value]> {
  const converted = variables instanceof Dict ? variables : fromHost(variables);
  if (!(converted instanceof Dict)) throw new JinjaError("TypeError", "the variables of a template are an object");
  for (const [key, value] of converted.entries.values()) if (typeof key === "string") yield [key, value];
}

/** An error without a place happened at the line that ran. */
function withPlace<T>(run: Run, work: () => T): T {
  try {
    return orRecursionError(work);
  } catch (error) {
    if (error instanceof JinjaError && error.place === undefined)
      error.place = run.template === undefined ? { line: run.line } : { template: run.template, line: run.line };
    throw error;
  }
}

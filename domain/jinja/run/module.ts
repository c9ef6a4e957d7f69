import { pythonQuote } from "../quote.ts";
import { PyObject, type Value } from "../values.ts";
import { Context } from "./context.ts";
import type { Run } from "./run.ts";
import type { CompiledTemplate, Templates } from "./templates.ts";

/** What `import` gives: the names that a template exports, and what it printed. */
export class TemplateModule extends PyObject {
  readonly type = "TemplateModule";
  readonly #exported: ReadonlyMap<string, Value>;
  readonly text: string;
  readonly templateName: string | undefined;

  constructor(exported: ReadonlyMap<string, Value>, text: string, templateName: string | undefined) {
    super();
    this.#exported = exported;
    this.text = text;
    this.templateName = templateName;
  }

  override getAttribute(name: string): Value | undefined {
    return this.#exported.get(name);
  }

  override print(): string {
    return this.text;
  }

  quotedName(): string {
    return this.templateName === undefined ? "None" : pythonQuote(this.templateName);
  }
}

/** A context for a template that is printed by itself, with its own blocks. */
export function contextFor(
  template: CompiledTemplate,
  run: Run,
  templates: Templates,
  given: ReadonlyMap<string, Value>,
): Context {
  const context = new Context(run, templates, template.name, given);
  for (const block of template.blocks) context.blocks.set(block.name, [block]);
  return context;
}

export function makeModule(template: CompiledTemplate, context: Context): TemplateModule {
  const { text } = context.run.capture(() => template.print(context));
  const exported = new Map<string, Value>();
  for (const name of context.exported) {
    const value = context.vars.get(name);
    if (value !== undefined) exported.set(name, value);
  }
  return new TemplateModule(exported, text, template.name);
}

/** The module of a template that sees nothing of the one that asks for it: one for the whole run. */
export function defaultModule(template: CompiledTemplate, { run, templates }: Context): TemplateModule {
  const known = run.modules.get(template);
  if (known instanceof TemplateModule) return known;
  const made = makeModule(template, contextFor(template, run, templates, run.globals));
  run.modules.set(template, made);
  return made;
}

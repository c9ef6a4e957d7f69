import { getAttribute, getItem } from "../attributes.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import type { Templates } from "./templates.ts";
import { NO_KWARGS, NO_OBJECT, Undefined, type Kwargs, type Value } from "../values.ts";
import { callValue } from "./call.ts";
import type { Run } from "./run.ts";

/** Prints a block into the run of its context. */
export type BlockCode = { readonly name: string; readonly print: (context: Context) => void };

/** The autoescape that holds at the moment; contexts derived from each other share it. */
export type EscapeState = { autoescape: boolean };

/** The variables that a template sees by name, its blocks, and what filters may ask of the engine. */
export class Context implements EngineContext {
  readonly run: Run;
  readonly templates: Templates;
  /** Those it was given; never changed. */
  readonly given: ReadonlyMap<string, Value>;
  /** Those it set at its top level, and which of them others may import. */
  readonly vars = new Map<string, Value>();
  readonly exported = new Set<string>();
  /** For each block, that of the template itself first, then those of the templates it extends. */
  readonly blocks = new Map<string, BlockCode[]>();
  readonly templateName: string | undefined;
  readonly state: EscapeState;

  constructor(
    run: Run,
    templates: Templates,
    templateName: string | undefined,
    given: ReadonlyMap<string, Value>,
    state: EscapeState = { autoescape: templates.options.autoescape },
  ) {
    this.run = run;
    this.templates = templates;
    this.templateName = templateName;
    this.given = given;
    this.state = state;
  }

  get autoescape(): boolean {
    return this.state.autoescape;
  }

  get undefinedKind(): Undefined["kind"] {
    return this.templates.options.undefinedKind;
  }

  lookUp(name: string): Value | undefined {
    const own = this.vars.get(name);
    return own === undefined ? this.given.get(name) : own;
  }

  /** All variables, with those of the place where they are asked for. */
  all(locals: Iterable<readonly [string, Value | undefined]> = []): Map<string, Value> {
    const all = new Map(this.given);
    for (const [name, value] of this.vars) all.set(name, value);
    for (const [name, value] of locals) if (value !== undefined) all.set(name, value);
    this.run.spend(all.size >> 4);
    return all;
  }

  /** The same place of the same template with more variables: what a scoped block sees. */
  derive(locals: Iterable<readonly [string, Value | undefined]>): Context {
    const derived = new Context(this.run, this.templates, this.templateName, this.all(locals), this.state);
    for (const [name, codes] of this.blocks) derived.blocks.set(name, [...codes]);
    return derived;
  }

  getAttribute(of: Value, name: string): Value {
    return getAttribute(of, name, this);
  }

  getItem(of: Value, key: Value): Value {
    return getItem(of, key, this);
  }

  call(what: Value, args: readonly Value[], kwargs: Kwargs = NO_KWARGS): Value {
    return callValue(what, args, kwargs, this);
  }

  filter(name: string, value: Value, args: readonly Value[], kwargs: Kwargs = NO_KWARGS): Value {
    const filter = this.templates.options.filters.get(name);
    if (filter === undefined) throw new JinjaError("TemplateRuntimeError", `No filter named '${name}'.`);
    return filter(value, args, kwargs, this);
  }

  test(name: string, value: Value, args: readonly Value[], kwargs: Kwargs = NO_KWARGS): boolean {
    const test = this.templates.options.tests.get(name);
    if (test === undefined) throw new JinjaError("TemplateRuntimeError", `No test named '${name}'.`);
    return test(value, args, kwargs, this);
  }

  hasFilter(name: string): boolean {
    return this.templates.options.filters.has(name);
  }

  hasTest(name: string): boolean {
    return this.templates.options.tests.has(name);
  }

  undefined(hint: string): Undefined {
    return new Undefined(this.undefinedKind, undefined, NO_OBJECT, hint);
  }

  /** Filters hand it on by itself. */
  readonly spend = (units: number): void => this.run.spend(units);
}

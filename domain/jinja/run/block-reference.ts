import { JinjaError } from "../errors.ts";
import { pythonQuote } from "../quote.ts";
import { Markup, NO_OBJECT, PyObject, Undefined, type Value } from "../values.ts";
import type { BlockCode, Context } from "./context.ts";

/** `super`, and what `self.name` gives: called, it prints a block; its `super` is the block that this one replaced. */
class BlockReference extends PyObject {
  readonly type = "BlockReference";
  readonly #context: Context;
  readonly #name: string;
  readonly #codes: readonly BlockCode[];
  readonly #depth: number;

  constructor(context: Context, name: string, codes: readonly BlockCode[], depth: number) {
    super();
    this.#context = context;
    this.#name = name;
    this.#codes = codes;
    this.#depth = depth;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === "name") return this.#name;
    return name === "super" ? referenceTo(this.#context, this.#name, this.#codes, this.#depth + 1) : undefined;
  }

  override call(args: readonly Value[]): Value {
    if (args.length > 0)
      throw new JinjaError(
        "TypeError",
        `BlockReference.__call__() takes 1 positional argument but ${args.length + 1} were given`,
      );
    const context = this.#context;
    const { text } = context.run.capture(() => this.#codes[this.#depth]?.print(context));
    return context.autoescape ? new Markup(text) : text;
  }
}

function referenceTo(context: Context, name: string, codes: readonly BlockCode[], depth: number): Value {
  if (depth < codes.length) return new BlockReference(context, name, codes, depth);
  const hint = `there is no parent block called ${pythonQuote(name)}.`;
  return new Undefined(context.undefinedKind, "super", NO_OBJECT, hint);
}

/** What `super` is in a block. */
export function superOf(context: Context, code: BlockCode): Value {
  const codes = context.blocks.get(code.name) ?? [];
  const at = codes.indexOf(code);
  return referenceTo(context, code.name, codes, at === -1 ? codes.length : at + 1);
}

/** `self`: the blocks of the template, as they are after all that replaces them. */
export class TemplateReference extends PyObject {
  readonly type = "TemplateReference";
  readonly #context: Context;

  constructor(context: Context) {
    super();
    this.#context = context;
  }

  override getItem(key: Value): Value | undefined {
    const codes = typeof key === "string" ? this.#context.blocks.get(key) : undefined;
    return codes === undefined || typeof key !== "string"
      ? undefined
      : new BlockReference(this.#context, key, codes, 0);
  }

  override print(): string {
    const { templateName } = this.#context;
    return `<TemplateReference ${templateName === undefined ? "None" : pythonQuote(templateName)}>`;
  }
}

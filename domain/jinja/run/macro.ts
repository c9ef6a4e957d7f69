import { JinjaError } from "../errors.ts";
import { pythonQuote } from "../quote.ts";
import { Callable, Dict, Markup, NO_OBJECT, Tuple, Undefined, type Kwargs, type Value } from "../values.ts";

/** What a macro is, and its body: it gets a value for each argument (undefined: none was given) and for the special ones that it reads. */
export type MacroCode = {
  /** Undefined for the block of a `call`. */
  readonly name: string | undefined;
  readonly args: readonly string[];
  readonly readsCaller: boolean;
  readonly readsKwargs: boolean;
  readonly readsVarargs: boolean;
  readonly undefinedKind: Undefined["kind"];
  readonly body: (values: (Value | undefined)[]) => string;
};

export class Macro extends Callable {
  readonly #code: MacroCode;

  constructor(code: MacroCode, autoescape: boolean) {
    super(
      `Macro ${code.name === undefined ? "anonymous" : pythonQuote(code.name)}`,
      (args, kwargs) => this.invoke(args, kwargs, autoescape),
      new Map<string, Value>([
        ["name", code.name ?? null],
        ["arguments", new Tuple(code.args)],
        ["catch_kwargs", code.readsKwargs],
        ["catch_varargs", code.readsVarargs],
        ["caller", code.readsCaller],
        ["explicit_caller", code.args.includes("caller")],
      ]),
    );
    this.#code = code;
  }

  invoke(args: readonly Value[], kwargs: Kwargs, autoescape: boolean): Value {
    const text = this.#code.body(this.#bind(args, kwargs));
    return autoescape ? new Markup(text) : text;
  }

  #bind(args: readonly Value[], kwargs: Kwargs): (Value | undefined)[] {
    const code = this.#code;
    const count = code.args.length;
    const values: (Value | undefined)[] = args.slice(0, count);
    const plain = !code.readsCaller && !code.readsKwargs && !code.readsVarargs;
    if (plain && kwargs.size === 0 && args.length <= count) {
      while (values.length < count) values.push(undefined);
      return values;
    }
    const left = new Map(kwargs);
    let foundCaller = values.length === count && code.args.includes("caller");
    for (const name of code.args.slice(values.length)) {
      values.push(left.get(name));
      left.delete(name);
      if (name === "caller") foundCaller = true;
    }
    if (code.readsCaller && !foundCaller) {
      const caller = left.get("caller") ?? null;
      left.delete("caller");
      values.push(caller ?? new Undefined(code.undefinedKind, "caller", NO_OBJECT, "No caller defined"));
    }
    if (code.readsKwargs) values.push(Dict.of(left));
    else if (left.size > 0) this.#failOnKwargs(left);
    if (code.readsVarargs) values.push(new Tuple(args.slice(count)));
    else if (args.length > count)
      throw new JinjaError("TypeError", `macro ${this.#quoted()} takes not more than ${count} argument(s)`);
    return values;
  }

  #failOnKwargs(left: Kwargs): never {
    const message = left.has("caller")
      ? "was invoked with two values for the special caller argument. This is most likely a bug."
      : `takes no keyword argument ${pythonQuote([...left.keys()][0] ?? "")}`;
    throw new JinjaError("TypeError", `macro ${this.#quoted()} ${message}`);
  }

  #quoted(): string {
    return this.#code.name === undefined ? "None" : pythonQuote(this.#code.name);
  }
}

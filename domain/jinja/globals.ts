import { bind, noKeywords, wantInt } from "./arguments.ts";
import { JinjaError } from "./errors.ts";
import type { EngineContext } from "./extension.ts";
import { fromKeys, updateDict } from "./methods/dict.ts";
import { positional } from "./methods/method.ts";
import { Range } from "./range.ts";
import { repr } from "./repr.ts";
import { Callable, Dict, PyObject, Tuple, type Kwargs, type Value } from "./values.ts";

/** As many items as Jinja's sandbox lets a range have. */
const MAX_RANGE = 100_000;

type Budgeted = Pick<EngineContext, "spend">;

function boundOf(value: Value): number {
  const bound = wantInt(value);
  if (Number.isSafeInteger(bound)) return bound;
  throw new JinjaError("OverflowError", "the bounds of a range may have 53 bits here");
}

function makeRange(args: readonly Value[], kwargs: Kwargs): Range {
  noKeywords("range", kwargs);
  if (args.length === 0 || args.length > 3) {
    const [bound, count] = args.length === 0 ? ["least", 1] : ["most", 3];
    throw new JinjaError(
      "TypeError",
      `range expected at ${bound} ${count} argument${count === 1 ? "" : "s"}, got ${args.length}`,
    );
  }
  const [first = 0, second = 0, third = 1] = args.map(boundOf);
  const [start, stop] = args.length === 1 ? [0, first] : [first, second];
  if (third === 0) throw new JinjaError("ValueError", "range() arg 3 must not be zero");
  const range = new Range(start, stop, third);
  if (range.size > MAX_RANGE) {
    const message = `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`;
    throw new JinjaError("OverflowError", message);
  }
  return range;
}

function makeDict(name: string, args: readonly Value[], kwargs: Kwargs, engine: Budgeted): Dict {
  if (args.length > 1) {
    throw new JinjaError("TypeError", `${name} expected at most 1 argument, got ${args.length}`);
  }
  const dict = new Dict();
  updateDict(dict, args, kwargs, engine);
  return dict;
}

/** What `{% set ns.name = … %}` writes to. */
export class Namespace extends PyObject {
  readonly type = "Namespace";
  private readonly attributes: Dict;
  constructor(attributes: Dict = new Dict()) {
    super();
    this.attributes = attributes;
  }
  override getAttribute(name: string): Value | undefined {
    return this.attributes.entries.get(name)?.[1];
  }
  override setAttribute(name: string, value: Value): boolean {
    const entry = this.attributes.entries.get(name);
    if (entry === undefined) this.attributes.entries.set(name, [name, value]);
    else entry[1] = value;
    return true;
  }
  override print(): string {
    return `<Namespace ${repr(this.attributes)}>`;
  }
}

class Cycler extends PyObject {
  readonly type = "Cycler";
  private readonly items: readonly Value[];
  private at = 0;
  constructor(items: readonly Value[]) {
    super();
    if (items.length === 0) throw new JinjaError("RuntimeError", "at least one item has to be provided");
    this.items = items;
  }
  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case "current":
        return this.items[this.at];
      case "items":
        return new Tuple(this.items);
      case "pos":
        return this.at;
      case "next":
        return this.method("next", () => {
          const item = this.items[this.at];
          this.at = (this.at + 1) % this.items.length;
          return item ?? null;
        });
      case "reset":
        return this.method("reset", () => {
          this.at = 0;
          return null;
        });
      default:
        return undefined;
    }
  }
  private method(name: string, run: () => Value): Callable {
    return new Callable(`bound method Cycler.${name}`, (args, kwargs) => {
      positional(`Cycler.${name}`, args, kwargs, 0);
      return run();
    });
  }
}

class Joiner extends PyObject {
  readonly type = "Joiner";
  private readonly separator: Value;
  private used = false;
  constructor(separator: Value) {
    super();
    this.separator = separator;
  }
  override call(args: readonly Value[], kwargs: Kwargs): Value {
    positional("Joiner", args, kwargs, 0);
    if (this.used) return this.separator;
    this.used = true;
    return "";
  }
  override getAttribute(name: string): Value | undefined {
    if (name === "sep") return this.separator;
    return name === "used" ? this.used : undefined;
  }
}

function dictClass(engine: Budgeted): Callable {
  const fromkeys = new Callable("built-in method fromkeys of type object", (args, kwargs) =>
    fromKeys(args, kwargs, engine),
  );
  return new Callable(
    "class 'dict'",
    (args, kwargs) => makeDict("dict", args, kwargs, engine),
    new Map([["fromkeys", fromkeys]]),
  );
}

/** The names that every template knows without being given them. */
export const GLOBAL_NAMES: ReadonlySet<string> = new Set(["range", "dict", "lipsum", "cycler", "joiner", "namespace"]);

/** What stands behind these names. Made anew for each template, which counts what they make. */
export function makeGlobals(engine: EngineContext): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ["range", new Callable("function safe_range", makeRange)],
    ["dict", dictClass(engine)],
    [
      "cycler",
      new Callable("class 'jinja2.utils.Cycler'", (args, kwargs) => {
        noKeywords("Cycler", kwargs);
        return new Cycler(args);
      }),
    ],
    [
      "joiner",
      new Callable("class 'jinja2.utils.Joiner'", (args, kwargs) => {
        const [separator] = bind("Joiner", [["sep", ", "]], args, kwargs);
        return new Joiner(separator);
      }),
    ],
    [
      "namespace",
      new Callable(
        "class 'jinja2.utils.Namespace'",
        (args, kwargs) => new Namespace(makeDict("dict", args, kwargs, engine)),
      ),
    ],
    [
      "lipsum",
      new Callable("function generate_lorem_ipsum", () => {
        throw new JinjaError(
          "TemplateRuntimeError",
          "lipsum() gives other text each time, and what is rendered here must be repeatable: write the text yourself",
        );
      }),
    ],
  ]);
}

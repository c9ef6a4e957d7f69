import { equals } from "../compare.ts";
import type { EngineContext } from "../extension.ts";
import { JinjaError } from "../errors.ts";
import { iterate, lengthOf } from "../iterate.ts";
import { Callable, PyObject, Tuple, type Value } from "../values.ts";

/** Renders the body of a recursive loop over other values, one level deeper. */
export type Recurse = (over: Value, depth: number) => Value;

/** What `loop` is. It may look one value ahead, and only where the template asks for it: the values may come from a generator. */
export class LoopContext extends PyObject {
  readonly type = "LoopContext";
  readonly #engine: EngineContext;
  readonly #recurse: Recurse | undefined;
  readonly #depth0: number;
  #source: Iterator<Value>;
  #items: readonly Value[] | undefined;
  #measured: Value | undefined;
  #at = 0;
  #index0 = -1;
  #ahead: Value | undefined;
  #current: Value | undefined;
  #before: Value | undefined;
  #length: number | undefined;
  #lastChanged: readonly Value[] | undefined;

  /** `filtered`: what passes the loop's own test, if it has one; nobody knows how much that is. */
  constructor(
    engine: EngineContext,
    over: Value,
    filtered: Iterator<Value> | undefined,
    recurse: Recurse | undefined,
    depth0: number,
  ) {
    super();
    this.#engine = engine;
    this.#recurse = recurse;
    this.#depth0 = depth0;
    this.#items = filtered === undefined && Array.isArray(over) ? over : undefined;
    this.#measured = filtered === undefined ? over : undefined;
    this.#source = filtered ?? (this.#items === undefined ? iterate(over) : [].values());
  }

  #pull(): Value | undefined {
    if (this.#items !== undefined) return this.#items[this.#at++];
    const { done, value } = this.#source.next();
    return done === true ? undefined : value;
  }

  /** The next value; undefined where there is none. */
  advance(): Value | undefined {
    let value = this.#ahead;
    if (value === undefined) value = this.#pull();
    else this.#ahead = undefined;
    if (value === undefined) return undefined;
    this.#index0++;
    this.#before = this.#current;
    this.#current = value;
    return value;
  }

  #peek(): Value | undefined {
    if (this.#ahead === undefined) this.#ahead = this.#pull();
    return this.#ahead;
  }

  override length(): number {
    if (this.#length !== undefined) return this.#length;
    const known = this.#measured === undefined ? undefined : lengthOf(this.#measured);
    if (known !== undefined) return (this.#length = known);
    const rest: Value[] = [];
    for (let value = this.#pull(); value !== undefined; value = this.#pull()) {
      this.#engine.spend(1);
      rest.push(value);
    }
    this.#items = rest;
    this.#at = 0;
    return (this.#length = rest.length + this.#index0 + 1 + (this.#ahead === undefined ? 0 : 1));
  }

  override getAttribute(name: string): Value | undefined {
    switch (name) {
      case "index":
        return this.#index0 + 1;
      case "index0":
        return this.#index0;
      case "first":
        return this.#index0 === 0;
      case "last":
        return this.#peek() === undefined;
      case "length":
        return this.length();
      case "revindex":
        return this.length() - this.#index0;
      case "revindex0":
        return this.length() - this.#index0 - 1;
      case "depth":
        return this.#depth0 + 1;
      case "depth0":
        return this.#depth0;
      case "previtem":
        return this.#index0 === 0 || this.#before === undefined
          ? this.#engine.undefined("there is no previous item")
          : this.#before;
      case "nextitem": {
        const next = this.#peek();
        return next === undefined ? this.#engine.undefined("there is no next item") : next;
      }
      case "cycle":
        return new Callable("bound method LoopContext.cycle", (args) => this.#cycle(args));
      case "changed":
        return new Callable("bound method LoopContext.changed", (args) => this.#changed(args));
      default:
        return undefined;
    }
  }

  #cycle(args: readonly Value[]): Value {
    const value = args[this.#index0 % args.length];
    if (value === undefined) throw new JinjaError("TypeError", "no items for cycling given");
    return value;
  }

  #changed(args: readonly Value[]): boolean {
    if (this.#lastChanged !== undefined && equals(new Tuple(this.#lastChanged), new Tuple(args))) return false;
    this.#lastChanged = args;
    return true;
  }

  /** Who loops over `loop` takes its values away from it, each with `loop` beside it. */
  override iterate(): Iterator<Value> {
    return {
      next: () => {
        const value = this.advance();
        return value === undefined ? { done: true, value } : { done: false, value: new Tuple([value, this]) };
      },
    };
  }

  override isTrue(): boolean {
    return this.length() > 0;
  }

  override call(args: readonly Value[]): Value {
    const [over] = args;
    if (over === undefined || args.length > 1)
      throw new JinjaError(
        "TypeError",
        `LoopContext.__call__() takes 2 positional arguments but ${args.length + 1} were given`,
      );
    if (this.#recurse === undefined)
      throw new JinjaError("TypeError", "The loop must have the 'recursive' marker to be called recursively.");
    return this.#recurse(over, this.#depth0 + 1);
  }

  override print(): string {
    return `<LoopContext ${this.#index0 + 1}/${this.length()}>`;
  }
}

import type { PythonError } from "./errors.ts";

/**
 * Python's values as the template engine holds them. A template never sees an object of the host: what comes in is
 * converted (`from-host.ts`), and everything below is one of these.
 *
 * - `None` is null, `True` and `False` are booleans, a `str` is a string.
 * - An `int` is a number that is a safe integer, or a bigint beyond it (`int.ts` keeps that so).
 * - A `float` is a `Float`, so that `1.0` and `1` stay apart.
 * - A `list` is an array, a `tuple` a `Tuple`, a `dict` a `Dict`.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Value[]
  | Tuple
  | Dict
  | Markup
  | Undefined
  | Callable
  | Lazy
  | PyObject;

export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** A string that is safe as HTML: what autoescape does not escape again. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a name that nobody defined stands for. What may be done with it is decided by `kind`, as Jinja's classes of that name do. */
export class Undefined {
  readonly kind: "strict" | "default" | "chainable" | "debug";
  /** The name that is missing, for the message. */
  readonly name: string | undefined;
  /** The value that has no such attribute; `NO_OBJECT` where a plain name is missing. */
  readonly of: Value | typeof NO_OBJECT;
  /** Says more than the name does; replaces the message. */
  readonly hint: string | undefined;
  /** The class of the error that its use raises. */
  readonly error: PythonError;
  /** In place of the name, the index or key that is missing and is no string. */
  readonly key: Value | undefined;
  constructor(
    kind: Undefined["kind"],
    name: string | undefined,
    of: Value | typeof NO_OBJECT = NO_OBJECT,
    hint?: string,
    error: PythonError = "UndefinedError",
    key?: Value,
  ) {
    this.kind = kind;
    this.name = name;
    this.of = of;
    this.hint = hint;
    this.error = error;
    this.key = key;
  }
}
export const NO_OBJECT = Symbol("no object");

export type Kwargs = ReadonlyMap<string, Value>;
export const NO_KWARGS: Kwargs = new Map();

/** A macro, a global function, a bound method. */
export class Callable {
  /** As Python would print it, between the angle brackets: `built-in method get of dict object`. */
  readonly name: string;
  readonly call: (args: readonly Value[], kwargs: Kwargs) => Value;
  /** Attributes that templates read: a macro's `name`, `arguments`, … */
  readonly attributes: ReadonlyMap<string, Value>;
  constructor(
    name: string,
    call: (args: readonly Value[], kwargs: Kwargs) => Value,
    attributes: ReadonlyMap<string, Value> = new Map(),
  ) {
    this.name = name;
    this.call = call;
    this.attributes = attributes;
  }
}

/** An iterator, used up once: what `map`, `select` and `dict.items` of a generator give. `name` as Python prints its type. */
export class Lazy {
  readonly name: string;
  readonly iterator: Iterator<Value>;
  constructor(name: string, iterator: Iterator<Value>) {
    this.name = name;
    this.iterator = iterator;
  }
}

/**
 * Everything else that Python has an object for: `loop`, `namespace`, `cycler`, `joiner`, a block, a module of macros, a
 * range, views of a dict. Only what its methods give is seen.
 */
export abstract class PyObject {
  /** The name of its class. */
  abstract readonly type: string;
  /** Undefined: it has no such attribute (an AttributeError). */
  getAttribute(_name: string): Value | undefined {
    return undefined;
  }
  /** Undefined: it has no such item (KeyError or TypeError). */
  getItem(_key: Value): Value | undefined {
    return undefined;
  }
  /** True: it took the attribute; only `namespace` does. */
  setAttribute(_name: string, _value: Value): boolean {
    return false;
  }
  /** Undefined: not iterable. */
  iterate(): Iterator<Value> | undefined {
    return undefined;
  }
  /** Undefined: has no length. */
  length(): number | undefined {
    return undefined;
  }
  isTrue(): boolean {
    const length = this.length();
    return length === undefined || length > 0;
  }
  /** Only of what can be called. */
  call?(_args: readonly Value[], _kwargs: Kwargs): Value;
  /** As Python's `str()` prints it; undefined: `<type object>`. */
  print(): string | undefined {
    return undefined;
  }
}

/** A key of a dict as a `Map` can hold it: equal keys of Python (`1`, `1.0`, `True`) give the same. */
export type DictKey = string | number | bigint | null | symbol;

/** A dict: keeps the order in which keys came, and the key as it came first. `hashKey` is in `hash.ts`. */
export class Dict {
  readonly entries: Map<DictKey, [key: Value, value: Value]>;
  constructor(entries: Map<DictKey, [Value, Value]> = new Map()) {
    this.entries = entries;
  }
  /** For keys that are strings, which nearly all are. */
  static of(pairs: Iterable<readonly [string, Value]>): Dict {
    const entries = new Map<DictKey, [Value, Value]>();
    for (const [key, value] of pairs) entries.set(key, [key, value]);
    return new Dict(entries);
  }
}

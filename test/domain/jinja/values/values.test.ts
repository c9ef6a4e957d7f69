import { describe, expect, test } from "vitest";
import { getAttribute, getItem } from "../../../../domain/jinja/attributes.ts";
import { bind } from "../../../../domain/jinja/arguments.ts";
import { compare, equals } from "../../../../domain/jinja/compare.ts";
import { JinjaError } from "../../../../domain/jinja/errors.ts";
import type { EngineContext } from "../../../../domain/jinja/extension.ts";
import { FILTERS } from "../../../../domain/jinja/filters/index.ts";
import { formatValue } from "../../../../domain/jinja/format/value.ts";
import { fromHost } from "../../../../domain/jinja/from-host.ts";
import { makeGlobals, Namespace } from "../../../../domain/jinja/globals.ts";
import { hashKey, setItem } from "../../../../domain/jinja/hash.ts";
import { iterate, toList } from "../../../../domain/jinja/iterate.ts";
import { escape } from "../../../../domain/jinja/markup.ts";
import { add, concat, mod, mul, pow } from "../../../../domain/jinja/operators.ts";
import { repr, str } from "../../../../domain/jinja/print.ts";
import { slice } from "../../../../domain/jinja/slice.ts";
import { isTrue } from "../../../../domain/jinja/truth.ts";
import { Dict, Float, Lazy, Markup, NO_KWARGS, Tuple, Undefined, type Value } from "../../../../domain/jinja/values.ts";
import { ENGINE } from "./python.ts";

const strict: EngineContext = { ...ENGINE, undefinedKind: "strict" };

/** An engine that lets so much work be done. */
function bounded(units: number): EngineContext {
  let left = units;
  return {
    ...ENGINE,
    spend: (spent) => {
      left -= spent;
      if (left < 0) throw new JinjaError("LimitReached", "too much");
    },
  };
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof JinjaError) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return "no error";
}

const filter = (name: string, value: Value, args: Value[] = [], engine: EngineContext = ENGINE): Value =>
  FILTERS.get(name)?.(value, args, NO_KWARGS, engine) ?? null;

describe("what comes from outside", () => {
  test("plain data becomes Python's values", () => {
    const data = { a: 1, b: 1.5, c: [true, null, "x"], d: { e: 2 ** 60 }, f: undefined, g: 12n, h: -0 };
    expect(repr(fromHost(data))).toBe(
      "{'a': 1, 'b': 1.5, 'c': [True, None, 'x'], 'd': {'e': 1152921504606846976}, 'f': None, 'g': 12, 'h': -0.0}",
    );
  });

  test.each([
    ["a function", () => 1],
    ["a Date", new Date(0)],
    ["a Map", new Map()],
    ["an object of a class", new Float(1)],
    ["a symbol", Symbol("x")],
  ])("%s is refused", (_what, value) => {
    expect(errorOf(() => fromHost({ deep: [value] }))).toMatch(/^TypeError: a \w+ cannot be given to a template/);
  });

  test("prototypes stay outside", () => {
    const value = fromHost(JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}'));
    expect(repr(value)).toBe("{'__proto__': {'x': 1}, 'constructor': 2}");
    for (const name of ["toString", "hasOwnProperty", "valueOf", "entries", "get constructor"])
      expect(getAttribute(value, name, ENGINE)).toBeInstanceOf(Undefined);
  });

  test("what holds itself is refused", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(errorOf(() => fromHost(loop))).toBe("ValueError: the variables are nested deeper than 500 levels");
  });
});

describe("what is missing", () => {
  const missing = (kind: Undefined["kind"]): Undefined => new Undefined(kind, "x");

  test("the default kind is empty text, false, and no items", () => {
    const value = missing("default");
    expect([str(value), isTrue(value), toList(value), equals(value, missing("default"))]).toEqual([
      "",
      false,
      [],
      true,
    ]);
  });

  test.each([
    ["printed", () => str(missing("strict"))],
    ["asked for its truth", () => isTrue(missing("strict"))],
    ["iterated", () => iterate(missing("strict"))],
    ["compared", () => compare("eq", missing("strict"), 1)],
    ["a key", () => hashKey(missing("strict"))],
    ["added", () => add("a", missing("strict"), ENGINE)],
    ["looked into", () => getAttribute(missing("default"), "y", ENGINE)],
    ["less", () => compare("lt", 1, missing("default"))],
  ])("%s, it is an error", (_how, run) => {
    expect(errorOf(run)).toBe("UndefinedError: 'x' is undefined");
  });

  test("messages say what has it not", () => {
    const dict = Dict.of([["a", 1]]);
    expect(errorOf(() => str(getAttribute(dict, "b", strict)))).toBe(
      "UndefinedError: 'dict object' has no attribute 'b'",
    );
    expect(errorOf(() => str(getItem([1], 3, strict)))).toBe("UndefinedError: list object has no element 3");
    expect(errorOf(() => str(getAttribute(null, "b", strict)))).toBe("UndefinedError: 'None' has no attribute 'b'");
    expect(errorOf(() => str(getAttribute(new Namespace(), "b", strict)))).toBe(
      "UndefinedError: 'jinja2.utils.Namespace object' has no attribute 'b'",
    );
  });

  test("debug shows what was meant", () => {
    expect(str(missing("debug"))).toBe("{{ x }}");
    expect(str(new Undefined("debug", "y", Dict.of([])))).toBe("{{ no such element: dict object['y'] }}");
  });

  test("chainable goes on", () => {
    const value = missing("chainable");
    expect(getItem(getAttribute(value, "a", ENGINE), "b", ENGINE)).toBe(value);
  });
});

describe("what is private", () => {
  const values: Value[] = ["text", 1, new Float(1), [1], new Tuple([1]), Dict.of([]), null, true, new Namespace()];

  test.each(["__class__", "__init__", "__subclasshook__", "__doc__", "__eq__"])(
    "%s is refused for every value",
    (name) => {
      for (const value of values) {
        const message = `SecurityError: access to attribute '${name}' of`;
        expect(errorOf(() => str(getAttribute(value, name, strict)))).toContain(message);
        expect(errorOf(() => str(getItem(value, name, strict)))).toContain(message);
      }
    },
  );

  test("a format reaches it no more than an expression", () => {
    const engine = { ...strict, getAttribute: (of: Value, name: string) => getAttribute(of, name, strict) };
    const run = (format: string): string =>
      errorOf(() =>
        str(filter("attr", format, ["format"], engine) instanceof Undefined ? "" : callFormat(format, engine)),
      );
    expect(run("{0.__class__}")).toContain("SecurityError");
    expect(run("{0.upper.__self__}")).toContain("SecurityError");
  });

  function callFormat(format: string, engine: EngineContext): Value {
    const method = getAttribute(format, "format", engine);
    return method !== null && typeof method === "object" && "call" in method && method.call !== undefined
      ? method.call(["x"], NO_KWARGS)
      : null;
  }

  test("a key of a dict may begin so", () => {
    const dict = Dict.of([["_x", 1]]);
    expect([getAttribute(dict, "_x", ENGINE), getItem(dict, "_x", ENGINE)]).toEqual([1, 1]);
  });
});

describe("keys", () => {
  test("1, 1.0 and True are one key, which stays as it came first", () => {
    const dict = new Dict();
    for (const [key, value] of [
      [true, "a"],
      [1, "b"],
      [new Float(1), "c"],
    ] as const)
      setItem(dict, key, value);
    expect(repr(dict)).toBe("{True: 'c'}");
  });

  test("tuples are keys by what they hold, and never those of text", () => {
    expect(hashKey(new Tuple([1, "a"]))).toBe(hashKey(new Tuple([true, "a"])));
    const keys = [
      new Tuple(["ab", "c"]),
      new Tuple(["a", "bc"]),
      new Tuple(["2:ab1:c"]),
      new Tuple([1, 23]),
      new Tuple([12, 3]),
    ];
    expect(new Set(keys.map(hashKey)).size).toBe(keys.length);
  });

  test("lists and dicts are none", () => {
    expect(errorOf(() => hashKey([]))).toBe("TypeError: unhashable type: 'list'");
    expect(errorOf(() => hashKey(new Tuple([new Dict()])))).toBe("TypeError: unhashable type: 'dict'");
  });
});

describe("printing", () => {
  test("what holds itself", () => {
    const list: Value[] = [1];
    list.push(list);
    const dict = new Dict();
    setItem(dict, "me", dict);
    expect([repr(list), repr(dict)]).toEqual(["[1, [...]]", "{'me': {...}}"]);
  });

  test("what shares its parts without end stops", () => {
    let value: Value = ["x"];
    for (let depth = 0; depth < 40; depth += 1) value = [value, value];
    const huge = value;
    expect(errorOf(() => repr(huge))).toBe("LimitReached: The value is too large to print");
    expect(errorOf(() => filter("pprint", huge))).toBe("LimitReached: The value is too large to print");
    const other: Value[] = [];
    let copy: Value = ["x"];
    for (let depth = 0; depth < 40; depth += 1) copy = [copy, copy];
    other.push(copy);
    expect(errorOf(() => equals([huge], other))).toBe("LimitReached: The values are too large to compare");
  });

  test("views, ranges, iterators and methods", () => {
    const dict = Dict.of([["a", 1]]);
    const engine = { ...ENGINE, getAttribute: (of: Value, name: string) => getAttribute(of, name, ENGINE) };
    const range = makeGlobals(engine).get("range") ?? null;
    expect(repr(range)).toBe("<function safe_range>");
    expect(repr(getAttribute(dict, "get", engine))).toBe("<built-in method get of dict object>");
    expect(repr(new Lazy("generator", [].values()))).toBe("<generator object>");
    expect(repr(new Markup("<b>"))).toBe("Markup('<b>')");
  });
});

describe("what could make much of little says so first", () => {
  const BIG = 2 ** 30;
  test.each<[string, (engine: EngineContext) => unknown]>([
    ["text times", (engine) => mul("ab", BIG, engine)],
    ["list times", (engine) => mul([1], BIG, engine)],
    ["a power", (engine) => pow(3, 1_000_000, engine)],
    ["a power of a power", (engine) => pow(pow(10, 4000, engine), 4000, engine)],
    ["%d with a width", (engine) => mod(`%${BIG}d`, 1, engine)],
    ["%f with a precision", (engine) => mod(`%.${BIG}f`, new Float(1), engine)],
    ["a width", (engine) => formatValue("x", `>${BIG}`, engine)],
    ["a width of zeros", (engine) => formatValue(1, `0${BIG},`, engine)],
    ["center", (engine) => filter("center", "x", [BIG], engine)],
    ["indent", (engine) => filter("indent", "a\nb", [BIG], engine)],
    ["batch", (engine) => toList(filter("batch", [1], [BIG, 0], engine))],
    ["slice", (engine) => toList(filter("slice", [1], [BIG], engine))],
    ["join", (engine) => filter("join", ["a".repeat(20_000), "b"], [], engine)],
    ["replace", (engine) => filter("replace", "a".repeat(2000), ["a", "0123456789"], engine)],
    ["tojson with an indent", (engine) => filter("tojson", [1], [BIG], engine)],
    ["text added to text", (engine) => add("a".repeat(9000), "b".repeat(9000), engine)],
    ["text joined by ~", (engine) => concat(["a".repeat(9000), "b".repeat(9000)], engine)],
  ])("%s", (_what, run) => {
    expect(errorOf(() => run(bounded(10_000)))).toMatch(/^LimitReached/);
  });

  test("integers of a million bits are the largest", () => {
    const large = pow(2, 400_000, ENGINE);
    expect(errorOf(() => mul(large, mul(large, large, ENGINE), ENGINE))).toBe(
      "LimitReached: The integer has more than 1000000 bits",
    );
    expect(errorOf(() => str(large))).toMatch(/^ValueError: Exceeds the limit \(4300 digits\)/);
  });

  test("a range has as many items as Jinja's sandbox allows", () => {
    const range = makeGlobals(ENGINE).get("range");
    const call = (stop: number): Value =>
      range !== null && typeof range === "object" && "call" in range && range.call !== undefined
        ? range.call([stop], NO_KWARGS)
        : null;
    expect(toList(call(100_000))).toHaveLength(100_000);
    expect(errorOf(() => call(100_001))).toMatch(/^OverflowError: Range too big/);
  });

  test("long words and odd punctuation take no long time", () => {
    const long = "x".repeat(200_000);
    expect(filter("wordwrap", long, [1])).toHaveLength(399_999);
    expect(filter("urlize", `${".".repeat(200_000)}a.`)).toHaveLength(200_002);
    expect(filter("int", "f".repeat(200_000), [0, 16])).toBeTypeOf("bigint");
    expect(getAttribute("Σ".repeat(50_000), "title", ENGINE)).not.toBeInstanceOf(Undefined);
  });
});

describe("safe text", () => {
  const safe = new Markup("<b>%s</b>");
  test("what comes to it is escaped, whichever way", () => {
    expect(
      [add(safe, "<", ENGINE), add("<", safe, ENGINE), mod(safe, "<i>", ENGINE), mul(safe, 2, ENGINE)].map(repr),
    ).toEqual([
      "Markup('<b>%s</b>&lt;')",
      "Markup('&lt;<b>%s</b>')",
      "Markup('<b>&lt;i&gt;</b>')",
      "Markup('<b>%s</b><b>%s</b>')",
    ]);
    expect(escape(safe)).toBe(safe);
  });

  test("~ makes it safe under autoescape alone", () => {
    expect(concat(["<", safe], ENGINE)).toBe("<<b>%s</b>");
    expect(repr(concat(["<", safe], { ...ENGINE, autoescape: true }))).toBe("Markup('&lt;<b>%s</b>')");
  });
});

describe("arguments", () => {
  const fit = (args: Value[], kwargs: [string, Value][] = []): string =>
    errorOf(() => bind("f", ["a", ["b", 2]], args, new Map(kwargs)));
  test("fit by place and by name", () => {
    expect(bind("f", ["a", ["b", 2]], [1], NO_KWARGS)).toEqual([1, 2]);
    expect(
      bind(
        "f",
        ["a", ["b", 2]],
        [],
        new Map([
          ["b", 3],
          ["a", 4],
        ]),
      ),
    ).toEqual([4, 3]);
  });
  test("or are told apart as Python tells them", () => {
    expect(fit([])).toBe("TypeError: f() missing 1 required positional argument: 'a'");
    expect(fit([1, 2, 3])).toBe("TypeError: f() takes from 1 to 2 positional arguments but 3 were given");
    expect(fit([1], [["a", 1]])).toBe("TypeError: f() got multiple values for argument 'a'");
    expect(fit([1], [["c", 1]])).toBe("TypeError: f() got an unexpected keyword argument 'c'");
  });
});

test("what cannot be repeated is refused with a reason", () => {
  expect(errorOf(() => filter("random", [1, 2]))).toMatch(/^FilterArgumentError: random gives another item each time/);
});

test("a power that is a complex number is refused", () => {
  expect(errorOf(() => pow(-8, new Float(0.5), ENGINE))).toBe(
    "ValueError: the power is a complex number, which templates do not have",
  );
});

test("what cannot be sliced is told from what is sliced wrongly", () => {
  expect(slice(5, 1, 2, null)).toBeUndefined();
  expect(errorOf(() => slice("abc", null, null, 0))).toBe("ValueError: slice step cannot be zero");
});

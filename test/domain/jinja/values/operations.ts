import fc from "fast-check";
import { setItem } from "../../../../domain/jinja/hash.ts";
import { normalize } from "../../../../domain/jinja/int.ts";
import { Dict, Float, Tuple, type Value } from "../../../../domain/jinja/values.ts";
import type { Operation } from "./python.ts";

const PIECES = [
  "a",
  "b",
  "Z",
  "é",
  "ß",
  "İ",
  "ǆ",
  "Σ",
  "ς",
  "日",
  "😀",
  "\u00a0",
  "\u200b",
  "\u2028",
  "\u0301",
  "\x1c",
  "\x85",
  "\0",
  "\x7f",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  "-",
  "_",
  ".",
  "'",
  '"',
  "\\",
  "0",
  "9",
  "١",
  "²",
  "½",
  "ab",
  "ab",
  "aa",
  "the ",
  "{",
  "}",
  "%",
];
const SMALL_INTS = fc.integer({ min: -12, max: 12 });

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join(""));
const short = fc.array(fc.constantFrom(...PIECES), { maxLength: 2 }).map((pieces) => pieces.join(""));
const int: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: SMALL_INTS },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }).map(normalize) },
  { weight: 1, arbitrary: fc.constantFrom<Value>(9007199254740991, 9007199254740992n, -9007199254740992n, 10n ** 40n) },
);
const ODD_FLOATS = [
  0,
  -0,
  0.1,
  0.5,
  1.5,
  2.5,
  2.675,
  1e16,
  1e15,
  123456789012345680,
  1e-4,
  1e-5,
  1e22,
  5e-324,
  1.7976931348623157e308,
  Infinity,
  -Infinity,
  NaN,
  1 / 3,
  100,
  1e21,
  9.995,
  0.00012345,
];
const float: fc.Arbitrary<Value> = fc
  .oneof(
    fc.double(),
    fc.constantFrom(...ODD_FLOATS),
    fc.integer({ min: -9999, max: 9999 }).map((n) => n / 100),
  )
  .map((value) => new Float(value));
const number = fc.oneof(int, float, fc.boolean());
const scalar: fc.Arbitrary<Value> = fc.oneof(int, float, fc.boolean(), fc.constant(null), text);
const hashable: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 2 }).map((items) => new Tuple(items)),
);

function dictOf(pairs: readonly (readonly [Value, Value])[]): Dict {
  const dict = new Dict();
  for (const [key, value] of pairs) setItem(dict, key, value);
  return dict;
}

/** Without NaN, which is equal to itself in a container only where it is the same object. */
const hasNoNaN = (value: Value): boolean =>
  value instanceof Tuple ? value.items.every(hasNoNaN) : !(value instanceof Float && Number.isNaN(value.value));
const item: fc.Arbitrary<Value> = fc.oneof(scalar, fc.array(SMALL_INTS, { maxLength: 3 })).filter(hasNoNaN);
const list = fc.array(item, { maxLength: 6 });
const tuple = fc.array(item, { maxLength: 4 }).map((items) => new Tuple(items));
const dict = fc.array(fc.tuple(hashable.filter(hasNoNaN), item), { maxLength: 4 }).map(dictOf);
const any: fc.Arbitrary<Value> = fc.oneof(scalar, text, list, tuple, dict);
const nested: fc.Arbitrary<Value> = fc.oneof(
  any,
  fc.array(any, { maxLength: 3 }),
  fc.array(fc.tuple(text, any), { maxLength: 3 }).map(dictOf),
);

const operation = (op: string, ...args: fc.Arbitrary<Value>[]): fc.Arbitrary<Operation> =>
  fc.tuple(...args).map((values) => ({ op, args: values }));

const maybe = (arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value> => fc.option(arbitrary, { freq: 3, nil: null });
const oneOf = (...names: string[]): fc.Arbitrary<string> => fc.constantFrom(...names);

const arithmetic = fc
  .tuple(oneOf("add", "sub", "mul", "truediv", "floordiv", "mod"), number, number)
  .map(([op, a, b]): Operation => ({ op, args: [a, b] }));
/** Without those that are complex numbers, which templates do not have. */
const powers = fc.oneof(
  operation(
    "pow",
    fc.oneof(SMALL_INTS, float),
    fc.oneof(SMALL_INTS, fc.constantFrom<Value>(new Float(2), new Float(-1), 40)),
  ),
  operation("pow", fc.nat(99), fc.constantFrom<Value>(new Float(0.5), new Float(-1.5), new Float(0))),
);
const mixed = fc.oneof(
  fc.tuple(oneOf("add", "sub", "truediv"), any, any).map(([op, a, b]): Operation => ({ op, args: [a, b] })),
  operation("add", text, text),
  operation("add", list, list),
  operation("add", tuple, tuple),
);
const repeats = fc.oneof(
  operation(
    "mul",
    fc.oneof(text, list, tuple),
    fc.oneof<fc.Arbitrary<Value>[]>(fc.integer({ min: -2, max: 5 }), fc.boolean(), float),
  ),
  operation("mul", fc.integer({ min: -2, max: 5 }), fc.oneof<fc.Arbitrary<Value>[]>(text, list, tuple)),
);
const comparisons = fc
  .tuple(
    oneOf("eq", "ne", "lt", "lteq", "gt", "gteq"),
    fc.oneof(
      fc.tuple(any, any),
      fc.tuple(number, number),
      fc.tuple(text, text),
      fc.tuple(list, list),
      fc.tuple(tuple, tuple),
    ),
  )
  .map(([op, [a, b]]): Operation => ({ op, args: [a, b] }));
const contained = fc.oneof(
  operation("in", short, text),
  operation("in", any, any),
  fc
    .array(hashable.filter(hasNoNaN), { minLength: 1, maxLength: 4 })
    .chain((keys) =>
      operation("in", fc.constantFrom(...keys), fc.constant<Value>(dictOf(keys.map((key) => [key, 1])))),
    ),
);
const bound = maybe(fc.oneof(fc.integer({ min: -8, max: 8 }), fc.boolean(), fc.constant<Value>(10n ** 30n)));
const slices = operation(
  "slice",
  fc.oneof<fc.Arbitrary<Value>[]>(text, list, tuple),
  bound,
  bound,
  maybe(fc.integer({ min: -3, max: 3 })),
);
const printed = fc
  .tuple(oneOf("repr", "str", "bool"), fc.oneof(nested, float, int))
  .map(([op, value]): Operation => ({ op, args: [value] }));
const unary = fc
  .tuple(oneOf("neg", "pos", "len", "list"), any)
  .map(([op, value]): Operation => ({ op, args: [value] }));

const CASES = ["upper", "lower", "title", "capitalize", "swapcase", "casefold"];
const KINDS = [
  "isdigit",
  "isdecimal",
  "isnumeric",
  "isalpha",
  "isalnum",
  "isspace",
  "islower",
  "isupper",
  "istitle",
  "isascii",
  "isidentifier",
  "isprintable",
];
const simple = fc
  .tuple(oneOf(...CASES, ...KINDS, "split", "rsplit", "strip", "lstrip", "rstrip", "splitlines", "expandtabs"), text)
  .map(([name, self]): Operation => ({ op: `.${name}`, args: [self] }));
const place = maybe(fc.integer({ min: -6, max: 8 }));
const searched = fc
  .tuple(oneOf("find", "rfind", "index", "rindex", "count", "startswith", "endswith"), text, short, place, place)
  .map(([name, ...args]): Operation => ({ op: `.${name}`, args }));
const split = fc.oneof(
  fc
    .tuple(oneOf("split", "rsplit"), text, maybe(short), fc.integer({ min: -1, max: 3 }))
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
  fc
    .tuple(oneOf("partition", "rpartition", "removeprefix", "removesuffix", "strip", "lstrip", "rstrip"), text, short)
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
  operation(".splitlines", text, fc.boolean()),
  operation(".replace", text, short, short, fc.integer({ min: -1, max: 3 })),
  operation(".join", short, fc.oneof<fc.Arbitrary<Value>[]>(fc.array(text, { maxLength: 3 }), list, text)),
);
const padded = fc.oneof(
  fc
    .tuple(
      oneOf("center", "ljust", "rjust"),
      text,
      fc.integer({ min: -1, max: 14 }),
      fc.constantFrom("*", "😀", "", "ab"),
    )
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
  fc
    .tuple(
      oneOf("zfill", "expandtabs"),
      fc.oneof(text, fc.constantFrom("+1", "-12", "--")),
      fc.integer({ min: -1, max: 9 }),
    )
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
);
const lists = fc.oneof(
  fc
    .tuple(oneOf("append", "remove", "index", "count", "pop", "extend"), list, item)
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
  fc
    .tuple(oneOf("pop", "reverse", "clear", "sort", "copy"), list)
    .map(([name, self]): Operation => ({ op: `.${name}`, args: [self] })),
  operation(".insert", list, fc.integer({ min: -8, max: 8 }), item),
  fc.tuple(oneOf("index", "count"), tuple, item).map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
);
const dicts = fc.oneof(
  fc
    .tuple(oneOf("get", "pop", "setdefault"), dict, hashable.filter(hasNoNaN), item)
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
  fc
    .tuple(oneOf("get", "pop", "setdefault"), dict, hashable.filter(hasNoNaN))
    .map(([name, ...args]): Operation => ({ op: `.${name}`, args })),
  operation(".update", dict, dict),
  fc
    .tuple(oneOf("copy", "clear", "popitem"), dict)
    .map(([name, self]): Operation => ({ op: `.${name}`, args: [self] })),
);
const bits = fc.oneof(
  fc
    .tuple(oneOf("bit_length", "bit_count", "as_integer_ratio"), int)
    .map(([name, self]): Operation => ({ op: `.${name}`, args: [self] })),
  fc
    .tuple(oneOf("is_integer", "as_integer_ratio"), float)
    .map(([name, self]): Operation => ({ op: `.${name}`, args: [self] })),
);

const flags = fc.subarray(["-", "+", " ", "#", "0"]).map((some) => some.join(""));
const widths = fc.oneof(fc.constant(""), fc.integer({ min: 0, max: 14 }).map(String));
const precision = fc.oneof(
  fc.constant(""),
  fc.constant("."),
  fc.integer({ min: 0, max: 20 }).map((n) => `.${n}`),
);
const directive = fc
  .tuple(flags, widths, precision, fc.constantFrom(...Array.from("diouxXeEfFgGcrsa%y")))
  .map((parts) => `%${parts.join("")}`);
const percent = fc.oneof(
  fc
    .tuple(directive, fc.oneof<fc.Arbitrary<Value>[]>(number, text, item))
    .map(([format, value]): Operation => ({ op: "mod", args: [`<${format}>`, new Tuple([value])] })),
  fc
    .tuple(fc.array(fc.oneof(directive, short), { maxLength: 3 }), any)
    .map(([parts, value]): Operation => ({ op: "mod", args: [parts.join(""), value] })),
  fc
    .tuple(directive, any)
    .map(([format, value]): Operation => ({ op: "mod", args: [`%(k)${format.slice(1)}|`, dictOf([["k", value]])] })),
);
const spec = fc
  .tuple(
    fc.constantFrom("", "", "<", ">", "^", "=", "*<", "*>", "x^", "0=", "😀>"),
    fc.constantFrom("", "", "+", "-", " "),
    fc.constantFrom("", "", "z"),
    fc.constantFrom("", "", "#"),
    fc.constantFrom("", "", "0"),
    widths,
    fc.constantFrom("", "", ",", "_"),
    fc.oneof(
      fc.constant(""),
      fc.integer({ min: 0, max: 20 }).map((n) => `.${n}`),
    ),
    fc.constantFrom("", "", ...Array.from("bcdeEfFgGnosxX%q")),
  )
  .map((parts) => parts.join(""));
const specs = operation("formatspec", fc.oneof<fc.Arbitrary<Value>[]>(int, float, text, fc.boolean(), item), spec);
const field = fc
  .tuple(
    fc.constantFrom("", "0", "1", "n", "0[0]", "d[k]", "2", "d[k][0]", "d.", "d[]"),
    fc.constantFrom("", "", "!r", "!s", "!a", "!x", "!"),
    fc.oneof(
      fc.constant(""),
      spec.map((s) => `:${s}`),
      fc.constantFrom(":{1}", ":>{n}", ":{"),
    ),
  )
  .map((parts) => `{${parts.join("")}}`);
const formatted = fc
  .tuple(
    fc.array(fc.oneof(field, fc.constantFrom("x", "{{", "}}", "{", "}", "é"), field), { maxLength: 4 }),
    fc.array(fc.oneof<fc.Arbitrary<Value>[]>(SMALL_INTS, float, text, fc.constant(null)), { maxLength: 1 }),
    fc.oneof<fc.Arbitrary<Value>[]>(SMALL_INTS, short),
    any,
  )
  .map(([parts, rest, n, k]): Operation => ({
    op: "format",
    args: [
      parts.join(""),
      [[n, 1], ...rest],
      dictOf([
        ["n", n],
        ["d", dictOf([["k", [k]]])],
      ]),
    ],
  }));
const numberText = fc
  .array(fc.constantFrom("0", "1", "9", "a", "f", "_", "-", "+", ".", "e", "x", "b", "o", " ", "١", "nan", "inf"), {
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const parsed = fc.oneof(
  operation("int", numberText, fc.constantFrom(0, 2, 8, 10, 16, 36)),
  operation(
    "float",
    fc.oneof(
      numberText,
      float.map((value) => (value instanceof Float ? String(value.value) : "")),
    ),
  ),
);

/** Operations by their subject, each with how to make any number of them. */
export const OPERATIONS: Record<string, fc.Arbitrary<Operation>> = {
  "numbers are reckoned": arithmetic,
  "powers are raised": powers,
  "what is no number is added, subtracted, divided": mixed,
  "sequences are repeated": repeats,
  "values are compared": comparisons,
  "values are looked for": contained,
  "sequences are sliced": slices,
  "values are printed": printed,
  "one operand": unary,
  "text changes case, is asked what it is": simple,
  "text is searched": searched,
  "text is split and joined": split,
  "text is padded": padded,
  "lists and tuples": lists,
  dicts: dicts,
  "methods of numbers": bits,
  "% formats": percent,
  "format specifications": specs,
  "str.format": formatted,
  "numbers are read": parsed,
};

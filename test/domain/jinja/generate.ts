import fc from "fast-check";

/** Templates by the grammar: statements in statements, expressions in expressions, and white space control at every tag. */

const NAMES =
  "host empty long asn zero negative ratio big on off nothing numbers words none pairs site bare ports html x y nope".split(
    " ",
  );
const STRINGS = ["''", "'a'", "'Ab c'", '"it\'s"', "'x,y'", "'é'", "'1'", "'<i>'", "'%s'"];
const NUMBERS = ["0", "1", "2", "3", "-1", "7", "1.5", "0.1", "10", "1_000", "0x1f"];
const CONSTANTS = ["true", "false", "none"];
const ATTRIBUTES = ["name", "rack", "up", "vlan", "tags", "peer", "items", "upper", "nope", "_x"];

const FILTERS = [
  "upper",
  "lower",
  "title",
  "capitalize",
  "trim",
  "length",
  "count",
  "default('d')",
  "d('e', true)",
  "join",
  "join(',')",
  "join('|', attribute='name')",
  "first",
  "last",
  "list",
  "sort",
  "sort(reverse=true)",
  "sort(attribute='name')",
  "unique | list",
  "reverse | list",
  "replace('a', 'b')",
  "replace('o', '0', 1)",
  "int",
  "int(7)",
  "float",
  "string",
  "abs",
  "round",
  "round(1)",
  "round(1, 'floor')",
  "min",
  "max",
  "sum",
  "sum(attribute='vlan')",
  "map('string') | list",
  "map(attribute='name') | list",
  "map(attribute='peer', default='-') | join('/')",
  "map('upper') | join",
  "select | list",
  "select('odd') | list",
  "reject('none') | list",
  "selectattr('up') | list | length",
  "selectattr('vlan', 'eq', 10) | map(attribute='name') | list",
  "rejectattr('peer', 'defined') | list | length",
  "groupby('vlan') | list | length",
  "batch(2) | list",
  "batch(2, '-') | list",
  "slice(2) | list",
  "indent",
  "indent(2, true)",
  "center(9)",
  "tojson",
  "dictsort",
  "items | list",
  "e",
  "escape",
  "safe",
  "forceescape",
  "format(1)",
  "truncate(5)",
  "wordcount",
  "wordwrap(6)",
  "urlencode",
  "striptags",
  "filesizeformat",
  "attr('name')",
  "pprint",
  "xmlattr",
] as const;

const TESTS = [
  "defined",
  "undefined",
  "none",
  "string",
  "number",
  "integer",
  "float",
  "boolean",
  "mapping",
  "sequence",
  "iterable",
  "callable",
  "odd",
  "even",
  "divisibleby 2",
  "divisibleby(3)",
  "true",
  "false",
  "upper",
  "lower",
  "sameas none",
  "escaped",
  "eq 1",
  "ne(2)",
  "gt 0",
  "lt(5)",
  "in [1, 2, 'a']",
  "in(numbers)",
] as const;

const METHODS = [
  "upper()",
  "split(',')",
  "split()",
  "startswith('e')",
  "replace('e', 'E')",
  "strip()",
  "get('name')",
  "get('no', 1)",
  "keys() | list",
  "values() | list",
  "items() | list",
  "index(1)",
  "count(1)",
  "format(1, 2)",
  "join(words)",
  "title()",
  "isdigit()",
  "nope()",
] as const;

const BINARY = ["+", "-", "/", "//", "%", "~", "and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "not in"] as const;

const atom = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.constantFrom(...CONSTANTS) },
);

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie("expression");
  const join = (...parts: (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
      .map((texts) => texts.join(""));
  return {
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true, maxDepth: 4 },
      { weight: 6, arbitrary: atom },
      { weight: 4, arbitrary: join(inner, " | ", fc.constantFrom(...FILTERS)) },
      { weight: 3, arbitrary: join(inner, " ", fc.constantFrom(...BINARY), " ", inner) },
      { weight: 2, arbitrary: join(inner, fc.constantFrom(" is ", " is not "), fc.constantFrom(...TESTS)) },
      { weight: 2, arbitrary: join(inner, ".", fc.constantFrom(...ATTRIBUTES)) },
      { weight: 2, arbitrary: join(inner, ".", fc.constantFrom(...METHODS)) },
      {
        weight: 1,
        arbitrary: join(inner, "[", fc.constantFrom("0", "-1", "1:", ":2", "::2", "::-1", "'name'", "5", "'up'"), "]"),
      },
      { weight: 1, arbitrary: join("(", inner, ")") },
      { weight: 1, arbitrary: join("[", inner, ", ", inner, "]") },
      { weight: 1, arbitrary: join("(", inner, ", ", inner, ")") },
      { weight: 1, arbitrary: join("{", fc.constantFrom(...STRINGS, "1"), ": ", inner, "}") },
      { weight: 1, arbitrary: join(inner, " if ", inner, " else ", inner) },
      { weight: 1, arbitrary: join(inner, " if ", inner) },
      { weight: 1, arbitrary: join(fc.constantFrom("not ", "-", "+"), inner) },
      { weight: 1, arbitrary: join("(", inner, ") * ", fc.constantFrom("2", "0", "-1")) },
      {
        weight: 1,
        arbitrary: join(
          "(",
          fc.constantFrom("asn", "2", "ratio", "1.5", "host"),
          ") ** ",
          fc.constantFrom("2", "3", "-1", "0.5"),
        ),
      },
      { weight: 1, arbitrary: join(inner, " < ", inner, " < ", inner) },
    ),
  };
});

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", " b ", "text", ";", "!") },
  { weight: 3, arbitrary: fc.constantFrom("\n", "\n\n", "  \n  ", "\n\t", " ") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "{# c #}",
      "{#- c -#}",
      "\n{# two\nlines #}\n",
      "{% raw %}{{ r }}{% endraw %}",
      "{%- raw -%} r {%- endraw -%}",
    ),
  },
);

/** A tag with its white space control. */
const tag = (inside: fc.Arbitrary<string> | string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom("", "", "", "-", "+"),
      typeof inside === "string" ? fc.constant(inside) : inside,
      fc.constantFrom("", "", "", "-", "+"),
    )
    .map(([left, content, right]) => `{%${left} ${content} ${right}%}`);

const output = fc
  .tuple(fc.constantFrom("", "", "", "-"), expression, fc.constantFrom("", "", "", "-"))
  .map(([left, content, right]) => `{{${left} ${content} ${right}}}`);

const filterChain = fc
  .array(fc.constantFrom("upper", "trim", "replace('a', 'b')", "indent(2)", "length", "title"), {
    minLength: 1,
    maxLength: 2,
  })
  .map((names) => names.join(" | "));

const iterable = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("numbers", "words", "ports", "none", "site", "[1, 2, 3]", "range(3)", "'abc'"),
  },
  { weight: 1, arbitrary: expression },
);
const condition = fc.oneof(expression, fc.constantFrom("x", "loop is defined", "x is defined", "on"));
const loopParts = fc.constantFrom(
  "index",
  "index0",
  "first",
  "last",
  "length",
  "revindex",
  "revindex0",
  "previtem",
  "nextitem",
  "depth",
);

const { body, statement } = fc.letrec<{ body: string; statement: string }>((tie) => {
  const inner = tie("body");
  const sequence = (...parts: (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
      .map((texts) => texts.join(""));
  const say = (strings: TemplateStringsArray, ...holes: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    tag(sequence(...strings.flatMap((string, index) => [string, holes[index] ?? ""])));
  const target = fc.constantFrom("x", "y", "z", "ns.a");
  return {
    statement: fc.oneof(
      { depthSize: "small", withCrossShrink: true, maxDepth: 4 },
      { weight: 6, arbitrary: output },
      { weight: 3, arbitrary: sequence(say`if ${condition}`, inner, tag("endif")) },
      {
        weight: 2,
        arbitrary: sequence(
          say`if ${condition}`,
          inner,
          say`elif ${condition}`,
          inner,
          tag("else"),
          inner,
          tag("endif"),
        ),
      },
      { weight: 4, arbitrary: sequence(say`for x in ${iterable}`, inner, tag("endfor")) },
      {
        weight: 1,
        arbitrary: sequence(say`for x in ${iterable} if ${condition}`, inner, tag("else"), inner, tag("endfor")),
      },
      {
        weight: 1,
        arbitrary: sequence(
          say`for x, y in ${fc.constantFrom("pairs", "site.items()", "site | dictsort", "ports | groupby('vlan')", "numbers")}`,
          inner,
          tag("endfor"),
        ),
      },
      {
        weight: 2,
        arbitrary: sequence("{% for x in ", iterable, " %}{{ loop.", loopParts, " }}", inner, "{% endfor %}"),
      },
      {
        weight: 1,
        arbitrary: sequence(
          "{% for x in ",
          iterable,
          " %}",
          inner,
          "{% if x",
          fc.constantFrom("", " == 1", " is odd"),
          " %}{% ",
          fc.constantFrom("break", "continue"),
          " %}{% endif %}",
          inner,
          "{% else %}",
          inner,
          "{% endfor %}",
        ),
      },
      {
        weight: 1,
        arbitrary: sequence("{% for x in tree recursive %}{{ x.n }}", inner, "{{ loop(x.below) }}{% endfor %}"),
      },
      { weight: 3, arbitrary: say`set ${target} = ${expression}` },
      { weight: 1, arbitrary: say`set x, y = ${fc.constantFrom("1, 2", "pairs", "'ab'", "numbers", "host, asn")}` },
      { weight: 1, arbitrary: sequence(say`set ${target}`, inner, tag("endset")) },
      { weight: 1, arbitrary: sequence(say`set x | ${filterChain}`, inner, tag("endset")) },
      { weight: 1, arbitrary: sequence(say`with x = ${expression}, z = ${expression}`, inner, tag("endwith")) },
      { weight: 1, arbitrary: sequence(say`filter ${filterChain}`, inner, tag("endfilter")) },
      {
        weight: 2,
        arbitrary: sequence(
          say`macro m(x, y=${expression})`,
          inner,
          tag("endmacro"),
          fc.constantFrom("{{ m() }}", "{{ m(1) }}", "{{ m(1, 2) }}", "{{ m(y=host) }}", "{{ m(*numbers) }}"),
        ),
      },
      {
        weight: 1,
        arbitrary: sequence(
          tag("macro c(x=1)"),
          inner,
          "{{ caller(x) }}",
          tag("endmacro"),
          tag("call(z) c(host)"),
          inner,
          "{{ z }}",
          tag("endcall"),
        ),
      },
      {
        weight: 1,
        arbitrary: sequence(
          say`autoescape ${fc.constantFrom("true", "false", "on", "off")}`,
          inner,
          tag("endautoescape"),
        ),
      },
      {
        weight: 1,
        arbitrary: say`include ${fc.constantFrom("'part'", "'part' without context", "'nope' ignore missing", "['nope', 'part']", "'sets'")}`,
      },
      {
        weight: 1,
        arbitrary: sequence(
          fc.constantFrom(
            "{% import 'lib' as lib %}{{ lib.show(1) }}",
            "{% from 'lib' import show with context %}{{ show(x) }}",
            "{% from 'lib' import constant as z %}{{ z }}",
          ),
        ),
      },
      {
        weight: 1,
        arbitrary: say`do ${fc.constantFrom("pile.append(4)", "words.reverse()", "site.update(a=1)", "ns.nope", "bare.pop('a', none)")}`,
      },
    ),
    body: fc
      .array(fc.oneof({ weight: 2, arbitrary: text }, { weight: 3, arbitrary: tie("statement") }), { maxLength: 4 })
      .map((parts) => parts.join("")),
  };
});

const plain = fc
  .tuple(
    fc.constantFrom("", "{% set ns = namespace(a=1) %}"),
    fc.array(fc.oneof(text, statement), { minLength: 1, maxLength: 5 }),
  )
  .map(([start, parts]) => start + parts.join(""));

const child = fc
  .tuple(
    fc.constantFrom("base", "middle", "loops"),
    text,
    fc.constantFrom("body", "head", "row"),
    body,
    fc.constantFrom("", "{{ super() }}", "{{ self.head() }}"),
    text,
  )
  .map(
    ([parent, before, name, content, above, after]) =>
      `{% extends '${parent}' %}${before}{% block ${name} %}${content}${above}{% endblock %}${after}`,
  );

export const templates = fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: child });

import { describe, expect, test } from "vitest";
import { compile, JinjaError, type CompileOptions } from "../../../domain/jinja/index.ts";

function failureOf(source: string, options: CompileOptions = {}, variables: Record<string, unknown> = {}): JinjaError {
  try {
    compile(source, options).render(variables);
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
  throw new Error("the template rendered");
}

const kindOf = (source: string, options: CompileOptions = {}, variables: Record<string, unknown> = {}): string =>
  failureOf(source, options, variables).kind;

describe("what a template may use", () => {
  test("output ends at its bound, with the line that went over it", () => {
    const error = failureOf("{% for a in range(1000) %}\n{{ a }} and more{% endfor %}", { limits: { output: 500 } });
    expect(error).toMatchObject({ kind: "LimitReached", place: { line: 2 } });
  });

  test("what is captured and not printed counts as well", () => {
    const source = "{% set ns = namespace(x='a') %}{% for a in range(1000) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}";
    expect(kindOf(source)).toBe("LimitReached");
    expect(
      kindOf("{% macro m() %}{% for a in range(100000) %}text {{ a }}{% endfor %}{% endmacro %}{% set x = m() %}", {
        limits: { output: 10_000 },
      }),
    ).toBe("LimitReached");
  });

  test("loops within loops end by the bound on work", () => {
    const source =
      "{% for a in range(10000) %}{% for b in range(10000) %}{% for c in range(10000) %}{% endfor %}{% endfor %}{% endfor %}";
    expect(kindOf(source)).toBe("LimitReached");
  });

  test("a loop that feeds itself ends", () => {
    expect(kindOf("{% set l = [1] %}{% for a in l %}{% do l.append(a) %}{% endfor %}")).toBe("LimitReached");
    expect(kindOf("{% for a in range(99999999999999999999) %}{% endfor %}")).toMatch(/LimitReached|OverflowError/);
  });

  test("time ends it, where there is a clock", () => {
    let now = 0;
    const clock = (): number => (now += 1);
    const options = { clock, limits: { time: 5 } };
    expect(kindOf("{% for a in range(100000) %}{% endfor %}", options)).toBe("LimitReached");
    expect(compile("{{ 1 }}", options).render({}).rendered).toBe("1");
  });

  test.each([
    ["a macro that calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", {}],
    ["a template that includes itself", "{% include 'a' %}", { a: "{% include 'a' %}" }],
    ["a template that extends itself", "{% extends 'a' %}", { a: "{% extends 'a' %}" }],
    [
      "templates that import each other",
      "{% import 'a' as x %}",
      { a: "{% import 'b' as x %}", b: "{% import 'a' as x %}" },
    ],
    ["a loop that recurses into the same list", "{% for a in l recursive %}{{ loop(l) }}{% endfor %}", {}],
    ["a block that prints itself", "{% block a %}{{ self.a() }}{% endblock %}", {}],
    [
      "a caller that calls",
      "{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}",
      {},
    ],
  ])("%s ends", (_title, source, templates) => {
    expect(kindOf(source, { templates }, { l: [1] })).toBe("RecursionError");
  });

  test("200 brackets and 200 blocks in each other are fine", () => {
    const nested = (open: string, inner: string, close: string): string => open.repeat(200) + inner + close.repeat(200);
    expect(compile(`{{ ${nested("(", "1", ")")} }}`).render({}).rendered).toBe("1");
    expect(compile(nested("{% if x %}", "{{ x }}", "{% endif %}")).render({ x: 1 }).rendered).toBe("1");
    expect(compile(nested("{% for a in l %}", "{{ x }}", "{% endfor %}")).render({ x: 1, l: [1] }).rendered).toBe("1");
  });

  test.each([
    ["brackets", `{{ ${"(".repeat(100_000)} }}`],
    ["lists", `{{ ${"[".repeat(100_000)} }}`],
    ["signs", `{{ ${"-".repeat(100_000)}1 }}`],
    ["not", `{{ ${"not ".repeat(100_000)}1 }}`],
    ["sums", `{{ x${" + x".repeat(100_000)} }}`],
    ["filters", `{{ x${" | string".repeat(100_000)} }}`],
    ["attributes", `{{ x${".y".repeat(100_000)} }}`],
    ["conditions", `{{ x${" if x else x".repeat(100_000)} }}`],
    ["blocks", "{% if x %}".repeat(100_000)],
    ["calls", `{{ x${"()".repeat(100_000)} }}`],
    ["subscripts", `{{ x${"[0]".repeat(100_000)} }}`],
    ["dicts", `{{ ${"{1:".repeat(100_000)} }}`],
  ])("%s without end are refused with their place", (_title, source) => {
    expect(() => compile(source)).toThrow(JinjaError);
  });

  test("a long template is none of these", () => {
    const source = "interface {{ x }}\n{% if x %} up\n{% endif %}\n".repeat(25_000);
    expect(source.length).toBeGreaterThan(1_000_000);
    expect(compile(source).render({ x: 1 }).rendered).toHaveLength(25_000 * "interface 1\n up\n\n".length - 1);
    expect(compile(`{{ [${"x, ".repeat(20_000)}] | length }}`).render({ x: 1 }).rendered).toBe("20000");
    expect(compile(`{% if x == 0 %}${"{% elif x == 1 %}a".repeat(5000)}{% endif %}`).render({ x: 2 }).rendered).toBe(
      "",
    );
  });
});

describe("what a template cannot reach", () => {
  test.each([
    "{{ ''.__class__ }}",
    "{{ x.constructor }}",
    "{{ x['constructor'] }}",
    "{{ x.__proto__ }}",
    "{{ x['__proto__'] }}",
    "{{ l.constructor }}",
    "{{ l.push }}",
    "{{ l['length'] }}",
    "{{ range.constructor }}",
    "{{ range['call'] }}",
    "{{ loop.constructor }}",
    "{{ self.constructor }}",
    "{{ namespace().constructor }}",
    "{{ cycler(1).prototype }}",
    "{{ x.toString }}",
    "{{ x.hasOwnProperty('a') }}",
    "{{ 'a'.constructor('return process')() }}",
    "{{ (1).constructor }}",
    "{{ process.env }}",
    "{{ globalThis }}",
    "{{ x | attr('__class__') }}",
    "{{ [x] | map(attribute='constructor') | first }}",
    "{{ '{0.constructor}'.format(x) }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{% macro m() %}{% endmacro %}{{ m.constructor }}",
    "{% macro m() %}{% endmacro %}{{ m.call }}",
    "{% import 'lib' as lib %}{{ lib.constructor }}",
  ])("%s", (source) => {
    const error = failureOf(source, { templates: { lib: "" } }, { x: { a: 1 }, l: [1] });
    expect(error.kind).toMatch(/^(UndefinedError|SecurityError|AttributeError)$/);
  });

  test("what is rendered is not rendered again", () => {
    const fact = "{{ 7 * 7 }}{% for x in range(9) %}";
    expect(compile("{{ fact }}").render({ fact }).rendered).toBe(fact);
    expect(compile("{% set x %}{{ fact }}{% endset %}{{ x | upper }}").render({ fact }).rendered).toBe(
      fact.toUpperCase(),
    );
  });

  test("one rendering leaves nothing behind for the next", () => {
    const template = compile("{% do l.append(4) %}{% set x = 1 %}{{ l }}");
    const l = [1];
    expect(template.render({ l }).rendered).toBe("[1, 4]");
    expect(template.render({ l }).rendered).toBe("[1, 4]");
    expect(l).toEqual([1]);
  });
});

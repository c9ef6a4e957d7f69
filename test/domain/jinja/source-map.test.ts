import { describe, expect, test } from "vitest";
import { compile, type CompileOptions } from "../../../domain/jinja/index.ts";

/** For each line of the output: its text, the template lines behind it, and the variables. */
function mapOf(
  source: string,
  variables: Record<string, unknown>,
  options: CompileOptions = {},
): [string, string, string][] {
  const { rendered, source_map } = compile(source, options).render(variables, { sourceMap: true });
  const lines = rendered.split("\n");
  if (lines.at(-1) === "") lines.pop();
  expect(source_map).toHaveLength(lines.length);
  return lines.map((line, index) => [
    line,
    (source_map[index]?.sources ?? [])
      .map((at) => (at.template === undefined ? at.line : `${at.template}:${at.line}`))
      .join(" "),
    (source_map[index]?.variables ?? []).join(" "),
  ]);
}

describe("where a line of the output comes from", () => {
  test("text is of its own line, a value of the line and variable it was printed by", () => {
    expect(mapOf("hostname {{ host }}\n!\nntp {{ a ~ b }}", { host: "r1", a: 1, b: 2 })).toEqual([
      ["hostname r1", "1", "host"],
      ["!", "2", ""],
      ["ntp 12", "3", "a b"],
    ]);
  });

  test("each pass of a loop knows the list that it goes over", () => {
    const source = "{% for i in interfaces %}\ninterface {{ i.name }}\n mtu {{ i.mtu }}\n{% endfor %}\nend";
    expect(
      mapOf(
        source,
        {
          interfaces: [
            { name: "e1", mtu: 1 },
            { name: "e2", mtu: 2 },
          ],
        },
        { trim_blocks: true },
      ),
    ).toEqual([
      ["interface e1", "2", "interfaces"],
      [" mtu 1", "3", "interfaces"],
      ["interface e2", "2", "interfaces"],
      [" mtu 2", "3", "interfaces"],
      ["end", "5", ""],
    ]);
  });

  test("what a macro printed has its lines and that of the call", () => {
    const source = "{% macro d(kind) %}\n description {{ kind }}\n speed 10\n{% endmacro %}\n{{ d(x) }}";
    expect(mapOf(source, { x: "core" }, { trim_blocks: true })).toEqual([
      [" description core", "2 5", "x"],
      [" speed 10", "3 5", "x"],
    ]);
  });

  test("so has what an included template, a block and a set block printed", () => {
    const templates = { part: "part {{ x }}\n", base: "top\n{% block a %}base{% endblock %}\nend" };
    expect(
      mapOf("{% include 'part' %}{% set y %}captured {{ x }}{% endset %}\n{{ y }}", { x: 1 }, { templates }),
    ).toEqual(
      [
        ["part 1", "part:1", "x"],
        ["captured 1", "1 2", "x"],
      ].map(([text, , names], index) => [text, index === 0 ? "part:1 1" : "1 2", names]),
    );
    expect(
      mapOf("{% extends 'base' %}\n{% block a %}{{ x }} + {{ super() }}{% endblock %}", { x: 1 }, { templates }),
    ).toEqual([
      ["top", "base:1", ""],
      ["1 + base", "2 base:2", "x"],
      ["end", "base:3", ""],
    ]);
  });

  test("the text is the same with a source map and without", () => {
    const source =
      "{% for a in l %}{{ a }}{% filter upper %}x{{ a }}{% endfilter %}\n{% endfor %}{% call(z) m() %}{{ z }}{% endcall %}";
    const template = compile(`{% macro m() %}<{{ caller(1) }}>{% endmacro %}${source}`);
    const plain = template.render({ l: [1, 2] });
    expect(template.render({ l: [1, 2] }, { sourceMap: true }).rendered).toBe(plain.rendered);
    expect(plain.source_map).toEqual([]);
  });
});

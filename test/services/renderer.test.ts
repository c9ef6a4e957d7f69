import { afterEach, describe, expect, test } from "vitest";
import type { TemplateOptions } from "../../domain/contract/template.ts";
import type { RenderOutcome } from "../../services/render-job.ts";
import { createRenderer, type Renderer, type RendererLimits } from "../../services/renderer.ts";

const open: Renderer[] = [];
function renderer(limits: Partial<RendererLimits> = {}): Renderer {
  const made = createRenderer({ threads: 1, ...limits });
  open.push(made);
  return made;
}
afterEach(() => Promise.all(open.splice(0).map((r) => r.stop())));

const options: TemplateOptions = {
  trim_blocks: false,
  lstrip_blocks: false,
  keep_trailing_newline: false,
  undefined: "strict",
};
const job = (source: string, items: string[][] = [["{}"]]) => ({ source, items, options, templates: {} });
const said = (outcomes: RenderOutcome[]): string[] =>
  outcomes.map((o) => ("fault" in o ? `${o.fault.kind}: ${o.fault.message}` : o.rendered));

/** Each step is long for the work it counts as: the engine's own bounds would end it after two seconds, or later. */
const LONG = "{% for i in range(n) %}{% for j in range(n) %}{% set x = s|title %}{% endfor %}{% endfor %}done";
const long = JSON.stringify({ n: 2000, s: "É a".repeat(20_000) });
const short = '{"n": 1, "s": "a"}';

describe("templates are rendered in threads of their own", () => {
  test("the later layers stand before the earlier ones", async () => {
    const layers = ['{"a": 1.0, "b": 1}', '{"b": 2.0, "c": {"x": 1}}', '{"c": {"y": 2}}'];
    expect(said(await renderer().render(job("{{ a }} {{ b }} {{ c }}", [layers])))).toEqual(["1.0 2.0 {'y': 2}"]);
  });

  test("one that takes too long is ended, and those after it are rendered", async () => {
    const outcomes = await renderer({ itemMs: 1_000 }).render(job(LONG, [[short], [long], [short]]));
    expect(said(outcomes)).toEqual(["done", expect.stringMatching(/^LimitReached: takes longer/), "done"]);
  });

  test("many that take too long take no more than the time of one job", async () => {
    const outcomes = await renderer({ itemMs: 1_000, jobMs: 2_500 }).render(
      job(
        LONG,
        Array.from({ length: 50 }, () => [long]),
      ),
    );
    expect(outcomes).toHaveLength(50);
    for (const line of said(outcomes)) expect(line).toMatch(/^LimitReached/);
  });

  test("a thread that runs out of memory takes nobody with it", async () => {
    const { render } = renderer();
    // Each value is within its bound; there are too many of them.
    const hungry = `{% set ns = namespace(all=[]) %}{% for i in range(3000) %}{% set ns.all = ns.all + ["${"x".repeat(1000)}" * 200 ~ i] %}{% endfor %}{{ ns.all|length }}`;
    const [line] = said(await render(job(hungry)));
    expect(line).toMatch(/^(LimitReached: |3000$)/);
    expect(said(await render(job("{{ 1 }}")))).toEqual(["1"]);
  });

  test("more jobs than may wait are refused at once, and the others are done", async () => {
    const { render } = renderer({ waiting: 2 });
    const all = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => render(job(`${i}`))));
    const refused = all.filter((r) => r.status === "rejected");
    expect(refused.map((r) => r.reason.code)).toEqual(["renderer_busy", "renderer_busy", "renderer_busy"]);
    expect(all.flatMap((r) => (r.status === "fulfilled" ? said(r.value) : []))).toEqual(["0", "1", "2"]);
  });

  test("what is at work when it stops is told so", async () => {
    const made = renderer();
    const work = made.render(job(LONG, [[long]]));
    const ended = expect(work).rejects.toThrow(/stopped/);
    await made.stop();
    await ended;
    await expect(made.render(job("x"))).rejects.toThrow(/stopped/);
  });

  test("each source is read by itself", async () => {
    const read = await renderer().inspect(
      ["{{ a }}{% include 'b.j2' %}", "{% if %}", "{% extends x if y else 'z' %}"].map((source) => ({
        source,
        options,
      })),
    );
    expect(read).toMatchObject([
      { variables: [{ name: "a", line: 1 }], references: [{ name: "b", how: "include", line: 1 }] },
      { fault: { kind: "TemplateSyntaxError", line: 1 } },
      {
        references: [
          { name: null, how: "extends" },
          { name: "z", how: "extends" },
        ],
      },
    ]);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { PROVIDER_EDGE, PROVIDER_EDGE_VARIABLES } from "../../../bench/templates/provider-edge.ts";
import { requires } from "../../support/requires.ts";
import { CONTEXT, TEMPLATES } from "./context.ts";
import { differs, expectedDifference } from "./differences.ts";
import { templates } from "./generate.ts";
import { askRenderings, renderHere, type Case, type Options } from "./reference.ts";

const SEED = 20_250_305;
const COUNT = 2000;

const OPTIONS: readonly Options[] = [
  { undefined: "default" },
  { undefined: "strict" },
  { undefined: "default", trim_blocks: true, lstrip_blocks: true },
  { undefined: "strict", trim_blocks: true, keep_trailing_newline: true },
  { undefined: "default", autoescape: true, lstrip_blocks: true },
];

requires("jinja2")("a template as large as a real one", () => {
  test("gives the same bytes as Jinja2 3.1.6, however its white space is treated", () => {
    const cases = OPTIONS.map((options): Case => ({
      source: PROVIDER_EDGE,
      variables: PROVIDER_EDGE_VARIABLES,
      options: { ...options, undefined: "default" },
    }));
    expect(cases.map(renderHere)).toEqual(askRenderings(cases));
  }, 30_000);
});

requires("jinja2")("templates that nobody wrote", () => {
  test(`${COUNT} of them give the same bytes as Jinja2 3.1.6, or the same class of error at the same line`, () => {
    const cases = fc.sample(templates, { seed: SEED, numRuns: COUNT }).map((source, index): Case => ({
      source,
      variables: CONTEXT,
      templates: TEMPLATES,
      options: OPTIONS[index % OPTIONS.length] ?? {},
    }));
    const theirs = askRenderings(cases);
    const wrong = cases.flatMap((each, index) => {
      const expected = theirs[index];
      if (expected === undefined) throw new Error("Jinja2 gave no answer");
      const got = renderHere(each);
      const isWrong = differs(got, expected) && expectedDifference(each, got, expected) === undefined;
      return isWrong ? [{ source: each.source, options: each.options, got, expected }] : [];
    });
    expect(wrong).toEqual([]);
    // Most of what is generated should render, or nothing much was compared.
    expect(theirs.filter((answer) => "rendered" in answer).length).toBeGreaterThan(COUNT / 3);
  }, 180_000);
});

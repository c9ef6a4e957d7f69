import { describe, expect, test } from "vitest";
import { requires } from "../../../support/requires.ts";
import { askRenderings, renderHere, type Answer, type Case } from "../reference.ts";
import { DATA, FILTER_PROBES, VALUE_PROBES } from "./probes.ts";

const OPTIONS = [{ undefined: "default" }, { undefined: "strict", autoescape: true }] as const;

const casesOf = (expression: string): Case[] =>
  OPTIONS.map((options) => ({ source: `{{ ${expression} }}`, variables: DATA, options }));

const comparable = (answer: Answer | undefined): unknown =>
  answer !== undefined && "error" in answer ? { error: answer.error, line: answer.line } : answer;

requires("jinja2")("filters, tests, globals and methods as Jinja2 3.1.6 has them", () => {
  const probed = { ...FILTER_PROBES, ...VALUE_PROBES };
  const expressions = Object.values(probed).flat();
  const cases = expressions.flatMap(casesOf);
  const answers = askRenderings(cases);
  const theirs = new Map(expressions.map((expression, index) => [expression, answers.slice(index * 2, index * 2 + 2)]));

  describe.each(Object.entries(probed))("%s", (_title, probes) => {
    test.each(probes)("%s", (expression) => {
      expect(casesOf(expression).map(renderHere).map(comparable)).toEqual(theirs.get(expression)?.map(comparable));
    });
  });
});

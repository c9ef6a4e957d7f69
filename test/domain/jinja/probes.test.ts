import { beforeAll, describe, expect, test } from "vitest";
import { requires } from "../../support/requires.ts";
import { CONTEXT, TEMPLATES } from "./context.ts";
import { differs, expectedDifference } from "./differences.ts";
import { PROBES } from "./probes.ts";
import { askRenderings, renderHere, type Answer, type Case, type Options } from "./reference.ts";

const OPTIONS: readonly Options[] = [
  { undefined: "default" },
  { undefined: "strict", trim_blocks: true, lstrip_blocks: true },
  { undefined: "default", trim_blocks: true, keep_trailing_newline: true },
  { undefined: "strict", autoescape: true, lstrip_blocks: true },
];

const caseOf = (source: string, options: Options): Case => ({
  source,
  variables: CONTEXT,
  templates: TEMPLATES,
  options,
});

requires("jinja2")("what Jinja2 3.1.6 makes of each rule", () => {
  let theirs: ReadonlyMap<string, Answer> = new Map();
  // Not while the tests are collected: that happens also where there is no Jinja2.
  beforeAll(() => {
    const cases = Object.values(PROBES)
      .flat()
      .flatMap((source) => OPTIONS.map((options) => caseOf(source, options)));
    theirs = new Map(askRenderings(cases).map((answer, index) => [key(cases[index]), answer]));
  });

  describe.each(Object.entries(PROBES))("%s", (_title, sources) => {
    test.each(sources)("%s", (source) => {
      for (const options of OPTIONS) {
        const asked = caseOf(source, options);
        const expected = theirs.get(key(asked));
        if (expected === undefined) throw new Error("Jinja2 gave no answer");
        const got = renderHere(asked);
        if (differs(got, expected) && expectedDifference(asked, got, expected) === undefined)
          expect({ options, ...got }).toEqual({ options, ...expected });
      }
    });
  });
});

const key = (asked: Case | undefined): string => JSON.stringify([asked?.source, asked?.options]);

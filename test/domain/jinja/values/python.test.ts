import fc from "fast-check";
import { expect, test } from "vitest";
import { OPERATIONS } from "./operations.ts";
import { askPython, doHere, encode, type Outcome } from "./python.ts";

/** With 20 subjects, 3,000 operations in one Python process. */
const EACH = 150;
const SEED = 20_260;

const subjects = Object.entries(OPERATIONS).map(([title, arbitrary]) => ({
  title,
  operations: fc.sample(arbitrary, { numRuns: EACH, seed: SEED }),
}));
const answers = askPython(subjects.flatMap(({ operations }) => operations));

/** Errors are the same by their class; what they say is our own in places. */
const comparable = (outcome: Outcome): unknown => ("error" in outcome ? { error: outcome.error } : outcome);

test.each(subjects.map(({ title, operations }, index) => ({ title, operations, first: index * EACH })))(
  "as Python does it: $title",
  ({ operations, first }) => {
    let values = 0;
    for (const [index, operation] of operations.entries()) {
      const theirs = answers[first + index];
      if (theirs === undefined) throw new Error("Python gave no answer");
      const asked = { op: operation.op, args: operation.args.map(encode) };
      expect({ ...asked, outcome: comparable(doHere(operation)) }).toEqual({ ...asked, outcome: comparable(theirs) });
      if ("value" in theirs) values += 1;
    }
    // Operations that all fail would show little.
    expect(values).toBeGreaterThan(5);
  },
);

import { expect, test } from "vitest";
import { ApiError } from "../../../web/src/lib/api.ts";
import {
  guardOf,
  nextProblem,
  problemsOf,
  troubleOf,
  troubleOfError,
} from "../../../web/src/features/templates/problems.ts";

const fault = (message: string, line = 3) =>
  troubleOf({ kind: "UndefinedError", message, template: null, line, column: null });

test("a value that is missing is named at its line, with what to do", () => {
  const trouble = fault("'policy' is undefined");
  expect(trouble).toMatchObject({ variable: "policy", line: 3, missing: true });
  expect(trouble.message).toContain("policy has no value");
  expect(fault("'dict object' has no attribute 'secret'")).toMatchObject({ variable: null, attribute: "secret" });
});

test("the API's refusal says the same as the engine beside the page", () => {
  const error = new ApiError(422, "variable_undefined", "line 3: 'policy' is undefined; give it a value", {
    details: [{ path: "content", message: "'policy' is undefined; give it a value", line: 3 }],
  });
  expect(troubleOfError(error)).toEqual(fault("'policy' is undefined"));
  const inside = new ApiError(422, "template_syntax", "line 2 of the template ntp: unexpected '}'", {
    details: [{ path: "templates.core/ntp", message: "unexpected '}'", line: 2, column: 7 }],
  });
  expect(troubleOfError(inside)).toMatchObject({ template: "core/ntp", line: 2, column: 7, missing: false });
});

const SOURCE =
  "a {{ one }}\nb {{ two | default('x') }}\nc {% if three is defined %}{{ three }}{% endif %}\nd {{ four }}";
const variables = ["one", "two", "three", "four"].map((name, i) => ({ name, line: i + 1 }));

test("a variable that may be left out is no problem; the others are, by line", () => {
  const problems = problemsOf({
    source: SOURCE,
    trouble: fault("'one' is undefined", 1),
    variables,
    given: new Set(),
  });
  expect(problems.map(({ level, line, variable }) => [level, line, variable])).toEqual([
    ["error", 1, "one"],
    ["warning", 4, "four"],
  ]);
  expect(problemsOf({ source: SOURCE, trouble: null, variables, given: new Set(["one", "four"]) })).toEqual([]);
  expect([guardOf(SOURCE, "two"), guardOf(SOURCE, "three"), guardOf(SOURCE, "four")]).toEqual([2, 3, null]);
});

test("an error inside an included template has no line here", () => {
  const trouble = troubleOf({ kind: "TemplateSyntaxError", message: "oops", template: "ntp", line: 7, column: 1 });
  expect(problemsOf({ source: "", trouble, variables: [], given: new Set() })).toEqual([
    expect.objectContaining({ line: null, message: "In ntp, line 7: Oops." }),
  ]);
});

test("F8 goes from problem to problem, and from the last to the first", () => {
  const problems = problemsOf({ source: SOURCE, trouble: null, variables, given: new Set() });
  expect(nextProblem(problems, 0)?.line).toBe(1);
  expect(nextProblem(problems, 1)?.line).toBe(4);
  expect(nextProblem(problems, 4)?.line).toBe(1);
  expect(nextProblem([], 1)).toBeNull();
});

import type { Answer, Case } from "./reference.ts";

/** Whether two answers are not the same bytes, or not the same class of error at the same line of the same template. */
export function differs(ours: Answer, theirs: Answer): boolean {
  if ("names" in ours || "names" in theirs) return JSON.stringify(ours) !== JSON.stringify(theirs);
  if ("rendered" in ours && "rendered" in theirs) return ours.rendered !== theirs.rendered;
  if ("rendered" in ours || "rendered" in theirs) return true;
  return ours.error !== theirs.error || ours.line !== theirs.line || ours.template !== theirs.template;
}

type Difference = { reason: string; matches: (asked: Case, ours: Answer, theirs: Answer) => boolean };

const errorOf = (answer: Answer): string => ("error" in answer ? answer.error : "");
const textOf = (answer: Answer): string => ("rendered" in answer ? answer.rendered : "");
const hasNoLine = (answer: Answer): boolean => "error" in answer && answer.line === null;

/** Where ours is not Jinja2's on purpose. `docs/jinja.md` has the same list for people. */
const DIFFERENCES: readonly Difference[] = [
  {
    reason: "What Python's own compiler refuses in Jinja2's generated code is a syntax error of the template here",
    matches: (_asked, ours, theirs) =>
      errorOf(theirs) === "SyntaxError" && /^Template(Syntax|Assertion)Error$/.test(errorOf(ours)),
  },
  {
    reason:
      "Jinja2 fails on a constant while it compiles, or joins its output at the end, and then knows no line; we know it, or never come there",
    matches: (_asked, _ours, theirs) => hasNoLine(theirs) && /^(UndefinedError|TypeError)$/.test(errorOf(theirs)),
  },
  {
    reason: "How deep a template is when Python gives up depends on what it was doing; so does the line",
    matches: (_asked, ours, theirs) => errorOf(ours) === "RecursionError" && errorOf(theirs) === "RecursionError",
  },
  {
    reason: "There are no complex numbers here: a root of a negative number is an error at once",
    matches: (_asked, ours) => "error" in ours && ours.message.includes("complex number"),
  },
  {
    reason:
      "What is included without context within a macro, a set block or a filter block is captured with the rest; Jinja2 prints it outside",
    matches: ({ source }) =>
      /\{%[-+]? *include [^%]*without context/.test(source) &&
      /\{%[-+]? *(macro|call|filter|set [^=%]*%\})/.test(source),
  },
  {
    reason: "Python prints where in memory a function or a generator is",
    matches: (_asked, _ours, theirs) => / at 0x[0-9a-f]+/.test(textOf(theirs)),
  },
];

/** Why this difference is expected; undefined for one that is not. */
export function expectedDifference(asked: Case, ours: Answer, theirs: Answer): string | undefined {
  return DIFFERENCES.find(({ matches }) => matches(asked, ours, theirs))?.reason;
}

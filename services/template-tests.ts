import { diffPlainTexts, unifiedRows } from "../domain/config/text-diff.ts";
import { Unprocessable } from "../domain/contract/errors.ts";
import type { RunTests, TemplateOptions, TestOutcome } from "../domain/contract/template.ts";
import { exactAt, exactItems } from "../domain/template/exact-json.ts";
import type { Db } from "../db/client.ts";
import { templatesNaming } from "../db/queries/template-references.ts";
import { findTemplatesByName } from "../db/queries/templates.ts";
import type { Ctx } from "./context.ts";
import { requirePermission } from "./mutate.ts";
import type { RenderOutcome } from "./render-job.ts";
import type { Renderer } from "./renderer.ts";
import { faultSentence, faultTemplate } from "./template-faults.ts";
import { mustFindTemplate } from "./template-find.ts";
import { renderItems } from "./template-render.ts";

/** A template that many include would hold up its own save for long. */
const MOST_USERS = 100;

type Tested = {
  name: string;
  content: string;
  options: TemplateOptions;
  /** JSON, as it was given. */
  tests: string;
};

/** Runs a template's tests, stored or given, against its text, stored or given. */
export async function runTests(
  ctx: Ctx,
  renderer: Renderer,
  name: string,
  { content, options }: Omit<RunTests, "tests">,
  tests: string | undefined,
): Promise<TestOutcome[]> {
  requirePermission(ctx, "templates:read");
  const stored = await mustFindTemplate(ctx.pool, name);
  return testsOf(ctx.pool, renderer, {
    name: stored.name,
    content: content ?? stored.content,
    options: options ?? stored.options,
    tests: tests ?? stored.tests,
  });
}

/** `given` are texts that stand in front of stored templates of those names. */
export async function testsOf(
  db: Db,
  renderer: Renderer,
  { name, content, options, tests }: Tested,
  given: Record<string, string> = {},
): Promise<TestOutcome[]> {
  const items = exactItems(tests).map(readTest);
  if (items.length === 0) return [];
  const outcomes = await renderItems(db, renderer, {
    source: content,
    options,
    given,
    items: items.map((test) => [test.variables]),
  });
  return items.map((test, i) => judge(name, test, outcomes[i]));
}

type Test = { name: string; variables: string; expected: string };
function readTest(text: string): Test {
  // The schema of the request has seen it before it was stored.
  const { name, expected } = JSON.parse(text) as { name: string; expected: string };
  return { name, expected, variables: exactAt(text, ["variables"]) ?? "{}" };
}

function judge(template: string, { name, expected }: Test, outcome: RenderOutcome | undefined): TestOutcome {
  if (!outcome) throw new Error("a test was rendered without a result");
  if ("fault" in outcome) {
    const inside = faultTemplate(outcome.fault);
    const error = `${faultSentence(outcome.fault).sentence}${inside === null ? "" : ` (in ${inside})`}`;
    return { template, name, passed: false, rendered: null, diff: "", error, line: outcome.fault.line };
  }
  const { rendered } = outcome;
  const passed = rendered === expected;
  const diff = passed ? "" : unifiedRows(diffPlainTexts(expected, rendered).rows, "expected", "rendered");
  return { template, name, passed, rendered, diff, error: null, line: null };
}

/** The tests of a template that is about to be saved, and of those that include it as it is stored now. */
export async function testsBeforeSave(
  db: Db,
  renderer: Renderer,
  { draft, nameBefore }: { draft: Tested; nameBefore: string | undefined },
): Promise<TestOutcome[]> {
  const given = { [draft.name]: draft.content };
  const outcomes = await testsOf(db, renderer, draft, given);
  if (nameBefore === undefined) return outcomes;
  const users = (await templatesNaming(db, nameBefore)).slice(0, MOST_USERS);
  for (const user of await findTemplatesByName(db, users))
    // Under the name by which it is still called there.
    outcomes.push(...(await testsOf(db, renderer, user, { [nameBefore]: draft.content })));
  return outcomes;
}

export function refuseFailed(outcomes: readonly TestOutcome[]): void {
  const failed = outcomes.filter((o) => !o.passed);
  const [first] = failed;
  if (!first) return;
  throw new Unprocessable(
    "template_tests_failed",
    `${failed.length === 1 ? `the test ${JSON.stringify(first.name)} of ${first.template} fails` : `${failed.length} tests fail, ${JSON.stringify(first.name)} of ${first.template} first`}; mend the template or its test, or save it with allow_failing_tests`,
    {
      details: failed.slice(0, 50).map((o) => ({
        path: `tests[${o.name}]`,
        code: "template_tests_failed",
        message: `${o.template}: ${o.error ?? `does not give what is expected:\n${o.diff.slice(0, 4000)}`}`,
        ...(o.line === null ? {} : { line: o.line }),
      })),
    },
  );
}

import { describe, expect, test } from "vitest";
import { exactAt } from "../../../domain/template/exact-json.ts";
import { NewTemplate, TemplatePatch } from "../../../domain/contract/template.ts";
import { EMPTY, EXAMPLE, bodyOf, changedIn } from "../../../web/src/features/templates/draft.ts";
import { byReason, sentenceOf } from "../../../web/src/features/templates/devices-words.ts";
import { templateFilter } from "../../../web/src/features/templates/template-filter.ts";
import { storedTemplate } from "../../../web/src/features/templates/templates-api.ts";
import { links } from "../../../web/src/lib/links.ts";

const MORE = { comment: "", version: null, allowFailing: false };

describe("what is sent", () => {
  test("is only what changed, with the version it began from", () => {
    const after = { ...EXAMPLE, content: "x\n", description: "other" };
    const changed = changedIn(EXAMPLE, after);
    expect(changed).toEqual(["content", "description"]);
    const body: unknown = JSON.parse(bodyOf(after, changed, { comment: " why ", version: 3, allowFailing: true }));
    expect(body).toEqual({
      content: "x\n",
      description: "other",
      comment: "why",
      version: 3,
      allow_failing_tests: true,
    });
    expect(TemplatePatch.parse(body)).toBeDefined();
  });

  test("of a new one is what the API takes, with the name as it will be", () => {
    const draft = { ...EXAMPLE, name: " core/ntp.j2 " };
    const body: unknown = JSON.parse(bodyOf(draft, changedIn(EMPTY, draft), MORE));
    expect(NewTemplate.parse(body).name).toBe("core/ntp");
  });

  test("keeps the form of the numbers in a test's values", () => {
    const tests = [{ name: "a", variables: '{"x":1.0,"y":12345678901234567890}', expected: "" }];
    const body = bodyOf({ ...EMPTY, tests }, ["tests"], MORE);
    expect(exactAt(body, ["tests"])).toBe(
      '[{"name":"a","variables":{"x":1.0,"y":12345678901234567890},"expected":""}]',
    );
  });
});

test("a template that is read keeps the form of its tests' numbers", () => {
  const text =
    '{"success":true,"data":{"template":{"name":"t","tests":[{"name":"a","variables":{"x":1.0},"expected":"e"}]}}}';
  expect(storedTemplate(text).tests).toEqual([{ name: "a", variables: '{"x":1.0}', expected: "e" }]);
});

test("folders of a name are folders of its address; a page's own name is told from it", () => {
  expect(links.template("bgp/transit peers")).toBe("/templates/bgp/transit%20peers");
  expect(links.template("new", { tab: "versions" })).toBe("/templates/new.j2?tab=versions");
  expect(links.template("import/new")).toBe("/templates/import/new");
});

test("the page's words become the API's", () => {
  expect(templateFilter("type:deploy,delete for:cisco_ios core/")).toEqual({
    search: "core/",
    type: "deploy,delete",
    vendor_type: "cisco_ios",
  });
});

describe("many devices in one sentence", () => {
  const group = (...devices: string[]) => ({ devices, rendered: "", source_map: [] });
  const failure = (device: string, error = "no") => ({
    device,
    code: "x",
    error,
    line: 3,
    column: null,
    template: null,
  });
  test.each([
    [[group("a", "b", "c")], [], "The same output for all 3 devices."],
    [[group("a", "b"), group("c")], [], "Same output for 2 of 3 devices, 2 outputs in all."],
    [[group("a", "b")], [failure("c")], "Same output for 2 of 3 devices. 1 does not render."],
    [[group("a"), group("b")], [], "2 different outputs for 2 devices."],
    [[], [failure("a")], "It renders for none of 1 device."],
    [[], [], "No device fits this line."],
  ])("%#", (groups, failures, sentence) => {
    const total = groups.reduce((sum, g) => sum + g.devices.length, 0) + failures.length;
    expect(sentenceOf({ groups, failures, total })).toBe(sentence);
  });
  test("those that fail for one reason stand together", () => {
    expect(byReason([failure("a"), failure("b"), failure("c", "other")])).toEqual([
      ["line 3: no", ["a", "b"]],
      ["line 3: other", ["c"]],
    ]);
  });
});

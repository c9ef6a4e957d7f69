import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  ImportAnswer,
  RenderFailure,
  RenderGroup,
  SourceMapLine,
  Template,
  TemplateDiff,
  TemplateSummary,
  TemplateUse,
  TemplateVariable,
  TemplateVersion,
  TemplateVersionContent,
  TestOutcome,
} from "../../domain/contract/template.ts";
import { newId } from "../../system/ids.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let viewer: Caller;
let operator: Caller;

beforeAll(async () => {
  api = await startApi();
  [viewer, operator] = [await api.as(["viewer"]), await api.as(["operator"])];
});
afterAll(() => api.stop());

/** Of an answer, the parts that a test looks at. */
type Data = {
  template: Template;
  templates: TemplateSummary[];
  total: number;
  rendered: string;
  source_map: SourceMapLine[];
  variables: TemplateVariable[];
  version: TemplateVersionContent;
  versions: TemplateVersion[];
  diff: TemplateDiff;
  uses: TemplateUse[];
  groups: RenderGroup[];
  failures: RenderFailure[];
  tests: TestOutcome[];
  passed: boolean;
} & ImportAnswer;
const dataOf = ({ text }: Reply): Data => (JSON.parse(text) as { data: Data }).data;

/** Names are the test's own, so that tests do not meet. */
let made = 0;
const name = (what = "t"): string => `${what}-${++made}`;
const at = (template: string, more = ""): string => `/api/templates/${encodeURIComponent(template)}${more}`;

async function create(body: object): Promise<Template> {
  const reply = await operator.call("POST", "/api/templates", body);
  expect(reply.status, reply.text).toBe(201);
  return dataOf(reply).template;
}
async function change(template: string, body: object): Promise<Reply> {
  return operator.call("PUT", at(template), body);
}
async function rendered(template: string, variables: object = {}): Promise<string> {
  const reply = await viewer.call("POST", at(template, "/render"), { variables });
  expect(reply.status, reply.text).toBe(200);
  return dataOf(reply).rendered;
}
const lastAudit = async () =>
  (
    await api.pool<{ actor: string; action: string; subject: string; detail: Record<string, unknown> }[]>`
    select actor, action, subject, detail from audit order by id desc limit 1`
  )[0];

describe("a template", () => {
  test("is saved by name, without its suffix, and given back to the letter", async () => {
    const called = name("core/ntp");
    const content = "{# ntp #}\nntp server {{ server }}\n\tä ✓\r\n";
    const template = await create({ name: `${called}.j2`, content, vendor_types: ["cisco_ios", "cisco_ios"] });
    expect(template).toMatchObject({
      name: called,
      content,
      type: "deploy",
      version: 1,
      vendor_types: ["cisco_ios"],
      options: { trim_blocks: false, lstrip_blocks: false, keep_trailing_newline: false, undefined: "strict" },
      created_by: operator.username,
    });
    for (const way of [called, `${called}.j2`, called.toUpperCase(), template.id])
      expect(dataOf(await viewer.call("GET", at(way))).template).toEqual(template);
    expect(await lastAudit()).toMatchObject({ action: "template.create", subject: called, detail: { version: 1 } });
  });

  test("is not overwritten by another of its name", async () => {
    const { name: called, id } = await create({ name: name(), content: "a" });
    const reply = await operator.call("POST", "/api/templates", { name: `${called.toUpperCase()}.j2`, content: "b" });
    expect(reply).toMatchObject({ status: 409, body: { code: "template_exists" } });
    expect(reply.body.error).toContain(id);
    expect(dataOf(await viewer.call("GET", at(called))).template.content).toBe("a");
  });

  test("is listed without its text, by name, type and device type", async () => {
    const word = name("listed");
    await create({ name: `${word}-b`, content: "x" });
    await create({ name: `${word}-a`, content: "xy", type: "delete", description: "takes 50% of it_away" });
    await create({ name: `${word}-c`, content: "xyz", vendor_types: ["juniper_junos"] });
    const list = async (query: string) => dataOf(await viewer.call("GET", `/api/templates?search=${word}&${query}`));
    expect((await list("")).templates.map((t) => t.name)).toEqual([`${word}-a`, `${word}-b`, `${word}-c`]);
    expect((await list("sort=-size")).templates.map((t) => t.size)).toEqual([3, 2, 1]);
    expect((await list("type=delete")).templates.map((t) => t.name)).toEqual([`${word}-a`]);
    // One made for any device type is for each of them.
    expect((await list("vendor_type=cisco_ios")).templates.map((t) => t.name)).toEqual([`${word}-a`, `${word}-b`]);
    const page = await list("limit=1&offset=1");
    expect([page.total, page.templates.map((t) => t.name)]).toEqual([3, [`${word}-b`]]);
    expect(page.templates[0]).not.toHaveProperty("content");
    expect(dataOf(await viewer.call("GET", "/api/templates?search=50%25%20of%20it_")).total).toBe(1);
    expect(await viewer.call("GET", "/api/templates?sort=content")).toMatchObject({
      status: 400,
      body: { code: "sort_unknown" },
    });
  });

  test("answers under the old path in the same way", async () => {
    const { name: called } = await create({ name: name(), content: "{{ x }}" });
    expect((await viewer.call("GET", `/api/v2/templates/${called}`)).text).toBe(
      (await viewer.call("GET", at(called))).text,
    );
    const reply = await viewer.call("POST", `/api/v2/templates/${called}/render`, { variables: { x: 1 } });
    expect(dataOf(reply).rendered).toBe("1");
  });

  test("that cannot be read is refused with its line", async () => {
    const reply = await operator.call("POST", "/api/templates", { name: name(), content: "a\n{% if x %}\nb" });
    expect(reply).toMatchObject({ status: 422, body: { code: "template_syntax" } });
    expect(reply.body.details?.[0]).toMatchObject({
      path: "content",
      code: "template_syntax",
      line: expect.any(Number),
    });
    const unknown = await operator.call("POST", "/api/templates", { name: name(), content: "\n{{ x|nosuchfilter }}" });
    expect(unknown).toMatchObject({ status: 422, body: { code: "template_syntax", details: [{ line: 2 }] } });
  });

  test("may not be written by who may only read", async () => {
    const { name: called } = await create({ name: name(), content: "a" });
    for (const [method, path, body] of [
      ["POST", "/api/templates", { name: name(), content: "a" }],
      ["PUT", at(called), { content: "b" }],
      ["DELETE", at(called), undefined],
      ["POST", "/api/templates/import", { files: [{ name: name(), content: "" }] }],
      ["POST", at(called, "/versions/1/restore"), undefined],
    ] as const)
      expect(await viewer.call(method, path, body)).toMatchObject({
        status: 403,
        body: { code: "permission_missing" },
      });
  });
});

describe("bad input is refused by name and place", () => {
  const body = { name: "fine", content: "x" };
  test.each([
    ["an empty name", { ...body, name: "" }, 400, "field_range"],
    ["a name of suffix alone", { ...body, name: ".j2" }, 400, "field_format"],
    ["a path out of the folder", { ...body, name: "../etc/passwd" }, 400, "field_format"],
    ["an absolute path", { ...body, name: "/etc/passwd" }, 400, "field_format"],
    ["a path with a hole", { ...body, name: "a//b" }, 400, "field_format"],
    ["a name that ends in a space", { ...body, name: "a " }, 400, "field_format"],
    ["a name with a line end", { ...body, name: "a\nb" }, 400, "name_characters"],
    ["a name that turns round", { ...body, name: "a\u202eb" }, 400, "name_characters"],
    ["a name of 200 letters", { ...body, name: "a".repeat(200) }, 400, "field_range"],
    ["a name that is an id", { ...body, name: newId() }, 400, "name_is_id"],
    ["a name of the API's own", { ...body, name: "render.j2" }, 400, "name_reserved"],
    ["a text with an escape character", { ...body, content: "a\u001b[31m" }, 400, "name_characters"],
    ["a text that turns round", { ...body, content: "permit\n\u202eyna" }, 400, "name_characters"],
    ["a text with a null", '{"name":"fine","content":"a\\u0000"}', 400, "name_characters"],
    ["a text that is too long", { ...body, content: "x".repeat(262_145) }, 400, "field_range"],
    ["a text of 1 MB", { ...body, content: "x".repeat(1_048_576) }, 413, "body_too_large"],
    ["a device type that is none", { ...body, vendor_types: ["cisco_iso"] }, 400, "platform_unknown"],
    ["a type that is none", { ...body, type: "deplyo" }, 400, "field_value"],
    ["a field that is none", { ...body, approved: true }, 400, "unknown_field"],
    ["an option that is none", { ...body, options: { autoescape: true } }, 400, "unknown_field"],
    [
      "two tests of one name",
      {
        ...body,
        tests: [
          { name: "t", expected: "" },
          { name: "t", expected: "" },
        ],
      },
      400,
      "test_twice",
    ],
    ["a delete template that is not there", { ...body, delete_template: "nowhere" }, 400, "template_unknown"],
    ["a version of its own on creation", { ...body, version: 1 }, 400, "unknown_field"],
  ])("%s", async (_what, given, status, code) => {
    expect(await operator.call("POST", "/api/templates", given)).toMatchObject({ status, body: { code } });
  });

  test("a misspelt device type is told the right one", async () => {
    const reply = await operator.call("POST", "/api/templates", { ...body, vendor_types: ["cisco_ios", "cisco_iso"] });
    expect(reply.body.error).toContain("vendor_types[1]");
    expect(reply.body.error).toContain("did you mean cisco_ios");
  });

  test("what is not there is not found", async () => {
    for (const path of ["", "/versions", "/versions/1", "/versions/1/diff/2", "/used-by", "/variables"])
      expect(await viewer.call("GET", at("nowhere", path))).toMatchObject({ status: 404, body: { code: "not_found" } });
    const { name: called } = await create({ name: name(), content: "x" });
    expect((await viewer.call("GET", at(called, "/versions/2"))).status).toBe(404);
    expect((await viewer.call("GET", at(called, "/versions/0"))).status).toBe(400);
    expect((await viewer.call("GET", at(called, "/versions/99999999999"))).status).toBe(400);
  });
});

describe("rendering", () => {
  const render = (body: unknown): Promise<Reply> => viewer.call("POST", "/api/templates/render", body);

  test("gives the text and where its lines come from", async () => {
    const reply = await render({
      content: "hostname {{ name }}\n{% for v in vlans %}\nvlan {{ v }}\n{% endfor %}",
      variables: { name: "r1", vlans: [10, 20] },
      options: { trim_blocks: true },
    });
    const { rendered: text, source_map } = dataOf(reply);
    expect(text).toBe("hostname r1\nvlan 10\nvlan 20\n");
    expect(source_map.map((line) => line.sources.map((s) => s.line))).toEqual([[1], [3], [3]]);
    expect(source_map[0]?.variables).toEqual(["name"]);
  });

  test("a variable that is missing is named with its line", async () => {
    const reply = await render({ content: "a\n b {{ nope }}", variables: {} });
    expect(reply).toMatchObject({ status: 422, body: { code: "variable_undefined" } });
    expect(reply.body.error).toMatch(/line 2.*nope/);
    expect(reply.body.details?.[0]).toMatchObject({ path: "content", line: 2, code: "variable_undefined" });
    const lenient = await render({ content: "[{{ nope }}]", options: { undefined: "default" } });
    expect(dataOf(lenient).rendered).toBe("[]");
  });

  test.each([
    ["{% for x %}", "template_syntax"],
    ["{{ 1 / 0 }}", "template_failed"],
    ["{% include 'nowhere' %}", "template_not_found"],
    ["{{ x.y.z }}", "variable_undefined"],
  ])("%s is %s", async (content, code) => {
    expect(await render({ content })).toMatchObject({
      status: 422,
      body: { code, details: [{ path: "content", line: 1 }] },
    });
  });

  test("numbers print as they came, and objects keep their order", async () => {
    const content = "{{ a }} {{ b }} {{ c }} {{ d }} {% for k in m %}{{ k }},{% endfor %}";
    const variables = '{"a": 1.0, "b": 1, "c": 12345678901234567890, "d": 1e3, "m": {"30": 0, "10": 0, "x": 0}}';
    const reply = await render(`{"content": ${JSON.stringify(content)}, "variables": ${variables}}`);
    expect(dataOf(reply).rendered).toBe("1.0 1 12345678901234567890 1000.0 30,10,x,");
  });

  test("a value is never rendered again", async () => {
    const evil = "{{ 7 * 7 }}{% for x in y %}{# no #}";
    const reply = await render({ content: "{{ a }}|{{ b }}", variables: { a: evil, b: evil } });
    expect(dataOf(reply).rendered).toBe(`${evil}|${evil}`);
  });

  test("includes what came along, and stored templates after it", async () => {
    const stored = name("stored");
    await create({ name: stored, content: "stored {{ x }}" });
    const content = `{% include '${stored}.j2' %} {% include "mine.j2" %} {% import 'lib' as l %}{{ l.f(1) }}`;
    const templates = { mine: "mine {{ x }}", "lib.j2": "{% macro f(n) %}f{{ n }}{% endmacro %}" };
    expect(dataOf(await render({ content, templates, variables: { x: 5 } })).rendered).toBe("stored 5 mine 5 f1");
    const shadowed = await render({ content: `{% include '${stored}' %}`, templates: { [`${stored}.j2`]: "mine" } });
    expect(dataOf(shadowed).rendered).toBe("mine");
  });

  test("what is included by a computed name is found", async () => {
    const stored = name("computed");
    await create({ name: stored, content: "here" });
    const reply = await render({ content: "{% include which ~ '.j2' %}", variables: { which: stored } });
    expect(dataOf(reply).rendered).toBe("here");
  });

  test("a fault in an included template is told of that template", async () => {
    const stored = name("faulty");
    await create({ name: stored, content: "ok\n{{ nope }}" });
    const reply = await render({ content: `\n\n{% include '${stored}' %}` });
    expect(reply.body).toMatchObject({
      code: "variable_undefined",
      details: [{ path: `templates.${stored}`, line: 2 }],
    });
    expect(reply.body.error).toContain(`of the template ${stored}`);
  });

  test("an old version renders as it did", async () => {
    const { name: called } = await create({ name: name(), content: "one" });
    await change(called, { content: "two", options: { trim_blocks: true } });
    expect(await rendered(called)).toBe("two");
    const reply = await viewer.call("POST", at(called, "/render"), { version: 1 });
    expect(dataOf(reply).rendered).toBe("one");
    expect((await viewer.call("POST", at(called, "/render"))).status).toBe(200);
  });
});

describe("which variables are wanted", () => {
  test("by a text", async () => {
    const reply = await viewer.call("POST", "/api/templates/variables", {
      content: "{{ a }}\n{% for i in items %}{{ i.x }}{{ b }}{% endfor %}{% set c = 1 %}{{ c }}",
    });
    expect(dataOf(reply).variables.map((v) => [v.name, v.line])).toEqual([
      ["a", 1],
      ["items", 2],
      ["b", 2],
    ]);
  });

  test("by a stored template, and by what it includes", async () => {
    const [outer, inner] = [name("outer"), name("inner")];
    await create({ name: inner, content: "\n{{ b }}{{ a }}" });
    await create({ name: outer, content: `{{ a }}{% include '${inner}.j2' %}` });
    const { variables } = dataOf(await viewer.call("GET", at(outer, "/variables")));
    expect(variables.map((v) => [v.name, v.line, v.template])).toEqual([
      ["a", 1, undefined],
      ["b", 2, inner],
    ]);
  });
});

describe("devices", () => {
  const hostile = "{{ 7*7 }}\u001b[31m\n{% raw %}";
  beforeAll(async () => {
    for (const [device, site, type] of [
      ["tpl-r1", "ams", "cisco_ios"],
      ["tpl-r2", "ams", "cisco_ios"],
      ["tpl-r3", "fra", "juniper_junos"],
    ] as const)
      await api.pool`insert into devices (id, name, host, device_type, site, tags, facts) values (${newId()}, ${device}, '192.0.2.7', ${type}, ${site},
        ${["core"]}, ${api.pool.json({ vendor: "Lab", os_version: hostile, model: null, serial: null, hostname: device, uptime_s: 1 })})`;
  });

  test("give their name, site, tags and facts; what they said is one line, and is not rendered", async () => {
    const content =
      "{{ device.name }} {{ device.site }} {{ device.tags }} {{ device.device_type }} {{ device.facts.os_version }}";
    const reply = await viewer.call("POST", "/api/templates/render", { content, device: "TPL-R1" });
    expect(dataOf(reply).rendered).toBe("tpl-r1 ams ['core'] cisco_ios {{ 7*7 }} [31m {% raw %}");
    const none = await viewer.call("POST", "/api/templates/render", { content, device: "nobody" });
    expect(none).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  test("give their variables, which those of the request stand before; secrets are references", async () => {
    const own = { variables: { ntp: "192.0.2.1", mtu: 1500 }, secrets: { community: "canary-7f3a" } };
    expect((await operator.call("PUT", "/api/variables/device/tpl-r3", own)).status).toBe(200);
    const { name: called } = await create({ name: name(), content: "{{ ntp }} {{ mtu }} {{ community }}" });
    const reply = await viewer.call("POST", at(called, "/render"), { device: "tpl-r3", variables: { mtu: 9000 } });
    expect(dataOf(reply).rendered).toMatch(/^192\.0\.2\.1 9000 secret:\/\/[0-9a-f-]{36}$/);
    expect(api.log()).not.toContain("canary-7f3a");
  });

  test("with the same output are one group, and one that fails does not stop the others", async () => {
    const { name: called } = await create({
      name: name(),
      content: "{% if device.site == 'fra' %}\n{{ nope }}{% endif %}ntp {{ server }} {{ device.site }}",
    });
    const devices = ["tpl-r1", "tpl-r2", "tpl-r3", "TPL-R2"];
    const reply = await viewer.call("POST", at(called, "/render-devices"), { devices, variables: { server: 1.5 } });
    const { groups, failures } = dataOf(reply);
    expect(groups.map((g) => [g.rendered, g.devices])).toEqual([["ntp 1.5 ams", ["tpl-r1", "tpl-r2"]]]);
    expect(failures).toMatchObject([{ device: "tpl-r3", code: "variable_undefined", line: 2, template: null }]);
    const preview = await viewer.call("POST", at(called, "/render-devices"), { devices: ["tpl-r3"], content: "new" });
    expect(dataOf(preview).groups).toMatchObject([{ rendered: "new", devices: ["tpl-r3"] }]);
  });

  test("need the right to read devices and variables", async () => {
    const token = await operator.call("POST", "/api/auth/tokens", {
      name: "ci",
      scopes: ["templates:read", "devices:read"],
      expires_in_days: 1,
    });
    const reply = await api.call("POST", "/api/templates/render", {
      token: token.body.data.token,
      body: { content: "{{ device.host }}", device: "tpl-r1" },
    });
    expect(reply).toMatchObject({ status: 403, body: { code: "permission_missing" } });
  });
});

const statuses = (replies: Reply[]): number[] => replies.map((r) => r.status).sort((a, b) => a - b);

describe("versions", () => {
  test("each save that changes something makes one; restoring makes one more", async () => {
    const { name: called } = await create({ name: name(), content: "a\nb\nc\n", comment: "first" });
    expect(dataOf(await change(called, { content: "a\nB\nc\n", comment: "louder" })).template.version).toBe(2);
    expect(dataOf(await change(called, { content: "a\nB\nc\n" })).template.version).toBe(2);
    expect(dataOf(await change(called, { description: "a list" })).template.version).toBe(3);
    const restored = await operator.call("POST", at(called, "/versions/1/restore"));
    expect(dataOf(restored).template).toMatchObject({ version: 4, content: "a\nb\nc\n", description: "a list" });
    const { versions, total } = dataOf(await viewer.call("GET", at(called, "/versions")));
    expect(total).toBe(4);
    expect(versions.map((v) => [v.version, v.comment, v.changed, v.is_current])).toEqual([
      [4, "version 1 again", ["content"], true],
      [3, "", ["description"], false],
      [2, "louder", ["content"], false],
      [1, "first", expect.arrayContaining(["name", "content"]), false],
    ]);
    expect(dataOf(await viewer.call("GET", at(called, "/versions/2"))).version.content).toBe("a\nB\nc\n");
    const { diff } = dataOf(await viewer.call("GET", at(called, "/versions/2/diff/1")));
    expect(diff).toMatchObject({ before: { version: 1 }, after: { version: 2 }, same: false, added: 1, removed: 1 });
    expect(diff.unified).toContain("\n-b\n+B\n");
  });

  test("who saves over a newer version than they saw is told so, and loses nothing", async () => {
    const { name: called } = await create({ name: name(), content: "0" });
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, i) => change(called, { content: `by ${i}`, version: 1 })),
    );
    expect(statuses(replies)).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    for (const reply of replies.filter((r) => r.status === 409)) expect(reply.body.code).toBe("version_conflict");
    expect(dataOf(await viewer.call("GET", at(called, "/versions"))).total).toBe(2);
  });

  test("ten who create one name at once make one template", async () => {
    const called = name();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => operator.call("POST", "/api/templates", { name: called, content: `${i}` })),
    );
    expect(statuses(replies)).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });

  test("ten thousand of them are listed by pages", async () => {
    const { name: called, id } = await create({ name: name(), content: "1" });
    await api.pool`insert into template_versions (template_id, version, content, options, tests, test_count, changed, author)
      select ${id}, n, n::text, '{}', '[]', 0, '{content}', 'x' from generate_series(2, 10000) n`;
    await api.pool`update templates set version = 10000 where id = ${id}`;
    const page = async (offset: number) =>
      dataOf(await viewer.call("GET", at(called, `/versions?limit=500&offset=${offset}`)));
    const first = await page(0);
    expect([first.total, first.versions.length, first.versions[0]?.version]).toEqual([10_000, 500, 10_000]);
    expect((await page(9_999)).versions.map((v) => v.version)).toEqual([1]);
    expect((await page(10_000)).versions).toEqual([]);
    expect((await viewer.call("GET", at(called, "/versions?limit=501"))).body.code).toBe("limit_range");
  });

  test("of a deleted template stay on record, and its name is free", async () => {
    const { name: called, id } = await create({ name: name(), content: "old" });
    expect((await operator.call("DELETE", at(called))).status).toBe(200);
    expect(await lastAudit()).toMatchObject({ action: "template.delete", subject: called });
    expect((await viewer.call("GET", at(called))).status).toBe(404);
    expect((await viewer.call("GET", at(id))).status).toBe(404);
    expect((await create({ name: called, content: "new" })).version).toBe(1);
    const [row] = await api.pool<
      { content: string }[]
    >`select content from template_versions where template_id = ${id}`;
    expect(row?.content).toBe("old");
    await expect(api.pool`update template_versions set content = '' where template_id = ${id}`).rejects.toThrow(
      /append-only/,
    );
    await expect(api.pool`delete from template_versions where template_id = ${id}`).rejects.toThrow(/append-only/);
  });
});

describe("templates belong together", () => {
  test("a family: delete and validation template, of their types", async () => {
    const [del, val, dep] = [name("del"), name("val"), name("dep")];
    await create({ name: del, content: "no x", type: "delete" });
    await create({ name: val, content: "x", type: "validation" });
    const family = { delete_template: `${del}.j2`, validation_template: val };
    expect(await create({ name: dep, content: "x", ...family })).toMatchObject({
      delete_template: del,
      validation_template: val,
    });
    const wrong = await operator.call("POST", "/api/templates", { name: name(), content: "x", delete_template: val });
    expect(wrong).toMatchObject({ status: 400, body: { code: "template_type" } });
    const alone = { name: name(), content: "x", type: "delete", delete_template: del };
    expect((await operator.call("POST", "/api/templates", alone)).body.code).toBe("template_family");
    for (const reply of [await operator.call("DELETE", at(del)), await change(del, { type: "deploy" })]) {
      expect(reply).toMatchObject({ status: 409, body: { code: "template_in_use" } });
      expect(reply.body.error).toContain(dep);
    }
    const renamed = name("renamed");
    await change(del, { name: renamed });
    expect(dataOf(await viewer.call("GET", at(dep))).template.delete_template).toBe(renamed);
    await change(dep, { delete_template: null });
    expect((await operator.call("DELETE", at(renamed))).status).toBe(200);
  });

  test("who includes, extends or imports it is known, and keeps it from being deleted", async () => {
    const [base, user] = [name("base"), name("user")];
    await create({ name: base, content: "{% block b %}{% endblock %}{% macro m() %}{% endmacro %}" });
    await create({ name: user, content: `{% extends "${base}.j2" %}\n{% from '${base}' import m %}` });
    const { uses } = dataOf(await viewer.call("GET", at(base, "/used-by")));
    expect(uses.map((u) => [u.kind, u.name, u.how, u.line])).toEqual([
      ["template", user, "extends", 1],
      ["template", user, "import", 2],
    ]);
    const { references } = dataOf(await viewer.call("GET", at(user))).template;
    expect(references).toMatchObject([
      { name: base, how: "extends", exists: true },
      { name: base, how: "import" },
    ]);
    const reply = await operator.call("DELETE", at(base));
    expect(reply).toMatchObject({ status: 409, body: { code: "template_in_use" } });
    expect(reply.body.error).toContain(user);
    expect((await operator.call("DELETE", at(user))).status).toBe(200);
    expect((await operator.call("DELETE", at(base))).status).toBe(200);
  });

  test("a stack that deploys it keeps it from being deleted and renamed", async () => {
    const { name: called } = await create({ name: name(), content: "x" });
    const stack = {
      name: name("stack"),
      services: [{ name: "one", template: `${called}.j2`, devices: [], variables: {} }],
    };
    expect((await operator.call("POST", "/api/stacks", stack)).status).toBe(201);
    const form = { name: name("form"), services: [{ name: "one", template: called }] };
    expect((await operator.call("POST", "/api/stack-templates", form)).status).toBe(201);
    expect(dataOf(await viewer.call("GET", at(called, "/used-by"))).uses).toMatchObject([
      { kind: "stack", name: stack.name, how: "service", line: null },
      { kind: "stack_template", name: form.name, how: "service", line: null },
    ]);
    for (const reply of [await operator.call("DELETE", at(called)), await change(called, { name: name("after") })]) {
      expect(reply).toMatchObject({ status: 409, body: { code: "template_in_use" } });
      expect(reply.body.error).toContain(`stack ${stack.name} deploys it`);
    }
  });

  test("a new name is written into those that include it", async () => {
    const [base, user, after] = [name("base"), name("user"), name("after")];
    await create({ name: base, content: "base" });
    const content = `{#- '${base}' -#}\n{% include "${base}.j2" %} {% include ['${base}', 'x'] ignore missing %} '${base}'`;
    await create({ name: user, content });
    expect((await change(base, { name: after })).status).toBe(200);
    const { template } = dataOf(await viewer.call("GET", at(user)));
    expect(template.content).toBe(
      `{#- '${base}' -#}\n{% include "${after}.j2" %} {% include ['${after}', 'x'] ignore missing %} '${base}'`,
    );
    expect(template.version).toBe(2);
    expect(await rendered(user)).toBe(`base base '${base}'`);
    expect(dataOf(await viewer.call("GET", at(after, "/used-by"))).uses).toHaveLength(2);
  });

  test("where that cannot be done for certain, it is not renamed", async () => {
    const [base, user] = [name("base"), name("user")];
    await create({ name: base, content: "base" });
    const content = `{% include '${base}' %}{% raw %}{% include '${base}' %}{% endraw %}`;
    await create({ name: user, content });
    const reply = await change(base, { name: name("after") });
    expect(reply).toMatchObject({ status: 409, body: { code: "template_in_use" } });
    expect(reply.body.error).toContain(user);
    expect(dataOf(await viewer.call("GET", at(user))).template).toMatchObject({ content, version: 1 });
    expect((await viewer.call("GET", at(base))).status).toBe(200);
  });
});

describe("tests of a template", () => {
  const tests = [{ name: "one", variables: { n: 1 }, expected: "n 1" }];

  test("run when it is saved, and a failing one refuses the save", async () => {
    const called = name();
    const refused = await operator.call("POST", "/api/templates", { name: called, content: "m {{ n }}", tests });
    expect(refused).toMatchObject({ status: 422, body: { code: "template_tests_failed" } });
    expect(refused.body.details?.[0]?.message).toContain("-n 1\n+m 1");
    await create({ name: called, content: "n {{ n }}", tests });
    expect((await change(called, { content: "{{ gone }}" })).body.code).toBe("template_tests_failed");
    const forced = await change(called, { content: "{{ gone }}", allow_failing_tests: true });
    expect(forced.status).toBe(200);
    const ran = dataOf(await viewer.call("POST", at(called, "/test")));
    expect([ran.passed, ran.tests]).toEqual([
      false,
      [expect.objectContaining({ template: called, name: "one", passed: false, rendered: null, line: 1 })],
    ]);
    const tried = await viewer.call("POST", at(called, "/test"), { content: "n {{ n }}" });
    expect(dataOf(tried).passed).toBe(true);
    const given = await viewer.call("POST", at(called, "/test"), {
      content: "x",
      tests: [{ name: "x", expected: "x\n" }],
    });
    expect(dataOf(given).tests[0]?.passed).toBe(false);
  });

  test("keep their numbers and the order of their keys", async () => {
    const called = name();
    const variables = '{"mtu": 1.0, "m": {"2": 0, "1": 0}}';
    const body = `{"name": "${called}", "content": "{{ mtu }} {{ m|join }}", "tests": [{"name": "t", "variables": ${variables}, "expected": "1.0 21"}]}`;
    const reply = await operator.call("POST", "/api/templates", body);
    expect(reply.status, reply.text).toBe(201);
    expect((await viewer.call("GET", at(called))).text).toContain('"mtu":1.0');
    expect(dataOf(await viewer.call("POST", at(called, "/test"))).passed).toBe(true);
  });

  test("of those that include it run as well", async () => {
    const [base, user] = [name("base"), name("user")];
    await create({ name: base, content: "base {{ n }}" });
    await create({ name: user, content: `{% include '${base}' %}`, tests: [{ ...tests[0], expected: "base 1" }] });
    const reply = await change(base, { content: "other {{ n }}" });
    expect(reply).toMatchObject({ status: 422, body: { code: "template_tests_failed" } });
    expect(reply.body.error).toContain(user);
  });
});

describe("import", () => {
  const load = (body: object): Promise<Reply> => operator.call("POST", "/api/templates/import", body);

  test("takes files in any order, and makes their families", async () => {
    const word = name("imp");
    const files = [
      {
        name: `${word}/a.j2`,
        content: `\ufeff{% include '${word}/b.j2' %}`,
        delete_template: `${word}/d`,
        tests: [{ name: "t", expected: "b" }],
      },
      { name: `${word}/b.j2`, content: "b" },
      { name: `${word}/d.j2`, content: "d{% include 'nowhere' ignore missing %}", type: "delete" },
    ];
    const dry = dataOf(await load({ files, dry_run: true }));
    expect([dry.created, dry.errors, dry.files.map((f) => f.action)]).toEqual([3, 0, ["create", "create", "create"]]);
    expect(dry.files[2]?.missing).toEqual(["nowhere"]);
    expect((await viewer.call("GET", at(`${word}/b`))).status).toBe(404);
    expect(dataOf(await load({ files })).created).toBe(3);
    expect(dataOf(await viewer.call("GET", at(`${word}/a`))).template).toMatchObject({
      delete_template: `${word}/d`,
      version: 1,
    });
    expect(await rendered(`${word}/a`)).toBe("b");
    expect(dataOf(await load({ files }))).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
  });

  test("is all or nothing, and tells each file's faults", async () => {
    const word = name("imp");
    await create({ name: `${word}-old`, content: "old" });
    const files = [
      { name: `${word}-good.j2`, content: "fine" },
      { name: `${word}-bad.j2`, content: "\n{% if %}" },
      { name: `${word}-old.j2`, content: "new" },
      { name: `${word}-GOOD`, content: "twin" },
      { name: "../up", content: "x" },
      { name: 7, content: null },
    ];
    const reply = await load({ files });
    expect(reply).toMatchObject({ status: 422, body: { code: "template_files" } });
    const told = reply.body.details?.map((d) => [d.path, d.code]);
    expect(told).toEqual([
      ["files[1].content", "template_syntax"],
      ["files[2].content", "template_exists"],
      ["files[3].content", "template_twice"],
      ["files[4].content", "field_format"],
      ["files[5].content", "field_type"],
      ["files[5].content", "field_type"],
    ]);
    expect(reply.body.details?.[0]?.line).toBe(2);
    expect((await viewer.call("GET", at(`${word}-good`))).status).toBe(404);
    expect(dataOf(await viewer.call("GET", at(`${word}-old`))).template.content).toBe("old");
    const dry = await load({ files, dry_run: true });
    expect([dry.status, dataOf(dry).errors]).toEqual([200, 5]);
  });

  test("gives a template a new version when it may", async () => {
    const { name: called } = await create({ name: name("imp"), content: "old", description: "kept" });
    const body = { files: [{ name: `${called}.j2`, content: "new" }], update: true, comment: "from git" };
    expect(dataOf(await load(body))).toMatchObject({ updated: 1, files: [{ action: "update" }] });
    expect(dataOf(await viewer.call("GET", at(called))).template).toMatchObject({
      content: "new",
      version: 2,
      description: "kept",
    });
    expect(await lastAudit()).toMatchObject({ action: "template.import", detail: { updated: [called] } });
  });

  test("five hundred files of 8 kB go in one request", async () => {
    const word = name("many");
    const files = Array.from({ length: 500 }, (_, i) => ({
      name: `${word}/${i}.j2`,
      content: `{% include '${word}/${(i + 1) % 500}' ignore missing %}${"interface {{ x }}\n".repeat(450)}`,
    }));
    const reply = await load({ files });
    expect(reply.status, reply.text.slice(0, 500)).toBe(200);
    expect(dataOf(reply).created).toBe(500);
  });
});

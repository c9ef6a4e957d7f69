import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../system/ids.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let operator: Caller;

beforeAll(async () => {
  api = await startApi();
  operator = await api.as(["operator"]);
});
afterAll(() => api.stop());

const render = (content: string, variables: object = {}, more: object = {}): Promise<Reply> =>
  operator.call("POST", "/api/templates/render", { content, variables, ...more });

/** What would be seen if one of them had got hold of the program that renders. */
const LEAKS = [
  process.version,
  "native code",
  "function Object",
  "[object Object]",
  "root:x:0",
  process.execPath,
  "node:internal",
];

/** Values to reach out from: each kind that JSON has. */
const variables = { s: "text", n: 7, f: 1.5, b: true, none: null, list: [1, 2], obj: { a: 1 } };

describe("no template reaches what renders it", () => {
  const outwards = [
    "{{ s.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ [].__class__.__base__.__subclasses__()[40]('/etc/passwd').read() }}",
    "{{ obj.constructor }}",
    "{{ s.constructor('return process')() }}",
    "{{ list.constructor.constructor('return process.version')() }}",
    "{{ range.constructor('return process.version')() }}",
    "{{ obj.__proto__ }}",
    "{{ obj['__proto__']['polluted'] }}",
    "{{ n.__proto__.constructor }}",
    "{% set obj.__proto__ = 1 %}",
    "{% set ns = namespace() %}{{ ns.__proto__.constructor }}",
    "{% set ns = namespace() %}{{ ns.constructor('return process')() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ dict.__class__.__mro__ }}",
    "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop.constructor }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{{ caller.constructor }}{% endmacro %}{% call m() %}{% endcall %}",
    "{{ process.env }}",
    "{{ globalThis.process.env }}",
    "{{ require('child_process').execSync('id') }}",
    "{{ this.constructor }}",
    "{{ config.items() }}",
    "{{ request.application.__globals__.__builtins__ }}",
    "{{ s|attr('__class__') }}",
    "{{ obj|attr('constructor') }}",
    "{{ list|map('constructor')|list }}",
    "{{ list|map(attribute='constructor.name')|join }}",
    "{{ '{0.__class__}'.format(s) }}",
    "{{ '{0.constructor}'.format(list) }}",
    "{{ '{a.__init__.__globals__}'.format_map({'a': s}) }}",
    "{{ s.toString() }}",
    "{{ obj.hasOwnProperty('a') }}",
    "{{ list.length }}",
    "{{ s.replace.constructor('return 1')() }}",
    "{{ (1).__class__ }}",
    "{{ f.toFixed(2) }}",
    "{{ list.map }}",
    "{{ obj.valueOf() }}",
    "{% import 'os' as os %}{{ os.popen('id').read() }}",
    "{% import 'node:fs' as fs %}{{ fs.readFileSync('/etc/passwd') }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../../etc/passwd' %}",
    "{% include 'constructor' %}",
    "{% include '__proto__' %}",
    "{% extends 'toString' %}",
  ];

  test.each(outwards)("%s", async (payload) => {
    const reply = await render(payload, variables);
    expect(reply.status, reply.text).toBe(422);
    expect(reply.body.code).toMatch(/^(variable_undefined|template_\w+|filter_failed)$/);
    for (const leak of LEAKS) expect(reply.text).not.toContain(leak);
    // Without the error it is no more than nothing.
    const lenient = await render(payload, variables, { options: { undefined: "default" } });
    expect([200, 422]).toContain(lenient.status);
    for (const leak of LEAKS) expect(lenient.text).not.toContain(leak);
  });

  test("and nothing here was changed by them", async () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect((await render("{{ obj }} {{ list }}", variables)).text).toContain("{'a': 1} [1, 2]");
  });

  test("variables that are named as what JavaScript has are variables", async () => {
    const named = '{"constructor": "a", "toString": "b", "hasOwnProperty": "c", "then": "d"}';
    const content = "{{ constructor }}{{ toString }}{{ hasOwnProperty }}{{ then }}";
    const reply = await operator.call(
      "POST",
      "/api/templates/render",
      `{"content": "${content}", "variables": ${named}}`,
    );
    expect(reply.text).toContain('"rendered":"abcd"');
    const proto = await operator.call(
      "POST",
      "/api/templates/render",
      '{"content": "", "variables": {"__proto__": {"x": 1}}}',
    );
    expect(proto).toMatchObject({ status: 400, body: { code: "unknown_field" } });
  });
});

describe("no template takes more than its share", () => {
  const bombs: [string, string][] = [
    ["a list of a million million", "{{ range(10**12)|list }}"],
    ["a loop of a thousand million", "{% for i in range(10**9) %}{% endfor %}"],
    ["loops in loops in loops", `${"{% for i in range(2000) %}".repeat(4)}${"{% endfor %}".repeat(4)}`],
    ["a macro that calls itself", "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}"],
    [
      "two macros that call each other twice",
      "{% macro f() %}{{ g() }}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
    ],
    ["a loop that calls itself", "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}"],
    ["a text of ten thousand million", "{{ 'a' * 10**10 }}"],
    ["a list of a thousand million", "{{ [1] * 10**9 }}"],
    ["a list of lists of lists", "{% set a = [1] * 100000 %}{% set b = [a] * 100000 %}{{ b }}"],
    [
      "a text that doubles",
      "{% set ns = namespace(s='xxxxxxxx') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
    ],
    [
      "a list that doubles",
      "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l }}",
    ],
    ["a number of a thousand million digits", "{{ 10 ** (10 ** 10) }}"],
    [
      "a number that squares itself",
      "{% set ns = namespace(n=3) %}{% for i in range(64) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
    ],
    ["spaces around", "{{ 'a'|center(10**9) }}"],
    ["a wide format", "{{ '%1000000000d' % 1 }}"],
    ["a wide field", "{{ '{:1000000000}'.format(1) }}"],
    ["spaces in front", "{{ ('a\n' * 100000)|indent(100000) }}"],
    ["a regular expression that goes back and back", "{{ ('a' * 40 ~ 'b')|regex_search('(a+)+$') }}"],
    ["another one", "{{ ('a' * 40 ~ 'b')|regex_replace('^(([a-z])+.)+[A-Z]([a-z])+$', '') }}"],
    ["much text without end", "{{ lipsum(n=100000) }}"],
    ["all addresses of a network", "{% for i in range(16777216) %}{{ '10.0.0.0/8'|ipaddr(i) }}\n{% endfor %}"],
    ["a thousand million empty lines", "{{ '\n' * 10**9 }}"],
    ["a hundred thousand brackets", `{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`],
    ["a hundred thousand lists", `{{ ${"[".repeat(100_000)}${"]".repeat(100_000)} }}`],
    ["ten thousand ifs in each other", `${"{% if 1 %}".repeat(10_000)}${"{% endif %}".repeat(10_000)}`],
    ["a hundred thousand signs", `{{ ${"- ".repeat(100_000)}1 }}`],
    ["a hundred thousand nots", `{{ ${"not ".repeat(60_000)}1 }}`],
  ];

  test.each(bombs)("%s", async (_what, payload) => {
    const reply = await render(payload);
    expect(reply.status, reply.text.slice(0, 500)).toBe(422);
    expect(reply.body.code, reply.text.slice(0, 500)).toMatch(/^template_(limit|syntax|failed)$/);
  });

  test("an include of itself", async () => {
    const reply = await render("{% include 'me' %}", {}, { templates: { me: "{% include 'me' %}{% include 'me' %}" } });
    expect(reply).toMatchObject({ status: 422, body: { code: "template_limit" } });
  });

  test("a billion laughs through includes", async () => {
    const templates = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`t${i}`, `{% include 't${i + 1}' %}`.repeat(10)] as const),
    );
    const reply = await render("{% include 't0' %}", {}, { templates: { ...templates, t30: "ha" } });
    expect(reply).toMatchObject({ status: 422, body: { code: "template_limit" } });
  });

  test("while one is at work, the API answers others", async () => {
    let ended = false;
    const slow = render("{{ ('a' * 60 ~ 'b')|regex_search('(a+)+$') }}").finally(() => (ended = true));
    expect((await operator.call("GET", "/api/templates")).status).toBe(200);
    expect(ended).toBe(false);
    expect((await render("{{ 1 + 1 }}")).text).toContain('"rendered":"2"');
    expect((await slow).body.code).toBe("template_limit");
  });
});

describe("what devices and people give is never rendered", () => {
  const hostile = "{{ 7 * 191 }}{% for i in range(9) %}x{% endfor %}{# gone #}${7*191}<%= 7*191 %>#{7*191}";

  test("in variables, at any depth", async () => {
    const reply = await render(
      "{{ a }}{{ b.c[0].d }}{{ e|upper|lower }}{{ a ~ e }}{{ '%s' % a }}{{ '{}'.format(a) }}",
      {
        a: hostile,
        b: { c: [{ d: hostile }] },
        e: hostile,
      },
    );
    expect(reply.status, reply.text).toBe(200);
    expect(reply.text).not.toContain("1337");
    expect(reply.text.split("7 * 191").length - 1).toBe(7);
  });

  test("in facts of a device, its variables and its description", async () => {
    const id = newId();
    await api.pool`insert into devices (id, name, host, device_type, description, facts) values (${id}, 'hostile-1', '192.0.2.1', 'cisco_ios',
      ${hostile}, ${api.pool.json({ vendor: hostile, os_version: hostile, model: hostile, serial: hostile, hostname: hostile, uptime_s: 1 })})`;
    const content = "{{ device.facts.values()|join('|') }}{{ device }}";
    const reply = await render(content, {}, { device: "hostile-1" });
    expect(reply.status, reply.text).toBe(200);
    expect(reply.text).not.toContain("1337");
    expect(reply.text).toContain("{{ 7 * 191 }}");
  });

  test("in what a macro gives back, or a block sets", async () => {
    const content =
      "{% macro m(x) %}{{ x }}{% endmacro %}{% set s %}{{ m(a) }}{% endset %}{{ s }}{{ m(s) }}{{ caller }}";
    const reply = await render(content, { a: hostile, caller: hostile });
    expect(reply.text).not.toContain("1337");
  });

  test("as the name of a template", async () => {
    const reply = await render("{% include a %}", { a: "{{ 7 * 191 }}" });
    expect(reply).toMatchObject({ status: 422, body: { code: "template_not_found" } });
  });
});

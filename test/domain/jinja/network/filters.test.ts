import { expect, test } from "vitest";
import { compile, JinjaError } from "../../../../domain/jinja/index.ts";
import { LEFT_OUT, NETWORK_FILTERS, NETWORK_TESTS } from "../../../../domain/jinja/network/index.ts";

const render = (source: string, variables: Record<string, unknown> = {}): string =>
  compile(source).render(variables).rendered;

function failure(source: string, variables: Record<string, unknown> = {}): JinjaError {
  try {
    render(source, variables);
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
  throw new Error(`${source} did not fail`);
}

test("filters and tests are found under their short names and those of their collections", () => {
  expect(
    render("{{ '192.0.2.7/24' | ipaddr('network') }} {{ '192.0.2.7/24' | ansible.utils.ipaddr('network') }}"),
  ).toBe("192.0.2.0 192.0.2.0");
  expect(render("{{ [3, 1, 2] | ansible.netcommon.vlan_parser }}")).toBe("['1-3']");
  expect(render("{{ {'a': 1} | ansible.builtin.combine({'b': 2}) }}")).toBe("{'a': 1, 'b': 2}");
  expect(render("{{ '10.0.0.1' is ansible.utils.in_network '10.0.0.0/8' }}")).toBe("True");
});

test("they chain with Jinja's own filters", () => {
  expect(render("{{ nets | map('ipaddr', 'network') | join(' ') }}", { nets: ["10.1.1.1/16", "10.2.1.1/16"] })).toBe(
    "10.1.0.0 10.2.0.0",
  );
  expect(render("{{ names | select('match', 'Gi') | list }}", { names: ["Gi0/1", "Te0/1"] })).toBe("['Gi0/1']");
  expect(render("{{ {'b': 1, 'a': 2} | dict2items | map(attribute='key') | list }}")).toBe("['b', 'a']");
  expect(render("{{ 'b-a' | regex_replace('(.)-(.)', '\\\\2-\\\\1') }}")).toBe("a-b");
});

test("an undefined value is an error with its line, for mandatory with its name", () => {
  const error = failure("one\n{{ address | ipaddr }}");
  expect([error.kind, error.place?.line]).toEqual(["UndefinedError", 2]);
  expect(failure("{{ address | mandatory }}").message).toContain("the variable 'address' is not defined");
  expect(failure("{{ address | mandatory('say the address') }}").message).toContain("say the address");
});

test("a wrong argument is an error with the filter's name and the template's line", () => {
  const error = failure("\n\n{{ '10.0.0.1' | ipaddr('netwrok') }}");
  expect(error.message).toBe("ipaddr: unknown filter type: netwrok");
  expect(error.place?.line).toBe(3);
  expect(failure("{{ '10.0.0.1' | ipmath }}").kind).toBe("TypeError");
  expect(failure("{{ '10.0.0.1' | ipmath(1, 2) }}").kind).toBe("TypeError");
  expect(failure("{{ 'x' | regex_search('(') }}").message).toContain(
    "missing ), unterminated subpattern at position 0",
  );
});

test("sets keep the order in which items came", () => {
  expect(render("{{ [3, 1, 3] | union([2, 1]) }}")).toBe("[3, 1, 2]");
  expect(render("{{ [3, 1, 2] | intersect([2, 3]) }}")).toBe("[3, 2]");
  expect(render("{{ ['b', 'a'] | difference(['a']) }}")).toBe("['b']");
  expect(render("{{ [3, 1] | symmetric_difference([1, 2]) }}")).toBe("[3, 2]");
});

test("strftime counts in UTC and needs the moment", () => {
  expect(render("{{ '%Y-%m-%d %H:%M:%S.%f' | strftime(1735603200.25) }}")).toBe("2024-12-31 00:00:00.250000");
  expect(render("{{ '%H:%M %Z%z' | strftime(0, utc=true) }}")).toBe("00:00 UTC+0000");
  expect(failure("{{ '%Y' | strftime }}").message).toContain("templates have no clock");
});

test.each([
  ["{{ range(100) | permutations }}"],
  ["{{ range(3000) | product(range(3000)) }}"],
  ["{{ range(60) | combinations(20) }}"],
  ["{{ 'x' | comment(postfix_count=100000000) }}"],
  ["{{ ('1-' ~ 999999999) | vlan_expander }}"],
  ["{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' is match('(a+)+$') }}"],
])("what would make very much of very little is stopped: %s", (source) => {
  expect(failure(source).kind).toBe("LimitReached");
});

test("what is left out is not there under any name, and the reason is a clause", () => {
  for (const [name, reason] of LEFT_OUT) {
    expect(NETWORK_FILTERS.has(name) || NETWORK_TESTS.has(name), name).toBe(false);
    expect(reason).toMatch(/^[a-z].*[^.]$/);
  }
});

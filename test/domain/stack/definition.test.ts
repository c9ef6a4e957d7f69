import { expect, test } from "vitest";
import { StackInput } from "../../../domain/contract/stack.ts";
import { readStack } from "../../../domain/stack/definition.ts";
import { findCycle, inOrder } from "../../../domain/stack/graph.ts";

const read = (input: unknown) => readStack(StackInput.parse(input));

test("the older form with device and order becomes services that wait for the next lower number", () => {
  const { definition, faults } = read({
    name: "campus",
    description: "old",
    services: [
      { name: "ntp", template: "ntp.j2", device: "r1", variables: { server: "192.0.2.1" }, order: 1 },
      { name: "syslog", template: "syslog.j2", devices: ["r1", "R1", "r2"], order: 1 },
      { name: "bgp", template: "bgp", device: "r1", order: 5 },
      { name: "free", template: "free", device: "r3" },
    ],
    shared_variables: { site: "fra" },
  });
  expect(faults).toEqual([]);
  expect(definition.services).toEqual([
    { name: "ntp", template: "ntp", devices: ["r1"], variables: { server: "192.0.2.1" }, depends_on: [] },
    { name: "syslog", template: "syslog", devices: ["r1", "r2"], variables: {}, depends_on: [] },
    { name: "bgp", template: "bgp", devices: ["r1"], variables: {}, depends_on: ["ntp", "syslog"] },
    { name: "free", template: "free", devices: ["r3"], variables: {}, depends_on: [] },
  ]);
  expect(definition).toMatchObject({ shared_variables: { site: "fra" }, on_failure: "rollback", description: "old" });
});

test("the documented form with templates and dependencies becomes one service a template", () => {
  const { definition, faults } = read({
    name: "edge",
    templates: [
      { id: 1, name: "base.j2" },
      { id: 2, name: "bgp.j2" },
    ],
    dependencies: { 2: [1], bgp: ["base"] },
    variables: { asn: 64500 },
  });
  expect(faults).toEqual([]);
  expect(definition.services).toEqual([
    { name: "base", template: "base", devices: [], variables: {}, depends_on: [] },
    { name: "bgp", template: "bgp", devices: [], variables: {}, depends_on: ["base"] },
  ]);
  expect(definition.shared_variables).toEqual({ asn: 64500 });
});

test("a circle is refused with its way round, at its place", () => {
  const { faults } = read({
    name: "s",
    services: [
      { name: "x", template: "t", devices: ["r1"] },
      { name: "a", template: "t", devices: ["r1"], depends_on: ["b"] },
      { name: "b", template: "t", devices: ["r1"], depends_on: ["a"] },
    ],
  });
  expect(faults).toEqual([
    {
      path: "services[1].depends_on",
      code: "dependency_cycle",
      message: "goes round in a circle: a → b → a; take one of these dependencies away",
    },
  ]);
  expect(findCycle([{ name: "me", depends_on: ["me"] }])).toEqual(["me", "me"]);
});

test("names that are there twice or nowhere are told with their place", () => {
  const { faults } = read({
    name: "s",
    services: [
      { name: "a", template: "t", devices: ["r1"], depends_on: ["ghost"] },
      { name: "a", template: "t", devices: ["r1"] },
    ],
  });
  expect(faults.map((f) => [f.path, f.code])).toEqual([
    ["services[1].name", "service_twice"],
    ["services[0].depends_on[0]", "service_unknown"],
  ]);
  const other = read({ name: "s", templates: [{ name: "t" }], dependencies: { t: ["u"], v: [] } });
  expect(other.faults.map((f) => [f.path, f.code])).toEqual([
    ["dependencies.t[0]", "template_unknown"],
    ["dependencies.v", "template_unknown"],
  ]);
});

test("the order keeps what was given first first, behind what it depends on", () => {
  const names = inOrder([
    { name: "c", depends_on: ["a"] },
    { name: "b", depends_on: [] },
    { name: "a", depends_on: [] },
    { name: "d", depends_on: ["c", "b"] },
  ]).map((n) => n.name);
  expect(names).toEqual(["b", "a", "c", "d"]);
});

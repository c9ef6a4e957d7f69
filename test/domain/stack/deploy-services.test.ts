import { expect, test } from "vitest";
import type { StackDefinition } from "../../../domain/contract/stack.ts";
import { deployServices } from "../../../domain/stack/deploy-services.ts";

const stack = (services: Partial<StackDefinition["services"][number]>[]): StackDefinition => ({
  name: "s",
  description: "",
  shared_variables: {},
  device_variables: {},
  api_variables: [],
  on_failure: "rollback",
  services: services.map((s) => ({ name: "", template: "t", devices: [], variables: {}, depends_on: [], ...s })),
});
const deploy = { owned: [], only: null, action: "deploy" as const };

test("services wait for those that they depend on, and for earlier ones on the same device", () => {
  const { services } = deployServices(
    stack([
      { name: "bgp", devices: ["r1", "r2"], depends_on: ["base"] },
      { name: "base", devices: ["r1"] },
      { name: "ntp", devices: ["r3"] },
      { name: "log", devices: ["R3", "r2"] },
    ]),
    deploy,
  );
  expect(services.map((s) => [s.position, s.service, s.needs, s.after])).toEqual([
    [0, "base", [], []],
    [1, "bgp", [0], [0]],
    [2, "ntp", [], []],
    [3, "log", [], [1, 2]],
  ]);
});

test("what is not wanted on a device any more is taken off first, the last one that came first", () => {
  const { services } = deployServices(stack([{ name: "base", devices: ["r1"] }]), {
    ...deploy,
    owned: [
      { service: "base", device: "r1", position: 0 },
      { service: "base", device: "r2", position: 0 },
      { service: "gone", device: "r1", position: 1 },
    ],
  });
  expect(services.map((s) => [s.position, s.action, s.service, s.devices, s.after])).toEqual([
    [0, "remove", "gone", ["r1"], []],
    [1, "remove", "base", ["r2"], []],
    [2, "deploy", "base", ["r1"], [0]],
  ]);
});

test("taking a stack off goes against its order", () => {
  const { services } = deployServices(
    stack([
      { name: "base", devices: ["r1"] },
      { name: "bgp", devices: ["r2"], depends_on: ["base"] },
    ]),
    {
      only: null,
      action: "delete",
      owned: [
        { service: "base", device: "r1", position: 0 },
        { service: "bgp", device: "r2", position: 1 },
      ],
    },
  );
  expect(services.map((s) => [s.service, s.action, s.needs])).toEqual([
    ["bgp", "remove", []],
    ["base", "remove", [0]],
  ]);
});

test("devices of a request cut a deploy down; services without any of their own go to them, or to where they are", () => {
  const definition = stack([{ name: "own", devices: ["r1", "r2"] }, { name: "free" }]);
  const owned = [{ service: "own", device: "r2", position: 0 }];
  expect(
    deployServices(definition, { ...deploy, owned, only: ["r1"] }).services.map((s) => [s.service, s.devices]),
  ).toEqual([
    ["own", ["r1"]],
    ["free", ["r1"]],
  ]);
  expect(deployServices(definition, deploy).without).toEqual(["free"]);
  const there = [{ service: "free", device: "r9", position: 1 }];
  expect(deployServices(definition, { ...deploy, owned: there }).services.at(-1)).toMatchObject({
    service: "free",
    devices: ["r9"],
  });
});

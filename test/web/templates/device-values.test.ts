import { expect, test } from "vitest";
import { valuesIn } from "../../../web/src/features/templates/use-device-values.ts";

test("what a device gives stands with its origin, and numbers keep their form", () => {
  const variable = (name: string, value: string, kind: string, owner: string): string =>
    `{"name":"${name}","value":${value},"is_secret":false,"origin":{"kind":"${kind}","id":null,"name":"${owner}"},"hides":[]}`;
  const text = `{"success":true,"data":{"variables":[${[
    variable("ratio", "1.0", "site", "fra"),
    variable("servers", '["192.0.2.1"]', "global", "all"),
    variable("policy", '"T"', "device", "edge-1"),
  ].join(",")}]}}`;
  expect([...valuesIn(text)]).toEqual([
    ["ratio", { text: "1.0", origin: "from site fra" }],
    ["servers", { text: "- 192.0.2.1", origin: "from all devices" }],
    ["policy", { text: "T", origin: "from the device" }],
  ]);
});

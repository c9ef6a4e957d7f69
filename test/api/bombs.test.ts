import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let admin: Caller;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"]);
});
afterAll(() => api.stop());

const MB = 1_048_576;
const fill = (unit: string, size = MB - 200): string => unit.repeat(Math.floor(size / unit.length));
const list = (unit: string): string => `[${fill(`${unit},`)}${unit}]`;
const base = '"name":"x","host":"10.0.0.1","device_type":"linux"';

const bombs: [string, string][] = [
  ["open brackets", fill("[")],
  ["open braces", fill('{"a":')],
  ["brackets and braces", fill('[{"a":')],
  ["closing brackets", fill("]")],
  ["quotes", fill('"')],
  ["backslashes", `"${fill("\\\\")}"`],
  ["an open string", `"${fill("a")}`],
  ["white space", fill(" ")],
  ["a long number", fill("9")],
  ["a long exponent", `{"port":1e${fill("9")}}`],
  ["empty lists", list("[]")],
  ["empty objects", list("{}")],
  ["numbers", list("1")],
  ["nested just as deep as is allowed", `[${fill(`${"[".repeat(30)}${"]".repeat(30)},`)}[]]`],
  [
    "unknown fields by the ten thousand",
    `{${base},${Array.from({ length: 70_000 }, (_, i) => `"k${i}":1`).join(",")}}`,
  ],
  ["the same field again and again", `{${fill('"name":"x",')}"port":0}`],
  ["wrong tags", `{${base},"tags":[${fill("1,", 180_000)}1]}`],
  ["long tags", `{${base},"tags":[${fill(`"${"a".repeat(500)}",`)}"a"]}`],
  ["one long name", `{"name":"${fill("a")}"}`],
  ["a name of dots and dashes", `{${base.replace('"x"', `"${fill("a-.", 900_000)}!"`)}}`],
  ["a host of many labels", `{"name":"x","device_type":"linux","host":"${fill("a-", 900_000)}"}`],
  ["a platform that is long to compare", `{"name":"x","host":"10.0.0.1","device_type":"${fill("cisco", 900_000)}"}`],
  ["random bytes", randomBytes(MB / 2).toString("latin1")],
];

test.each(bombs)("%s: refused, and it costs others nothing worth a name", async (_what, body) => {
  const { status, body: answer } = await admin.call("POST", "/api/devices", body);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(answer.details?.length ?? 0).toBeLessThanOrEqual(50);
  expect(JSON.stringify(answer).length).toBeLessThan(60_000);
});

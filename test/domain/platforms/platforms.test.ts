import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PLATFORM_IDS } from "../../../domain/contract/device.ts";
import { languages } from "../../../domain/platforms/index.ts";

const folder = new URL("../../../domain/platforms/", import.meta.url);
/** What platforms share. */
const shared = [
  "index.ts",
  "language.ts",
  "ios-like.ts",
  "read-rules.ts",
  "routeros-menus.ts",
  "vrp-like.ts",
  "secret-rules.ts",
];

test("every file of the folder is in the registry", () => {
  const files = readdirSync(folder).filter((f) => !shared.includes(f));
  expect(files.sort()).toEqual(
    Object.keys(languages)
      .map((id) => `${id}.ts`)
      .sort(),
  );
});

describe.each(PLATFORM_IDS)("%s", (id) => {
  test("is under its own name", () => {
    expect(languages[id].id).toBe(id);
    expect(languages[id].label).not.toBe("");
  });

  test("its patterns keep no state between lines", () => {
    const patterns: RegExp[] = [];
    const walk = (value: unknown): void => {
      if (value instanceof RegExp) patterns.push(value);
      else if (Array.isArray(value)) value.forEach(walk);
      else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
    };
    walk(languages[id]);
    expect(patterns.length).toBeGreaterThan(5);
    for (const pattern of patterns) expect(pattern.flags).not.toMatch(/[gy]/);
  });
});

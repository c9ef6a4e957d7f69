import { expect, test } from "vitest";
import { pageWord, safeTarget } from "../../web/src/features/auth/after-sign-in.ts";

test("after signing in one never leaves this site", () => {
  for (const evil of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/login?to=/login",
    undefined,
    "",
  ])
    expect(safeTarget(evil)).toBe("/");
  expect(safeTarget("/approvals/1?x=2")).toBe("/approvals/1?x=2");
});

test("the page one returns to is named in words", () => {
  expect(
    [
      "/approvals/0193",
      "/devices/lab-ams-1",
      "/devices",
      "/changes/new",
      "/devices/import",
      "/settings/users",
      "/elsewhere",
    ].map(pageWord),
  ).toEqual(["approval", "device lab-ams-1", "devices", "new change", "import of devices", "users", "/elsewhere"]);
});

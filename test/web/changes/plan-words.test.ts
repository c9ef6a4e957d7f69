import { expect, test } from "vitest";
import {
  isLabOnly,
  letter,
  sending,
  shortHash,
  shortReasons,
  wayBack,
} from "../../../web/src/features/changes/plan-words.ts";

test("diffs are lettered, beyond Z with two letters", () => {
  expect([0, 25, 26, 27, 52].map(letter)).toEqual(["A", "Z", "AA", "AB", "BA"]);
});

test("a plan is quoted by eight digits", () => {
  expect(shortHash(`sha256:c41f9e02${"a".repeat(56)}`)).toBe("c41f9e02");
});

test("the way back is the device's own only where every diff has a timer", () => {
  const timed = { confirm_minutes: 10, rollback_lines: ["x"] };
  const lines = { confirm_minutes: 0, rollback_lines: ["x"] };
  expect(wayBack([timed, timed])).toMatchObject({ value: "reverts in 10 m", note: "by the device itself" });
  expect(wayBack([timed, lines]).note).toBe("1 of 2 diffs by the device, the rest by rollback lines");
  expect(wayBack([lines]).value).toBe("rollback lines");
  expect(wayBack([timed, { confirm_minutes: 0, rollback_lines: [] }])).toMatchObject({
    value: "not for all",
    certain: false,
  });
});

test("how it is sent is told in the platform's word", () => {
  expect(sending([{ mode: "line", transaction: "none" }]).value).toBe("line by line");
  expect(sending([{ mode: "staged", transaction: "commit confirmed" }])).toEqual({
    value: "one commit",
    note: "commit confirmed",
  });
  expect(
    sending([
      { mode: "line", transaction: "none" },
      { mode: "staged", transaction: "commit" },
    ]).value,
  ).toBe("per platform");
});

test("in the strip, reasons are told without the lines that they are about, each once", () => {
  expect(
    shortReasons([
      "“ip address 192.0.2.1” in “interface Lo1” changes an interface's address",
      "“ip address 192.0.2.2” in “interface Lo2” changes an interface's address",
      "“no shutdown” and 3 more: brings an interface up",
      "2 lines go away",
    ]),
  ).toEqual(["changes an interface's address", "brings an interface up", "2 lines go away"]);
});

test("a change is the lab's only if every device that it touches is", () => {
  const target = (is_lab: boolean, state: "planned" | "no_change") => ({ is_lab, state }) as never;
  expect(isLabOnly({ targets: [target(true, "planned"), target(false, "no_change")] })).toBe(true);
  expect(isLabOnly({ targets: [target(true, "planned"), target(false, "planned")] })).toBe(false);
  expect(isLabOnly({ targets: [target(true, "no_change")] })).toBe(false);
});

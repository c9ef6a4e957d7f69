import { describe, expect, test } from "vitest";
import type { Change } from "../../../domain/contract/change.ts";
import {
  EMPTY_DRAFT,
  bodyOf,
  chooseDevices,
  draftOf,
  expectWords,
  liveBlocks,
  localProblems,
  serverProblems,
  signatureOf,
  type Draft,
  type DraftDevice,
} from "../../../web/src/features/changes/draft.ts";

const device = (name: string, device_type: DraftDevice["device_type"] = "cisco_ios"): DraftDevice => ({
  name,
  device_type,
  os: null,
  is_lab: false,
});
const withText = (draft: Draft, key: string, text: string): Draft => ({
  ...draft,
  blocks: draft.blocks.map((b) => (b.key === key ? { ...b, text } : b)),
});

describe("choosing devices", () => {
  test("gives each platform one text, for all of its devices", () => {
    const draft = chooseDevices(EMPTY_DRAFT, [device("a"), device("b"), device("j", "juniper_junos")]);
    expect(liveBlocks(draft).map((b) => [b.platform, b.devices])).toEqual([
      ["cisco_ios", ["a", "b"]],
      ["juniper_junos", ["j"]],
    ]);
  });
  test("leaving a device out and taking it in again loses no line", () => {
    const one = withText(chooseDevices(EMPTY_DRAFT, [device("a")]), "cisco_ios", "ntp server 192.0.2.1");
    const none = chooseDevices(one, []);
    expect(bodyOf(none)).toBeNull();
    expect(bodyOf(chooseDevices(none, [device("b")]))?.targets).toEqual([
      { device: "b", lines: "ntp server 192.0.2.1" },
    ]);
  });
});

describe("what is sent to be planned", () => {
  const base = chooseDevices(EMPTY_DRAFT, [device("a"), device("j", "juniper_junos")]);
  test("is nothing before a line is typed, and leaves out platforms without lines", () => {
    expect(bodyOf(base)).toBeNull();
    const body = bodyOf(withText(base, "cisco_ios", "ntp server 192.0.2.1"));
    expect(body?.targets.map((t) => t.device)).toEqual(["a"]);
    expect(body?.title).toBe("Untitled change");
  });
  test("leaves out checks that are not finished, and says how the others compare", () => {
    const check = { device: null, how: "contains" as const };
    const verify = [
      { ...check, id: 0, command: "show clock", expect: "" },
      { ...check, id: 1, command: " show ntp ", expect: "synced" },
      { ...check, id: 2, command: "show log", how: "not_contains" as const, expect: "ERR", device: "a" },
    ];
    expect(bodyOf({ ...withText(base, "cisco_ios", "x"), verify })?.verify).toEqual([
      { command: "show ntp", expect: { contains: "synced" } },
      { device: "a", command: "show log", expect: { not_contains: "ERR" } },
    ]);
  });
  test("has another signature when anything of it changes, and the same for what is not sent", () => {
    const draft = withText(base, "cisco_ios", "x");
    expect(signatureOf({ ...draft, confirmMinutes: 9 })).not.toBe(signatureOf(draft));
    expect(signatureOf({ ...draft, verify: [{ id: 3, device: null, command: "", how: "contains", expect: "" }] })).toBe(
      signatureOf(draft),
    );
  });
});

describe("problems", () => {
  const draft = withText(
    withText(
      chooseDevices(EMPTY_DRAFT, [device("a"), device("b"), device("j", "juniper_junos")]),
      "cisco_ios",
      "one\ntwo",
    ),
    "juniper_junos",
    "set x\u200b",
  );
  test("a hidden character is named on its line before anybody is asked", () => {
    expect(localProblems(draft)).toEqual([
      { block: "juniper_junos", line: 1, message: "holds U+200B (zero-width space); remove it" },
    ]);
  });
  test("a refusal stands on the line of the platform it is about, once for all its devices", () => {
    const details = [
      { path: "targets[0].lines[1]", message: "is not known" },
      { path: "targets[1].lines[1]", message: "is not known" },
      { path: "targets[2].device", message: "is disabled" },
      { path: "title", message: "too long" },
    ];
    expect(serverProblems(draft, details)).toEqual([
      { block: "cisco_ios", line: 2, message: "is not known" },
      { block: "juniper_junos", line: null, message: "is disabled" },
    ]);
  });
});

test("a planned draft is edited as it was made: devices with other lines keep theirs", () => {
  const target = (name: string, lines: string[]) => ({
    device: name,
    device_type: "cisco_ios",
    lines,
    is_lab: true,
    confirm_minutes: 5,
  });
  const change = {
    title: "Untitled change",
    targets: [target("a", ["x"]), target("b", ["x"]), target("c", ["y"])],
    verify: [{ command: "show clock", expect: { not_contains: "unsynced" } }],
    on_interrupted: "verify",
  } as unknown as Change;
  const draft = draftOf(change);
  expect(draft.title).toBe("");
  expect(draft.blocks.map((b) => [b.devices, b.text])).toEqual([
    [["a", "b"], "x"],
    [["c"], "y"],
  ]);
  expect(draft.onInterrupted).toBe("verify");
  expect(bodyOf(draft)?.verify).toEqual(change.verify);
});

test("expectations are told in words, and come back as they were given", () => {
  expect(expectWords("up")).toBe("holds “up”");
  expect(expectWords({ not_contains: "down" })).toBe("does not hold “down”");
  expect(expectWords({ contains: "a", matches: "b|c" })).toBe("holds “a” and matches “b|c”");
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePoint, holdsHidden, secretLabel, tokenize } from "../../../web/src/components/diff/tokens.ts";

const kinds = (text: string, kind: string): string[] =>
  tokenize(text)
    .filter((t) => t.kind === kind)
    .map((t) => t.text);

describe("a config line", () => {
  test("shows addresses, AS numbers and plain numbers as values, and names as text", () => {
    expect(kinds("neighbor 198.51.100.9 maximum-prefix 1200 90", "value")).toEqual(["198.51.100.9", "1200", "90"]);
    expect(kinds("set community 64510:1200 additive", "value")).toEqual(["64510:1200"]);
    expect(kinds("ip route 10.0.0.0/8 2001:db8::1", "value")).toEqual(["10.0.0.0/8", "2001:db8::1"]);
    expect(kinds("interface GigabitEthernet0/0/1", "value")).toEqual([]);
    expect(kinds("server 192.0.2.10;", "value")).toEqual(["192.0.2.10"]);
    expect(kinds("set interfaces xe-0/0/1 unit 0", "value")).toEqual(["0"]);
  });
  test("is a comment as a whole when it begins as one", () => {
    expect(tokenize("! version 17.12").map((t) => t.kind)).toEqual(["comment"]);
    expect(tokenize("## Last commit: 1")[0]?.kind).toBe("comment");
  });
  test("shows what deceives the eye as a token of its own, also in a comment", () => {
    expect(kinds("description a\u202eb", "hidden")).toEqual(["\u202e"]);
    expect(kinds("! \u200bx", "hidden")).toEqual(["\u200b"]);
    expect(kinds("banner \u001b[31mred", "hidden")).toEqual(["\u001b"]);
    expect(kinds("description \u0430dmin", "hidden")).toEqual(["\u0430"]);
    expect(kinds("description \u{1f600}", "hidden")).toEqual(["\u{1f600}"]);
    expect(holdsHidden("plain\ttext")).toBe(false);
    expect(holdsHidden("host 192.0.2.1 { … }")).toBe(false);
  });
  test("keeps a secret reference in one piece", () => {
    expect(kinds("username a secret secret://hmac:12ab34cd", "secret")).toEqual(["secret://hmac:12ab34cd"]);
    expect(secretLabel("secret://hmac:12ab34cd")).toBe("secret://12ab34cd");
    expect(secretLabel("secret://0193a5b0-0000-7000-8000-00000000beef")).toBe("secret://…0000beef");
  });
  test("loses no character, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(
          tokenize(text)
            .map((t) => t.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
  test("never shows a character outside of printable ASCII as itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const token of tokenize(text)) if (token.kind !== "hidden") expect(holdsHidden(token.text)).toBe(false);
      }),
    );
  });
});

test("code points have a number and a name", () => {
  expect(codePoint("\u202e")).toEqual({ label: "U+202E", name: "right-to-left override" });
  expect(codePoint("\u0001")).toEqual({ label: "U+0001", name: "control character" });
  expect(codePoint("ü")).toEqual({ label: "U+00FC", name: "not ASCII" });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyLines } from "../../../domain/config/apply.ts";
import { inverseLines } from "../../../domain/config/inverse.ts";
import { parseLines } from "../../../domain/config/lines.ts";
import { diffTrees } from "../../../domain/config/diff.ts";
import type { Hunk } from "../../../domain/contract/change.ts";
import { parseConfig } from "../../../domain/config/parse.ts";
import { sameConfig } from "../../../domain/config/same.ts";
import { fixture } from "../fixtures/read-fixture.ts";
import { changeFor } from "./generate.ts";

const platforms = ["cisco_ios", "arista_eos", "frr", "juniper_junos"] as const;

const shown = (hunks: readonly Hunk[]): string[] =>
  hunks.map((h) => [h.path.join(" / "), ...h.lines.map((l) => l.op + l.text)].join("\n"));

describe.each(platforms)("%s", (platform) => {
  const before = parseConfig(platform, fixture(platform));

  test("the way back of any change gives the config before", () => {
    fc.assert(
      fc.property(changeFor(platform), (lines) => {
        const after = applyLines(platform, before, lines).tree;
        const back = inverseLines(platform, before, after);
        const again = applyLines(platform, after, back).tree;
        if (!sameConfig(again, before)) expect({ lines, back, left: shown(diffTrees(before, again)) }).toBe("the same");
      }),
      { numRuns: 120 },
    );
  }, 60_000);

  test("the way back is lines that a user could send", () => {
    fc.assert(
      fc.property(changeFor(platform), (lines) => {
        const back = inverseLines(platform, before, applyLines(platform, before, lines).tree);
        const { lines: parsed, problems } = parseLines(platform, back);
        expect(problems.filter((p) => p.code !== "lines_empty")).toEqual([]);
        expect(parsed).toEqual(back);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("a change that changes nothing has no way back", () => {
    expect(inverseLines(platform, before, before)).toEqual([]);
  });
});

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { PLATFORM_IDS } from "../../../domain/contract/device.ts";
import { parseWith } from "../../../domain/textfsm/cli-table.ts";
import { OutputError, PatternError } from "../../../domain/textfsm/errors.ts";
import { openLibrary } from "../../../domain/textfsm/library.ts";
import { isPlain } from "../../../domain/textfsm/lines.ts";
import { compileTemplate, type Compiled } from "../../../domain/textfsm/machine.ts";
import { backtracker } from "../../../domain/textfsm/pattern/backtrack.ts";
import { keptGroups, matchesOtherwise } from "../../../domain/textfsm/pattern/facts.ts";
import { parsePattern } from "../../../domain/textfsm/pattern/parse.ts";
import { writePattern } from "../../../domain/textfsm/pattern/write.ts";
import { NTC_PLATFORMS } from "../../../domain/textfsm/platforms.ts";
import { parseTemplate } from "../../../domain/textfsm/template.ts";
import { NTC_FOLDER, readNtcTemplates } from "../../../system/ntc-templates.ts";
import { withinTime } from "../../../system/bounded-call.ts";
import { requires } from "../../support/requires.ts";
import { seeded } from "../../support/seeded.ts";
import { CASES } from "./cases.ts";
import { outputFor } from "./outputs.ts";
import { PATTERNS, TEXTS } from "./patterns.ts";
import { askMatches, askParses, askTables, askTemplates, type ParseResult } from "./reference.ts";
import { REFUSED } from "./refused.ts";

const SEED = Number(process.env["TEST_SEED"] ?? 20261124);
const OUTPUTS = 3;
/** Some templates hold expressions that never end on some texts, in Python just the same. */
const PATIENCE_MS = 250;

const files = readNtcTemplates();
const names = readdirSync(NTC_FOLDER).filter((name) => name.endsWith(".textfsm"));

function parsed(template: Compiled, output: string): ParseResult {
  try {
    return { rows: template.run(output) };
  } catch (error) {
    if (error instanceof OutputError) return { error: error.ruleLine };
    throw error;
  }
}

// Python reads and compiles a thousand templates.
vi.setConfig({ testTimeout: 180_000 });

requires("textfsm")("beside Python's TextFSM", () => {
  test(`every template of ${files.version} makes the same rows of the same outputs, or refuses them by the same rule`, () => {
    const random = seeded(SEED);
    const endless = new Set<string>();
    const asked = names.map((name) => {
      const template = parseTemplate(files.template(name));
      const compiled = compileTemplate(files.template(name));
      const outputs = Array.from({ length: OUTPUTS }, (_, i) => i).flatMap((i) => {
        const output = outputFor(template, random, { wide: i % 3 === 2 });
        const done = withinTime(PATIENCE_MS, () => withoutRefusedLines(compiled, output, i));
        if (done === undefined) endless.add(name);
        return done?.result ?? [];
      });
      return { name, compiled, outputs };
    });
    const answers = askParses(asked.map(({ name, outputs }) => ({ file: join(NTC_FOLDER, name), outputs })));
    let rows = 0;
    let errors = 0;
    for (const [i, { name, compiled, outputs }] of asked.entries()) {
      const results = outputs.map((output) => parsed(compiled, output));
      expect({ name, outputs, header: compiled.header, results }).toEqual({ name, outputs, ...answers[i] });
      for (const result of results)
        if ("error" in result) errors += 1;
        else rows += result.rows.length;
    }
    process.stdout.write(`TextFSM: ${names.length * OUTPUTS} outputs, ${rows} rows, ${errors} refused, seed ${SEED}\n`);
    if (endless.size > 0) process.stdout.write(`  backtracked without end, and left out: ${[...endless].join(", ")}\n`);
    expect(rows).toBeGreaterThan(4000);
    expect(errors).toBeGreaterThan(100);
  });

  test("the cases of the engine's own tests", () => {
    const answers = askParses(CASES.map(({ template, output }) => ({ template, outputs: [output] })));
    expect(answers.map((answer) => ("results" in answer ? answer.results[0] : answer))).toEqual(
      CASES.map(({ rows }) => ({ rows })),
    );
  });

  test("what is refused here is refused there", () => {
    const answers = askParses(REFUSED.map(({ template }) => ({ template, outputs: [] })));
    expect(answers.flatMap((answer, i) => ("refused" in answer ? [] : [REFUSED[i]?.what]))).toEqual([]);
  });

  test("expressions match as Python's do, or are refused by both, or are said to be unsupported", () => {
    const answers = askMatches(PATTERNS.map((pattern) => ({ pattern, texts: TEXTS })));
    const differ = PATTERNS.flatMap((pattern, i) => {
      const ours = matched(pattern);
      if (ours === "unsupported") return [];
      const theirs = answers[i];
      const both = ours === "refused" ? theirs !== undefined && "refused" in theirs : false;
      return both || JSON.stringify(theirs) === JSON.stringify({ results: ours }) ? [] : [{ pattern, ours, theirs }];
    });
    expect(differ).toEqual([]);
  });

  test("the index leads every command to the same template", () => {
    const library = openLibrary(files);
    const asks = PLATFORM_IDS.flatMap((id) => {
      const platform = NTC_PLATFORMS[id];
      if (platform === null) return [];
      return library
        .commands(platform)
        .flatMap(({ command }) =>
          [command, cutShort(command), command.replace(/ \S+$/, "")].map((text) => [platform, text] as const),
        );
    });
    const theirs = askTemplates(NTC_FOLDER, asks);
    const ours = asks.map(([platform, command]) => library.find(platform, command) ?? null);
    expect(asks.flatMap((ask, i) => (ours[i] === theirs[i] ? [] : [[...ask, ours[i], theirs[i]]]))).toEqual([]);
    expect(asks.length).toBeGreaterThan(1000);
  });

  test("several templates for one command join their rows in the same way", () => {
    const random = seeded(SEED + 1);
    const parses = joinedTemplates().flatMap((joined) => {
      const parts = joined.split(":").map((name) => files.template(name));
      return Array.from({ length: 8 }, () => {
        const text = parts.map((part) => outputFor(parseTemplate(part), random, { wide: false })).join("\n");
        return [
          joined,
          parts.reduce((output, part) => withoutRefusedLines(compileTemplate(part), output, 1), text),
        ] as const;
      });
    });
    const taken = parses.filter(([joined, output]) =>
      joined.split(":").every((name) => "rows" in parsed(compileTemplate(files.template(name)), output)),
    );
    const ours = taken.map(([joined, output]) =>
      parseWith(
        joined.split(":").map((name) => compileTemplate(files.template(name))),
        output,
      ),
    );
    expect(ours).toEqual(askTables(NTC_FOLDER, taken));
    expect(ours.flat().length).toBeGreaterThan(20);
  });
});

/** Of most outputs the lines that the template refuses are taken out, so that there are rows to compare. */
function withoutRefusedLines(template: Compiled, output: string, i: number): string {
  if (i === 0) {
    parsed(template, output);
    return output;
  }
  const lines = output.split(/\r?\n/);
  for (let turn = 0; turn < 30; turn++) {
    try {
      template.run(lines.join("\n"));
      break;
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      const at = lines.findIndex((line) => line.includes(error.input));
      lines.splice(at, 1);
    }
  }
  return lines.join("\n");
}

function matched(source: string): (Record<string, string | null> | null)[] | "refused" | "unsupported" {
  try {
    const pattern = parsePattern(source);
    const own = matchesOtherwise(pattern) ? backtracker(pattern) : undefined;
    const kept = keptGroups(pattern);
    const order = [...kept].sort((a, b) => a - b);
    return TEXTS.map((text) => {
      const found = (own ?? writePattern(pattern, kept, isPlain(text) ? "plain" : "wide")).exec(text);
      return found === null
        ? null
        : Object.fromEntries(
            [...pattern.names].map(([name, group]) => [name, found[order.indexOf(group) + 1] ?? null]),
          );
    });
  } catch (error) {
    if (error instanceof PatternError) return error.unsupported ? "unsupported" : "refused";
    throw error;
  }
}

const cutShort = (command: string): string => command.replace(/^show/, "sh").replace(/^display/, "dis");

const joinedTemplates = (): string[] => [
  ...new Set(
    files.index.split("\n").flatMap((line) => {
      const [name = ""] = line.split(",");
      return name.includes(":") && !line.startsWith("#") ? [name.trim()] : [];
    }),
  ),
];

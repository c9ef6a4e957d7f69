import { describe, expect, test } from "vitest";
import { OutputError } from "../../../domain/textfsm/errors.ts";
import { compileTemplate } from "../../../domain/textfsm/machine.ts";
import { CASES } from "./cases.ts";

describe("a template over an output", () => {
  test.each(CASES)("$what", ({ template, output, rows }) => {
    expect(compileTemplate(template).run(output)).toEqual(rows);
  });

  test("is compiled once and keeps nothing of an output", () => {
    const template = compileTemplate("Value Filldown A (\\S+)\nValue List B (\\d+)\n\nStart\n  ^a ${A}\n  ^b ${B}\n");
    expect(template.run("a x\nb 1\nb 2")).toEqual([["x", ["1", "2"]]]);
    expect(template.run("b 3")).toEqual([["", ["3"]]]);
    expect(template.run("")).toEqual([]);
  });
});

describe("Error", () => {
  const template = compileTemplate(
    'Value A (\\d+)\n\nStart\n  ^${A} -> Record\n  ^x -> Error "no x here"\n  ^. -> Error\n',
  );
  const refusal = (output: string): OutputError => {
    try {
      template.run(output);
    } catch (error) {
      if (error instanceof OutputError) return error;
    }
    throw new Error("it took the output");
  };

  test("ends the parse, and says by which rule, at which line, in whose words", () => {
    expect(refusal("1\nx y\n2")).toMatchObject({ says: '"no x here"', ruleLine: 5, inputLine: 2, input: "x y" });
    expect(refusal("1\n2\n?")).toMatchObject({ says: null, ruleLine: 6, inputLine: 3, input: "?" });
  });
});

import { describe, expect, test } from "vitest";
import { TemplateError } from "../../../domain/textfsm/errors.ts";
import { compileTemplate } from "../../../domain/textfsm/machine.ts";
import { REFUSED, UNSUPPORTED } from "./refused.ts";

const refusalOf = (template: string): TemplateError => {
  try {
    compileTemplate(template);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error("it was taken");
};

describe("a template is refused with its line", () => {
  test.each(REFUSED)("$what", ({ template, line, message }) => {
    const refusal = refusalOf(template);
    expect(refusal.message).toContain(message);
    expect(refusal.line).toBe(line);
  });
});

describe("what Python has and we have not is refused, and says so", () => {
  test.each(UNSUPPORTED)("$rule", ({ values, rule, message }) => {
    const refusal = refusalOf(`${values.map((v) => `Value ${v}\n`).join("")}\nStart\n  ${rule}\n`);
    expect(refusal.message).toContain(message);
    expect(refusal.line).toBe(values.length + 3);
  });
});

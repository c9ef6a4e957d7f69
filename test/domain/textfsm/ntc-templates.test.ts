import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PLATFORM_IDS } from "../../../domain/contract/device.ts";
import { TemplateError } from "../../../domain/textfsm/errors.ts";
import { parseIndex } from "../../../domain/textfsm/index-rules.ts";
import { openLibrary } from "../../../domain/textfsm/library.ts";
import { compileTemplate } from "../../../domain/textfsm/machine.ts";
import { NTC_PLATFORMS } from "../../../domain/textfsm/platforms.ts";
import { NTC_FOLDER, readNtcTemplates } from "../../../system/ntc-templates.ts";

const files = readNtcTemplates();
const templates = readdirSync(NTC_FOLDER).filter((name) => name.endsWith(".textfsm"));

/** Templates of the package that do not compile here, with what is in their way. */
const EXCEPTIONS: Record<string, string> = {};

describe(files.version, () => {
  test("every template compiles, but for those that are listed", () => {
    const refused = templates.flatMap((name) => {
      try {
        compileTemplate(files.template(name));
        return [];
      } catch (error) {
        if (error instanceof TemplateError) return [[name, error.message] as const];
        throw error;
      }
    });
    expect(Object.fromEntries(refused)).toEqual(EXCEPTIONS);
    expect(templates.length).toBeGreaterThan(900);
  });

  test("the index names files that are there", () => {
    const named = parseIndex(files.index).flatMap((row) => row.templates);
    expect(named.filter((name) => !templates.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(900);
  });

  test("every device type that has templates has commands, which lead to their own template", () => {
    const library = openLibrary(files);
    for (const id of PLATFORM_IDS) {
      const platform = NTC_PLATFORMS[id];
      if (platform === null) continue;
      const commands = library.commands(platform);
      expect(commands.length, id).toBeGreaterThan(0);
      for (const { command, template } of commands)
        expect(template.split(":")[0], command).toBe(`${platform}_${command.replaceAll(" ", "_")}.textfsm`);
    }
  });

  test("several templates for one command name keys that all of them have, or none", () => {
    const several = parseIndex(files.index).filter((row) => row.templates.length > 1);
    expect(several.length).toBeGreaterThan(3);
    for (const { templates: names } of several) {
      const compiled = names.map((name) => compileTemplate(files.template(name)));
      const keys = compiled.find((template) => template.keys.length > 0)?.keys ?? [];
      for (const { header } of compiled) expect(header, names.join()).toEqual(expect.arrayContaining(keys));
    }
  });
});

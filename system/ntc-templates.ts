import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const NTC_FOLDER = fileURLToPath(new URL("../domain/textfsm/ntc-templates/", import.meta.url));

/** The TextFSM templates that lie beside their engine: `template` reads a file of the index by its name. */
export function readNtcTemplates(): { version: string; index: string; template(name: string): string } {
  const read = (name: string): string => readFileSync(`${NTC_FOLDER}${name}`, "utf8");
  const [version = ""] = read("VERSION").split("\n");
  return { version, index: read("index"), template: read };
}

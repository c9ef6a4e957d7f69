import { parseWith, type Row } from "./cli-table.ts";
import { parseIndex, type IndexRow } from "./index-rules.ts";
import { compileTemplate, type Compiled } from "./machine.ts";

/** Where the templates come from: files, or texts in a test. */
export type LibrarySource = { index: string; template(name: string): string };
/** `template` names the files, joined by `:` as in the index. */
export type Parsed = { template: string; rows: Row[] };
/** A command that has a template, as one would type it. */
export type KnownCommand = { command: string; template: string };

export type Library = {
  /** The name of the template for a command. */
  find(platform: string, command: string): string | undefined;
  /** Undefined where no template is for this command. Throws OutputError where the template refuses the output. */
  parse(platform: string, command: string, output: string): Parsed | undefined;
  commands(platform: string): KnownCommand[];
};

/** A folder of templates with its index. Each template is read and compiled when it is first needed, and kept. */
export function openLibrary(source: LibrarySource): Library {
  const index = parseIndex(source.index);
  const byPlatform = new Map<string, IndexRow[]>();
  const compiled = new Map<string, Compiled>();

  function rowsOf(platform: string): IndexRow[] {
    const known = byPlatform.get(platform);
    if (known !== undefined) return known;
    const rows = index.filter((row) => row.platform(platform));
    byPlatform.set(platform, rows);
    return rows;
  }
  function templateOf(name: string): Compiled {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const template = compileTemplate(source.template(name));
    compiled.set(name, template);
    return template;
  }
  const rowFor = (platform: string, command: string): IndexRow | undefined =>
    rowsOf(platform).find((row) => row.command(command));

  return {
    find: (platform, command) => rowFor(platform, command)?.templates.join(":"),
    parse(platform, command, output) {
      const row = rowFor(platform, command);
      if (row === undefined) return undefined;
      return { template: row.templates.join(":"), rows: parseWith(row.templates.map(templateOf), output) };
    },
    commands(platform) {
      return rowsOf(platform)
        .flatMap((row) => {
          const command = commandIn(row.templates[0] ?? "", platform);
          return command !== null && rowFor(platform, command) === row
            ? [{ command, template: row.templates.join(":") }]
            : [];
        })
        .sort((a, b) => (a.command < b.command ? -1 : 1));
    },
  };
}

/** `cisco_ios_show_ip_route.textfsm` → `show ip route`. Null where the file is named after another platform. */
function commandIn(template: string, platform: string): string | null {
  const prefix = `${platform}_`;
  return template.startsWith(prefix)
    ? template
        .slice(prefix.length)
        .replace(/\.textfsm$/, "")
        .replaceAll("_", " ")
    : null;
}

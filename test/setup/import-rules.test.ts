import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROOT, tempFolder } from "./launch.ts";

const Report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

/** What oxlint, with our own configuration, says about files of a made-up checkout: rule by file. */
async function lint(files: Record<string, string>, flags: readonly string[] = []): Promise<Map<string, string[]>> {
  const folder = await tempFolder();
  for (const name of ["oxlint.config.ts", "package.json"]) cpSync(join(ROOT, name), join(folder, name));
  // Rooms only: the configuration itself brings in half of node_modules, and type-aware rules would read all of it.
  const tsconfig = {
    compilerOptions: { strict: true, module: "nodenext", noEmit: true, allowImportingTsExtensions: true, types: [] },
    include: rooms,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules", "oxlint", "bin", "oxlint"), ...flags, "--format", "json", ...rooms, "test"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  const found = new Map<string, string[]>();
  if (!stdout.startsWith("{")) throw new Error(`oxlint said: ${stdout}${stderr}`);
  for (const { code, filename } of Report.parse(JSON.parse(stdout)).diagnostics)
    found.set(filename, [...(found.get(filename) ?? []), code]);
  return found;
}

const RESTRICTED = "eslint(no-restricted-imports)";
const rooms = [
  "domain",
  "system",
  "db",
  "devices",
  "connectors",
  "auth",
  "services",
  "activities",
  "workflows",
  "worker",
  "api",
  "web",
  "cli",
  "lab",
];
/** Something to import in each room; domain has the two kinds of folders that the table tells apart. */
const targets = Object.fromEntries(
  [...rooms, "domain/contract", "domain/change"].map((room) => [
    `${room}/thing.ts`,
    `export const thing = "${room}";\nexport type Thing = string;\n`,
  ]),
);

const use = (path: string) => `import { thing } from "${path}";\nexport const used = thing;\n`;
const useType = (path: string) => `import type { Thing } from "${path}";\nexport type Used = Thing;\n`;
const usePackage = (name: string) => `import * as it from "${name}";\nexport const used = it;\n`;

/** The table of docs: who may import whom. Every other pair is refused. */
const MAY: Record<string, string[]> = {
  domain: [],
  system: ["domain/contract"],
  db: ["domain/contract", "system"],
  devices: ["domain", "domain/change", "domain/contract", "system", "db"],
  connectors: ["domain", "domain/change", "domain/contract", "system"],
  auth: ["domain", "domain/change", "domain/contract", "system", "db", "connectors"],
  services: ["domain", "domain/change", "domain/contract", "system", "db", "auth", "connectors"],
  activities: [
    "domain",
    "domain/change",
    "domain/contract",
    "system",
    "db",
    "devices",
    "connectors",
    "auth",
    "services",
  ],
  workflows: ["domain", "domain/change", "domain/contract"],
  worker: ["domain/contract", "activities", "system", "db", "devices"],
  api: ["domain", "domain/change", "domain/contract", "system", "auth", "services", "db"],
  web: ["domain", "domain/change", "domain/contract"],
  cli: ["domain", "domain/change", "domain/contract", "system"],
  lab: ["domain/contract"],
};

test("each room may import what the table of rooms allows, from any depth, and nothing else", async () => {
  const files: Record<string, string> = {};
  const refused: string[] = [];
  for (const room of rooms) {
    for (const other of [
      ...rooms.filter((name) => name !== room && name !== "domain"),
      "domain/change",
      "domain/contract",
    ]) {
      if (room === "domain" && other.startsWith("domain/")) continue;
      for (const depth of ["", "deep/", "deep/deeper/"]) {
        const file = `${room}/${depth}uses-${other.replace("/", "-")}.ts`;
        files[file] = use(`${"../".repeat(file.split("/").length - 1)}${other}/thing.ts`);
        if (MAY[room]?.includes(other) !== true) refused.push(file);
      }
    }
  }
  const found = await lint({ ...targets, ...files });
  expect([...found.keys()].filter((file) => found.get(file)?.includes(RESTRICTED)).toSorted()).toEqual(
    refused.toSorted(),
  );
});

test("types cross where the table says so, and values do not", async () => {
  const found = await lint({
    ...targets,
    "workflows/types.ts": useType("../activities/thing.ts"),
    "workflows/values.ts": use("../activities/thing.ts"),
    "web/src/types.ts": useType("../../api/thing.ts"),
    "web/src/values.ts": use("../../api/thing.ts"),
    "cli/types.ts": useType("../api/thing.ts"),
    "services/types.ts": useType("../devices/thing.ts"),
  });
  expect([...found.keys()].toSorted()).toEqual(["services/types.ts", "web/src/values.ts", "workflows/values.ts"]);
});

test("a package belongs to its room; pure code has none that reaches out", async () => {
  const found = await lint({
    ...targets,
    "devices/ok.ts": usePackage("ssh2"),
    "lab/ok.ts": usePackage("ssh2"),
    "db/ok.ts": usePackage("postgres"),
    "auth/ok.ts": usePackage("jose"),
    "test/ok.ts": usePackage("ssh2"),
    "services/ssh.ts": usePackage("ssh2"),
    "services/sql.ts": usePackage("postgres"),
    "api/routes/jwt.ts": usePackage("jose"),
    "domain/ok.ts": usePackage("zod"),
    "domain/hash.ts": usePackage("node:crypto"),
    "domain/files.ts": usePackage("node:fs"),
    "domain/contract/client.ts": usePackage("hono"),
  });
  expect([...found.keys()].toSorted()).toEqual([
    "api/routes/jwt.ts",
    "domain/contract/client.ts",
    "domain/files.ts",
    "services/sql.ts",
    "services/ssh.ts",
  ]);
});

test("only the verbs that start a part load it", async () => {
  const found = await lint({
    ...targets,
    "cli/api.ts": use("../api/thing.ts"),
    "cli/worker.ts": use("../worker/thing.ts"),
    "cli/prepare.ts": use("../services/thing.ts"),
    "cli/up.ts": use("../api/thing.ts"),
  });
  expect([...found.entries()]).toEqual([["cli/up.ts", [RESTRICTED]]]);
});

test("cycles, promises nobody waits for, any, and non-null assertions are refused", async () => {
  const found = await lint(
    {
      ...targets,
      "services/a.ts": 'import { b } from "./b.ts";\nexport const a = (): string => b();\n',
      "services/b.ts": 'import { a } from "./a.ts";\nexport const b = (): string => a();\n',
      "services/floating.ts": "export async function work(): Promise<void> {}\nwork();\n",
      "services/any.ts": "export const loose = (value: any): string => value;\n",
      "services/sure.ts": "export const sure = (value: string | undefined): string => value!;\n",
      "services/swallows.ts": "export function quiet(): void {\n  try {\n    quiet();\n  } catch {}\n}\n",
    },
    ["--type-aware"],
  );
  const rules = (file: string) => found.get(file) ?? [];
  expect([...rules("services/a.ts"), ...rules("services/b.ts")]).toContain("import(no-cycle)");
  expect(rules("services/floating.ts")).toContain("typescript(no-floating-promises)");
  expect(rules("services/any.ts")).toContain("typescript(no-explicit-any)");
  expect(rules("services/sure.ts")).toContain("typescript(no-non-null-assertion)");
  expect(rules("services/swallows.ts")).toContain("eslint(no-empty)");
});

import { readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import { defineConfig, type OxlintOverride } from "oxlint";
import packageJson from "./package.json" with { type: "json" };

type Restriction = { regex: string; message: string; allowTypeImports?: boolean };

type Room = {
  /** Other rooms, or folders of them, that it may import. */
  imports: string[];
  /** Those of which it may import types only. */
  types?: string[];
  /** Packages that are its alone, with the others it may use: everywhere else they are refused. */
  owns?: string[];
};

/** The rooms of the code base from the ground up. Imports go up this table, never back. */
const ROOMS: Record<string, Room> = {
  domain: { imports: [] },
  system: { imports: ["domain/contract"] },
  db: { imports: ["domain/contract", "system"], owns: ["postgres"] },
  devices: { imports: ["domain", "system", "db"], owns: ["ssh2"] },
  connectors: { imports: ["domain", "system"] },
  auth: { imports: ["domain", "system", "db", "connectors"], owns: ["jose"] },
  services: { imports: ["domain", "system", "db", "auth", "connectors"] },
  activities: { imports: ["domain", "system", "db", "devices", "connectors", "auth", "services"] },
  workflows: { imports: ["domain"], types: ["activities"] },
  worker: { imports: ["domain/contract", "activities", "system", "db", "devices"] },
  api: { imports: ["domain", "system", "auth", "services", "db"] },
  web: { imports: ["domain"], types: ["api"] },
  cli: { imports: ["domain", "system"], types: ["api"] },
  // Its routers are the other end of devices/ssh2.
  lab: { imports: ["domain/contract"], owns: ["ssh2"] },
};

/** The verbs of the command line that start the parts in their own process, and so must load them. */
const STARTERS: Record<string, string[]> = {
  "cli/api.ts": ["api"],
  "cli/worker.ts": ["worker"],
  "cli/lab.ts": ["lab"],
  "cli/prepare.ts": ["db", "services"],
  "cli/rebuild.ts": ["db", "services"],
};

/** Folders deep enough for every file: a relative path leaves the room only with as many `../` as the file is deep. */
const DEPTHS = [1, 2, 3, 4, 5];
const OWNED = [...new Set(Object.values(ROOMS).flatMap((room) => room.owns ?? []))];

/** `domain` → `domain/change`, `domain/contract`, … */
function foldersOf(room: string): string[] {
  const entries = readdirSync(new URL(`${room}/`, import.meta.url), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${room}/${entry.name}`);
}

/** Everything that could be imported besides what is pure. */
function impure(): string[] {
  const { dependencies, devDependencies } = packageJson;
  const pure = ["zod", "yaml", "crypto"];
  return [...builtinModules, ...Object.keys(dependencies), ...Object.keys(devDependencies)].filter(
    (name) => !pure.includes(name),
  );
}

function restrictionsOf(name: string, room: Room, depth: number): Restriction[] {
  const up = String.raw`^(\.\./)` + `{${depth}}`;
  const hint = `${name}/ may import only ${[...room.imports, ...(room.types ?? []).map((other) => `types of ${other}`)].join(", ") || "nothing of other rooms"}`;
  const others = Object.keys(ROOMS).filter(
    (other) => other !== name && !room.imports.includes(other) && !room.types?.includes(other),
  );
  // Of a room that is open in one folder only, every other folder of it is closed.
  const closed = others.flatMap((other) =>
    room.imports.some((path) => path.startsWith(`${other}/`))
      ? foldersOf(other).filter((folder) => !room.imports.includes(folder))
      : [other],
  );
  const packages = OWNED.filter((owned) => room.owns?.includes(owned) !== true);
  return [
    { regex: `${up}(${closed.join("|")})/`, message: hint },
    ...((room.types ?? []).length === 0
      ? []
      : [{ regex: `${up}(${room.types?.join("|")})/`, allowTypeImports: true, message: hint }]),
    { regex: `^(${packages.join("|")})(/|$)`, message: `${name}/ leaves this package to the room that owns it` },
    // Pure: what it works with comes in as arguments. (A hash of its input needs nothing from outside.)
    ...(name === "domain"
      ? [
          {
            regex: `^(node:)?(${impure().join("|")})(/|$)`,
            message: "domain/ may use zod, yaml and node:crypto: no input or output, no clock",
          },
        ]
      : []),
  ];
}

const rule = (files: string, patterns: Restriction[]): OxlintOverride => ({
  files: [files],
  rules: { "no-restricted-imports": ["error", { patterns }] },
});

const rooms = Object.entries(ROOMS).flatMap(([name, room]) =>
  DEPTHS.map((depth) => rule(`${name}/${"*/".repeat(depth - 1)}*.{ts,tsx}`, restrictionsOf(name, room, depth))),
);
const starters = Object.entries(STARTERS).map(([file, more]) =>
  rule(file, restrictionsOf("cli", { imports: ["domain", "system", ...more] }, 1)),
);

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "oxc", "react"],
  categories: { correctness: "error" },
  ignorePatterns: ["web/dist", ".cache", ".netstacks", "test/fixtures"],
  rules: {
    "import/no-cycle": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "no-empty": "error",
    // Device output and what people type is searched for control characters on purpose.
    "no-control-regex": "off",
    // Functions of plain data have no `this`, however their type is written.
    "typescript/unbound-method": "off",
    // These two speak for the React Compiler, which is not used here.
    "react/purity": "off",
    "react/incompatible-library": "off",
  },
  overrides: [...rooms, ...starters],
});

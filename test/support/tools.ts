import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const VENV = fileURLToPath(new URL("../../.cache/venv/bin/", import.meta.url));
const PYTHON_MODULES = fileURLToPath(new URL("../../.cache/venv/lib/", import.meta.url));
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin", "/usr/lib/frr"];

/** The big tools that some tests drive: each program that must be there, and the Debian package it comes from. */
export const TOOLS = {
  chromium: { programs: ["chromium"], package: "chromium" },
  frr: { programs: ["zebra", "bgpd", "vtysh", "ip"], package: "frr" },
  sshd: { programs: ["sshd", "ssh", "ssh-keygen"], package: "openssh-server" },
  schemathesis: { programs: ["schemathesis"], package: "schemathesis (by pip)" },
  textfsm: { programs: ["textfsm"], package: "textfsm (by pip)" },
  jinja2: { programs: [], module: "jinja2-3.1.6", package: "jinja2 (by pip)" },
} as const;
export type Tool = keyof typeof TOOLS;

/** Where a program is, looking also where only root's PATH looks and into the project's Python environment. */
export function findProgram(name: string): string | undefined {
  const folders = [VENV, ...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Whether the project's Python environment has a package of this version; some bring no program to look for. */
function hasPythonModule(name: string): boolean {
  if (!existsSync(PYTHON_MODULES)) return false;
  return readdirSync(PYTHON_MODULES).some((python) =>
    existsSync(join(PYTHON_MODULES, python, "site-packages", `${name}.dist-info`)),
  );
}

/** Why a tool cannot be used here; undefined when it can. */
export function whyMissing(tool: Tool): string | undefined {
  const wanted: { programs: readonly string[]; module?: string; package: string } = TOOLS[tool];
  const absent = wanted.programs.filter((program) => findProgram(program) === undefined);
  if (wanted.module !== undefined && !hasPythonModule(wanted.module)) absent.push(wanted.module);
  if (absent.length > 0) return `${absent.join(", ")} not found (package ${wanted.package})`;
  // FRR runs in a network namespace of its own and under its own user.
  if (tool === "frr" && process.getuid?.() !== 0) return "FRR in a network namespace needs root";
  return undefined;
}

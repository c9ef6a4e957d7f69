import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const VENV = fileURLToPath(new URL("../../.cache/venv/bin/", import.meta.url));
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin", "/usr/lib/frr"];

/** The big tools that some tests drive: each program that must be there, and the Debian package it comes from. */
export const TOOLS = {
  chromium: { programs: ["chromium"], package: "chromium" },
  frr: { programs: ["zebra", "bgpd", "vtysh", "ip"], package: "frr" },
  sshd: { programs: ["sshd", "ssh", "ssh-keygen"], package: "openssh-server" },
  schemathesis: { programs: ["schemathesis"], package: "schemathesis (by pip)" },
} as const;
export type Tool = keyof typeof TOOLS;

/** Where a program is, looking also where only root's PATH looks and into the project's Python environment. */
export function findProgram(name: string): string | undefined {
  const folders = [VENV, ...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Why a tool cannot be used here; undefined when it can. */
export function whyMissing(tool: Tool): string | undefined {
  const absent = TOOLS[tool].programs.filter((program) => findProgram(program) === undefined);
  if (absent.length > 0) return `${absent.join(", ")} not found (package ${TOOLS[tool].package})`;
  // FRR runs in a network namespace of its own and under its own user.
  if (tool === "frr" && process.getuid?.() !== 0) return "FRR in a network namespace needs root";
  return undefined;
}

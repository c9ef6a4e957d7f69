import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TOOLS, findProgram, whyMissing, type Tool } from "./tools.ts";

const VENV = fileURLToPath(new URL("../../.cache/venv", import.meta.url));
/** Python packages, which go into the project's own environment. */
const PYTHON: Partial<Record<Tool, string>> = {
  schemathesis: "schemathesis==4.32.5",
  textfsm: "textfsm==2.1.0",
  jinja2: "jinja2==3.1.6",
};

/** What Debian packages must be there for a tool, and the system services that they would start. */
const DEBIAN: Record<Tool, { packages: string[]; services: string[] }> = {
  chromium: { packages: ["chromium"], services: [] },
  frr: { packages: ["frr", "iproute2"], services: ["frr"] },
  sshd: { packages: ["openssh-server", "openssh-client"], services: ["ssh"] },
  schemathesis: { packages: ["python3-venv", "python3-pip"], services: [] },
  textfsm: { packages: ["python3-venv", "python3-pip"], services: [] },
  jinja2: { packages: ["python3-venv", "python3-pip"], services: [] },
};

/**
 * Installs the tools that are missing, where that is allowed: Debian packages as root, Python packages into the project's
 * own environment. Returns a sentence for every tool that is still missing.
 */
export function installTools(): string[] {
  const missing = (Object.keys(TOOLS) as Tool[]).filter((tool) => whyMissing(tool) !== undefined);
  const reasons = new Map<Tool, string>();
  const wanted = missing.filter((tool) => PYTHON[tool] === undefined || installPython(tool) !== undefined);
  if (wanted.length > 0) {
    const refusal = installDebianPackages(wanted);
    if (refusal !== undefined) for (const tool of wanted) reasons.set(tool, refusal);
  }
  for (const tool of wanted) {
    const refusal = PYTHON[tool] === undefined ? undefined : installPython(tool);
    if (refusal !== undefined) reasons.set(tool, refusal);
  }
  return wanted.flatMap((tool) => {
    const why = whyMissing(tool);
    return why === undefined ? [] : [`${tool}: ${why}; ${reasons.get(tool) ?? "its installation changed nothing"}`];
  });
}

/** Undefined when it is there now, else why not. */
function installPython(tool: Tool): string | undefined {
  const name = PYTHON[tool];
  if (name === undefined) return `${tool} is no Python package`;
  if (findProgram("python3") === undefined) return "python3 is missing";
  process.stdout.write(`Installing ${name} into .cache/venv\n`);
  const isNew = !existsSync(`${VENV}/bin/python`);
  const made = isNew ? run("python3", ["-m", "venv", VENV]) : undefined;
  const filled = made ?? run(`${VENV}/bin/python`, ["-m", "pip", "install", "--quiet", name]);
  if (filled !== undefined && isNew) rmSync(VENV, { recursive: true, force: true });
  return filled;
}

function installDebianPackages(tools: readonly Tool[]): string | undefined {
  if (process.getuid?.() !== 0) return "only root may install it";
  if (findProgram("apt-get") === undefined) return "this machine has no apt-get";
  const packages = tools.flatMap((tool) => DEBIAN[tool].packages);
  process.stdout.write(`Installing ${packages.join(", ")}\n`);
  return withoutStartingServices(() => {
    const refusal =
      run("apt-get", ["-qq", "update"]) ??
      run("apt-get", [
        "-qq",
        "-y",
        "-o",
        "Dpkg::Use-Pty=0",
        "-o",
        "Dpkg::Options::=--force-confold",
        "install",
        "--no-install-recommends",
        ...packages,
      ]);
    // Nor at the next boot: the tests start their own, on ports and in namespaces of their own.
    const services = tools.flatMap((tool) => DEBIAN[tool].services);
    if (refusal === undefined && services.length > 0 && findProgram("systemctl") !== undefined)
      run("systemctl", ["--quiet", "disable", ...services]);
    return refusal;
  });
}

const POLICY = "/usr/sbin/policy-rc.d";
const POLICY_ASIDE = `${POLICY}.before-netstacks-tests`;
const OURS = "#!/bin/sh\n# Put here while the tests of NetStacks install packages; remove it if none do.\nexit 101\n";

/** Debian asks policy-rc.d before a package starts a service. The machine's own answer is put back afterwards. */
function withoutStartingServices<T>(work: () => T): T {
  // What a run that was killed left behind.
  restorePolicy();
  if (existsSync(POLICY)) renameSync(POLICY, POLICY_ASIDE);
  writeFileSync(POLICY, OURS, { mode: 0o755 });
  try {
    return work();
  } finally {
    restorePolicy();
  }
}

function restorePolicy(): void {
  if (existsSync(POLICY) && readFileSync(POLICY, "utf8") === OURS) rmSync(POLICY);
  if (existsSync(POLICY_ASIDE)) renameSync(POLICY_ASIDE, POLICY);
}

/** Undefined when it went well, else what the program said last. */
function run(command: string, args: readonly string[]): string | undefined {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (result.error !== undefined) return `${command} could not be run (${result.error.message})`;
  if (result.status === 0) return undefined;
  return `${command} failed: ${`${result.stdout}\n${result.stderr}`.trim().split("\n").at(-1) ?? ""}`;
}

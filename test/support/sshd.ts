import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import ssh2 from "ssh2";
import { fingerprintOf } from "../../devices/transport.ts";
import { findProgram } from "./requires.ts";
import { makeEd25519 } from "./ssh-keys.ts";

export type Sshd = {
  host: string;
  port: number;
  username: string;
  /** Encrypted with `passphrase`. */
  privateKey: string;
  passphrase: string;
  fingerprint: string;
  stop(): Promise<void>;
};

/** An OpenSSH server on a random port of the loopback address, for this user and one key; every session runs `command`. */
export async function startSshd(command: string): Promise<Sshd> {
  const dir = await mkdtemp(join(tmpdir(), "netstacks-sshd-"));
  const at = (name: string): string => join(dir, name);
  const hostKey = makeEd25519();
  const passphrase = "opens the key";
  const login = makeEd25519({ passphrase, cipher: "aes256-ctr", rounds: 4 });
  await mkdir("/run/sshd", { recursive: true });
  await writeFile(at("host_key"), hostKey.private, { mode: 0o600 });
  await writeFile(at("authorized_keys"), login.public, { mode: 0o600 });
  const port = await freePort();
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${at("host_key")}`,
    "PidFile none",
    "UsePAM no",
    "StrictModes no",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    `AuthorizedKeysFile ${at("authorized_keys")}`,
    `ForceCommand ${command}`,
    "AllowTcpForwarding yes",
    "PrintMotd no",
    "PrintLastLog no",
    "UseDNS no",
    "",
  ];
  await writeFile(at("config"), config.join("\n"));
  const sshd = spawn(findProgram("sshd") ?? "sshd", ["-D", "-f", at("config"), "-E", at("log")], { stdio: "ignore" });
  const stop = async (): Promise<void> => {
    if (sshd.exitCode === null && sshd.signalCode === null) {
      sshd.kill("SIGTERM");
      await Promise.race([once(sshd, "exit"), sleep(3000, undefined, { ref: false }).then(() => sshd.kill("SIGKILL"))]);
    }
    await rm(dir, { recursive: true, force: true });
  };
  await untilListening(port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const parsed = ssh2.utils.parseKey(hostKey.public);
  if (parsed instanceof Error) throw parsed;
  const { fingerprint } = fingerprintOf(parsed.getPublicSSH());
  return {
    host: "127.0.0.1",
    port,
    username: process.env.USER ?? "root",
    privateKey: login.private,
    passphrase,
    fingerprint,
    stop,
  };
}

async function untilListening(port: number): Promise<void> {
  for (const end = Date.now() + 15_000; ; await sleep(50)) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "data");
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    } finally {
      socket.destroy();
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { endProcess } from "../processes.ts";
import type { GuardedProcess } from "./guarded-process.ts";

const LOOK_EVERY_MS = 5000;
/** Longer than a shutdown that was asked for may take. */
const STUCK_MS = 20_000;

/**
 * PostgreSQL 18 that loses its startup process in the middle of a recovery, as when its disk is full, may wait for it for
 * ever and refuse everybody. Such a one is ended: whoever keeps it running starts it again, which recovers.
 */
export function endWhenStuck({ mark, exited }: GuardedProcess, port: number): void {
  let since: number | undefined;
  const look = async (): Promise<void> => {
    if (!(await refuses(port)) || isRecovering(mark.pid)) since = undefined;
    else if (since === undefined) since = Date.now();
    else if (Date.now() - since > STUCK_MS)
      await endProcess(mark, [
        ["SIGQUIT", 5_000],
        ["SIGKILL", 5_000],
      ]);
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, LOOK_EVERY_MS);
  timer.unref();
  void exited.then(() => clearInterval(timer));
}

/** The first message of a client: its length, version 3.0 of the protocol, and who asks for what. */
const STARTUP = Buffer.from("\0\0\0\0\0\x03\0\0user\0netstacks\0database\0netstacks\0\0", "latin1");
STARTUP.writeInt32BE(STARTUP.length);

/** Does it answer that it takes no connections now (SQLSTATE 57P03)? No answer is none. */
function refuses(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: 3000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.once("connect", () => socket.write(STARTUP));
    socket.once("data", (bytes) => end(bytes.toString("latin1").startsWith("E") && bytes.includes("C57P03\0")));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
  });
}

/** A recovery may take long; its process says so in its title. Where processes cannot be listed, the answer is yes. */
function isRecovering(postmaster: number): boolean {
  const { stdout, status } = spawnSync("ps", ["-A", "-o", "ppid=,args="], { encoding: "utf8" });
  if (status !== 0) return true;
  return stdout.split("\n").some((line) => new RegExp(`^\\s*${postmaster}\\s.*\\bstartup\\b`).test(line));
}

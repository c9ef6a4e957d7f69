import type { Client, ClientChannel } from "ssh2";
import { failure } from "../failures.ts";

/** Wide enough that devices which honour it never wrap; 511 is the most that IOS takes. */
export const COLUMNS = 511;
const TERMINAL = { term: "vt100", cols: COLUMNS, rows: 24 };

/** Opens a shell. A device that opens no channel, though it took the login, is out of lines for it. */
export function openShell(client: Client, device: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    inOneFlight(client);
    client.shell(TERMINAL, (error, channel) => {
      if (error === undefined) resolve(channel);
      else if (/No response|Not connected/.test(error.message))
        reject(failure("connection_lost", `${device} broke the connection when a shell was opened`, { cause: error }));
      else
        reject(
          failure("vty_lines_exhausted", `${device} opens no shell: ${error.message}`, {
            retryAfter: 30,
            cause: error,
          }),
        );
    });
  });
}

type Wire = { pty(id: number, ...rest: unknown[]): void; shell(id: number, wantReply: boolean): void };

/** ssh2 does not type this part of itself; absent or of another form, the shell opens all the same, one round trip later. */
function wireOf(client: Client): Wire | undefined {
  const wire = (client as { _protocol?: Partial<Wire> })._protocol;
  return typeof wire?.pty === "function" && typeof wire.shell === "function" ? (wire as Wire) : undefined;
}

/**
 * ssh2 asks for the terminal, waits, then asks for the shell. The request for the shell is sent right behind the first
 * one instead, and ssh2's own is swallowed: its answer is matched as if it had just been sent.
 */
function inOneFlight(client: Client): void {
  const wire = wireOf(client);
  if (wire === undefined) return;
  const { pty, shell } = wire;
  wire.pty = (id, ...rest) => {
    wire.pty = pty;
    pty.call(wire, id, ...rest);
    shell.call(wire, id, true);
    wire.shell = () => {
      wire.shell = shell;
    };
  };
}

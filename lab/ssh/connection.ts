import type { Socket } from "node:net";
import ssh2, { type Connection, type PseudoTtyInfo, type ServerChannel } from "ssh2";
import type { Box } from "../box.ts";
import { Disconnected, openTerminal, type Terminal } from "../cli/terminal.ts";
import { runShell, type Line } from "../cli/shell.ts";
import type { FaultBook } from "../fault-book.ts";
import type { Ledger } from "../ledger.ts";
import type { LabPlatform, RouterSpec, SessionInfo } from "../types.ts";
import { authenticate } from "./auth.ts";

export type ConnectionDeps = {
  spec: RouterSpec;
  box: Box;
  faults: FaultBook;
  ledger: Ledger;
  privateKey: string;
  now: () => number;
  /** Takes a vty line; the session is listed until `leave`. */
  enter: (session: SessionInfo, terminal: Terminal) => void;
  leave: (session: SessionInfo) => void;
  reload: () => void;
  /** This socket is half-open now. */
  frozen: (socket: Socket) => void;
  id: string;
  line: number;
};

const IDENT: Record<LabPlatform, string> = {
  cisco_ios: "Cisco-1.25",
  arista_eos: "OpenSSH_8.7",
  juniper_junos: "OpenSSH_7.5",
};
const OLD = {
  kex: ["diffie-hellman-group14-sha1" as const, "diffie-hellman-group1-sha1" as const],
  cipher: ["aes128-cbc" as const, "3des-cbc" as const],
  hmac: ["hmac-sha1" as const],
};
/** Longer than any session: keep-alive is the client's business here, and a half-open line must stay half-open. */
const NEVER = 2 ** 31 - 1;

/** From now on the socket is open and dead: nothing goes out, nothing is read. */
function freeze(socket: Socket): Promise<void> {
  socket.pause();
  socket.write = () => true;
  socket.end = () => socket;
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** A fault of the lab itself: it is told on the console, and the session ends. */
const breakOff =
  (socket: Socket) =>
  (error: unknown): void => {
    console.error("lab: a session broke off:", error);
    socket.destroy();
  };

/** Serves one TCP connection: handshake, login, then one shell or one command. */
export function serveConnection(socket: Socket, deps: ConnectionDeps): void {
  const { spec, faults, ledger, id } = deps;
  const banner = deps.box.loginBanner();
  const server = new ssh2.Server({
    hostKeys: [deps.privateKey],
    ident: IDENT[spec.device_type],
    keepaliveInterval: NEVER,
    ...(banner === "" ? {} : { banner }),
    ...(faults.fire("old_ssh") ? { algorithms: OLD } : {}),
  });
  const note = (kind: "connect" | "auth" | "close", user: string, line: string): void =>
    ledger.append({ session: id, user, kind, line });
  const from = socket.remoteAddress ?? "";
  note("connect", "", from);
  const state = { user: "", tty: undefined as PseudoTtyInfo | undefined, ended: false };
  server.on("connection", (client: Connection) => {
    // A client that breaks off is no error of ours: the socket's close says it.
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      const tell = (text: string): void => note("auth", context.username, text);
      authenticate(spec, faults, context, tell, () => socket.destroy()).catch(breakOff(socket));
      state.user = context.username;
    });
    client.on("session", (accept) => {
      const session = accept();
      session.on("pty", (acceptPty, _reject, info) => {
        state.tty = info;
        acceptPty?.();
      });
      session.on("window-change", (acceptChange) => acceptChange?.());
      session.on("env", (acceptEnv) => acceptEnv?.());
      const begin = (channel: ServerChannel, command: string | undefined): void => {
        openChannel(deps, socket, client, channel, { user: state.user, from, tty: state.tty }, command);
      };
      session.on("shell", (acceptShell) => begin(acceptShell(), undefined));
      session.on("exec", (acceptExec, _reject, info) => begin(acceptExec(), info.command));
    });
  });
  socket.on("close", () => note("close", state.user, ""));
  server.injectSocket(socket);
}

function openChannel(
  deps: ConnectionDeps,
  socket: Socket,
  client: Connection,
  channel: ServerChannel,
  who: { user: string; from: string; tty: PseudoTtyInfo | undefined },
  command: string | undefined,
): void {
  const { spec, box, faults, ledger } = deps;
  const session: SessionInfo = {
    id: deps.id,
    line: deps.line,
    user: who.user,
    from: who.from,
    since: deps.now(),
    rows: who.tty?.rows ?? 0,
    columns: who.tty?.cols ?? 80,
  };
  const drained = (): Promise<void> =>
    channel.writableNeedDrain ? new Promise((resolve) => channel.once("drain", resolve)) : Promise.resolve();
  const terminal = openTerminal({ write: (bytes) => channel.write(bytes), drained });
  const line: Line = {
    cut: () => socket.destroySoon(),
    freeze: () => {
      deps.frozen(socket);
      return freeze(socket);
    },
    close: () => {
      channel.exit(0);
      channel.end();
      client.end();
    },
    reload: deps.reload,
  };
  channel.on("data", (bytes: Buffer) => {
    // The lines that arrived whole before the fatal byte still take effect.
    if (reachesCut(bytes)) setImmediate(() => socket.destroy());
    else terminal.feed(bytes);
  });
  channel.on("error", () => undefined);
  socket.on("close", () => terminal.close());
  channel.on("end", () => terminal.close());
  deps.enter(session, terminal);
  const cli = box.open(session);
  let configBytes = 0;
  const reachesCut = (bytes: Buffer): boolean => {
    const cut = cli.mode().config ? faults.armed("cut_at_byte") : undefined;
    if (!cut) return false;
    configBytes += bytes.length;
    if (configBytes < cut.byte) return false;
    faults.fire("cut_at_byte");
    terminal.feed(bytes.subarray(0, bytes.length - (configBytes - cut.byte)));
    return true;
  };
  const shell = { cli, terminal, faults, ledger, session, line, router: spec.name };
  const done = command === undefined ? runShell(shell) : runOne(shell, command, channel, client);
  done.catch(breakOff(socket)).finally(() => deps.leave(session));
}

/** `ssh router 'show version'`: one command, no prompt, no paging. */
async function runOne(
  { cli, terminal, ledger, session }: Parameters<typeof runShell>[0],
  command: string,
  channel: ServerChannel,
  client: Connection,
): Promise<void> {
  const ask = (question: string): Promise<string> => {
    terminal.write(question);
    return terminal.readLine({ echo: false });
  };
  try {
    const io = { write: terminal.write, ask, askKey: ask, readText: () => Promise.resolve("") };
    const answer = await cli.handle(command, io);
    ledger.append({
      session: session.id,
      user: session.user,
      kind: "exec",
      mode: "exec",
      line: command,
      changed: answer.changed ?? false,
      refused: answer.refused ?? false,
    });
    terminal.write(answer.output ?? "");
    channel.exit(answer.refused ? 1 : 0);
    channel.end();
    client.end();
  } catch (error) {
    if (!(error instanceof Disconnected)) throw error;
  } finally {
    cli.ended();
  }
}

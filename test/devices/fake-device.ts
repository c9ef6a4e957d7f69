import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import { platforms } from "../../devices/platforms/index.ts";
import type { DeviceAccess, Secrets } from "../../devices/access.ts";
import { openSession, type Session } from "../../devices/session.ts";
import type { Recorder } from "../../devices/session/transcript.ts";
import { connect, fingerprintOf } from "../../devices/transport.ts";
import type { PlatformId } from "../../domain/contract/device.ts";
import { makeEd25519 } from "../support/ssh-keys.ts";

/** What a scripted device is told, and what it may do. */
export type FakeShell = (
  channel: ServerChannel,
  io: { line: () => Promise<string>; write: (text: string | Buffer) => void; close: () => void },
) => Promise<void>;
export type FakeDevice = { access: DeviceAccess; auth: string[]; connections: () => number; stop(): Promise<void> };
type Options = {
  platform?: PlatformId;
  authenticate?: (context: AuthContext, note: (text: string) => void) => void;
  onClient?: (client: Connection) => void;
  shell?: FakeShell;
  secrets?: Secrets;
  timeouts?: Partial<DeviceAccess["timeouts"]>;
};

/** An SSH server that says what a test tells it to. */
export async function startFakeDevice({
  platform = "cisco_ios",
  authenticate,
  onClient,
  shell,
  secrets = { password: "pw" },
  timeouts = {},
}: Options): Promise<FakeDevice> {
  const key = makeEd25519();
  const auth: string[] = [];
  const clients = new Set<Connection>();
  let count = 0;
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    count += 1;
    clients.add(client);
    withoutDelay(client);
    client.on("error", () => undefined);
    client.on("close", () => clients.delete(client));
    onClient?.(client);
    client.on("authentication", (context) => {
      if (authenticate) authenticate(context, (text) => auth.push(text));
      else if (context.method === "password" && context.password === secrets.password) context.accept();
      else context.reject(["password"]);
    });
    client.on("session", (accept) => {
      const session = accept();
      session.on("pty", (acceptPty) => acceptPty?.());
      session.on("shell", (acceptShell) => void serve(acceptShell(), client, shell));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const parsed = ssh2.utils.parseKey(key.public);
  if (parsed instanceof Error) throw parsed;
  const access: DeviceAccess = {
    id: "fake",
    name: "fake",
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    platform: platforms[platform],
    username: "user",
    credential: "device:fake",
    credentialVersion: "1",
    credentialName: "fake",
    hostKey: fingerprintOf(parsed.getPublicSSH()),
    keyOffered: false,
    weakAlgorithms: [],
    loginMethod: null,
    timeouts: {
      connect: 5000,
      handshake: 5000,
      auth: 3000,
      idle: 3000,
      total: 10_000,
      silence: 30_000,
      lock: 5000,
      ...timeouts,
    },
    jump: null,
    isLab: false,
    hostname: null,
    serial: null,
    version: "1",
    openSecrets: () => Promise.resolve(secrets),
  };
  return {
    access,
    auth,
    connections: () => count,
    stop: async () => {
      for (const client of clients) client.end();
      server.close();
      await Promise.resolve();
    },
  };
}

/** ssh2 has it on both sides, and its types only on the client's. */
const withoutDelay = (client: Connection): void =>
  (client as Connection & { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);

async function serve(channel: ServerChannel, client: Connection, shell: FakeShell | undefined): Promise<void> {
  let input = "";
  let wake: (() => void) | undefined;
  let open = true;
  channel.on("data", (bytes: Buffer) => {
    input += bytes.toString();
    wake?.();
  });
  channel.on("error", () => undefined);
  channel.on("close", () => {
    open = false;
    wake?.();
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const at = input.search(/[\n\r\u0003]/);
      if (at !== -1) {
        const text = input.slice(0, at + (input[at] === "\u0003" ? 1 : 0));
        input = input.slice(at + 1);
        return text;
      }
      if (!open) throw new Error("closed");
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const write = (text: string | Buffer): void => {
    if (open) channel.write(text);
  };
  const close = (): void => {
    channel.exit(0);
    channel.end();
    client.end();
  };
  await shell?.(channel, { line, write, close }).catch(() => undefined);
}

/** A shell that echoes each line and prints what `answer` says, then the prompt. */
export const echoing =
  (prompt: string, answer: (line: string) => string, { first = "" } = {}): FakeShell =>
  async (_channel, { line, write }) => {
    write(`${first}\r\n${prompt}`);
    for (;;) {
      const text = await line();
      write(`${text}\r\n${answer(text).replace(/\r?\n/g, "\r\n")}${prompt}`);
    }
  };

export async function open(device: FakeDevice, record: Recorder | null = null): Promise<Session> {
  const connection = await connect(device.access);
  try {
    return await openSession(connection, device.access, () => record);
  } catch (error) {
    connection.close();
    throw error;
  }
}

import ssh2, { type ClientChannel } from "ssh2";
import type { RouterInfo } from "../../../lab/types.ts";

/** A person at a terminal: types, and reads what comes back. */
export type Person = {
  /** Sends a line and waits until the output ends with `until` (a prompt, unless told otherwise). */
  type: (line: string, until?: RegExp) => Promise<string>;
  /** Sends bytes as they are. */
  send: (bytes: string) => void;
  /** Waits until what came since the last call ends with `until`; gives it. */
  read: (until?: RegExp) => Promise<string>;
  /** All that ever came. */
  seen: () => string;
  /** Resolves when the connection is gone. */
  gone: Promise<void>;
  isGone: () => boolean;
  leave: () => void;
};

const PROMPT = /(^|[\n\u0008])[\w.@-]+(\([^)]+\))?[>#] ?$/;

type LoginOptions = {
  password?: string;
  window?: { rows: number; cols: number };
  tryKeyboard?: boolean;
  privateKey?: string;
  onBanner?: (text: string) => void;
  verify?: (key: Buffer) => boolean;
};

const plain = (text: string): string => text.replace(/\r/g, "");

export async function login(router: RouterInfo, options: LoginOptions = {}): Promise<Person> {
  const client = new ssh2.Client();
  let received = "";
  let start = 0;
  let gone = false;
  const waiters: (() => void)[] = [];
  const wake = (): void => waiters.splice(0).forEach((waiter) => waiter());
  const goneNow = new Promise<void>((resolve) =>
    client.on("close", () => {
      gone = true;
      wake();
      resolve();
    }),
  );
  if (options.onBanner) client.on("banner", options.onBanner);
  client.on("keyboard-interactive", (_name, _instructions, _lang, _prompts, finish) =>
    finish([options.password ?? router.password]),
  );
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.on("error", (error) => {
      wake();
      reject(error);
    });
    client.on("close", () => reject(new Error("the connection closed before login")));
    client.on("handshake", () => client.setNoDelay(true));
    client.on("ready", () =>
      client.shell({ rows: 0, cols: 200, ...options.window }, (error, stream) =>
        error ? reject(error) : resolve(stream),
      ),
    );
    client.connect({
      host: router.host,
      port: router.port,
      username: router.username,
      ...(options.privateKey === undefined
        ? options.tryKeyboard
          ? { tryKeyboard: true }
          : { password: options.password ?? router.password }
        : { privateKey: options.privateKey }),
      hostVerifier: options.verify ?? (() => true),
    });
  });
  channel.on("data", (bytes: Buffer) => {
    received += bytes.toString("utf8");
    wake();
  });
  const read = async (until: RegExp = PROMPT): Promise<string> => {
    for (;;) {
      const text = plain(received.slice(start));
      if (until.test(text)) {
        start = received.length;
        return text;
      }
      if (gone) throw new Error(`the connection is gone; last came: ${JSON.stringify(text)}`);
      await new Promise<void>((resolve) => waiters.push(resolve));
    }
  };
  return {
    read,
    type: async (line, until) => {
      channel.write(`${line}\r`);
      return read(until);
    },
    send: (bytes) => void channel.write(bytes),
    seen: () => plain(received),
    gone: goneNow,
    isGone: () => gone,
    leave: () => client.end(),
  };
}

/** Logs in and, where the router has it, enables. */
export async function atWork(router: RouterInfo, options: LoginOptions = {}): Promise<Person> {
  const person = await login(router, options);
  await person.read();
  if (router.device_type !== "juniper_junos") {
    await person.type("enable", /Password: $/);
    await person.type(router.enable_password);
  }
  return person;
}

/** Types several lines, one after the other; gives what came back for each. */
export async function typeAll(person: Person, lines: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const line of lines) out.push(await person.type(line));
  return out;
}

/** `ssh router command`: runs one command without a terminal and gives its output. */
export function execute(router: RouterInfo, command: string): Promise<string> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    let out = "";
    client.on("error", reject);
    client.on("close", () => resolve(plain(out)));
    client.on("ready", () =>
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        return channel.on("data", (bytes: Buffer) => (out += bytes.toString("utf8")));
      }),
    );
    client.connect({
      host: router.host,
      port: router.port,
      username: router.username,
      password: router.password,
      hostVerifier: () => true,
    });
  });
}

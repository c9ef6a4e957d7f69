/** Thrown into whoever waits for input when the connection is gone. */
export class Disconnected extends Error {}

export type Wire = {
  write: (bytes: string | Buffer) => void;
  /** Resolves when the other side can take more. */
  drained: () => Promise<void>;
};

export type ReadOptions = {
  echo: boolean;
  /** Asked when the line is complete: its echo, where it is another one, and whether nothing more is printed. */
  arrived?: (line: string) => { echo: string | undefined; cut: boolean };
  /** While true, the echo waits until the line is complete. */
  holdEcho?: () => boolean;
  /** Columns before the line, where the box scrolls a long line sideways at its width. */
  scroll?: { used: number; width: number };
  /** Called on `?`; its text is shown and the line goes on. */
  help?: (line: string) => string;
};

export type Terminal = {
  write: (text: string) => void;
  writeRaw: (bytes: Buffer) => void;
  drained: () => Promise<void>;
  /** One line without its end; `^C` and `^Z` come back as those characters. */
  readLine: (options: ReadOptions) => Promise<string>;
  readKey: () => Promise<string>;
  /** True when a break (`^C`, or IOS's `^^`) came since the last call. */
  broken: () => boolean;
  feed: (bytes: Buffer) => void;
  close: () => void;
};

const CTRL_C = 3;
const CTRL_D = 4;
const CTRL_U = 21;
const CTRL_W = 23;
const CTRL_Z = 26;
const CTRL_CARET = 30;

type Reading = {
  options: ReadOptions;
  line: number[];
  echo: string;
  /** Part of the echo is on the screen already. */
  shown: boolean;
  resolve: (line: string) => void;
  reject: (error: Error) => void;
};

/** A vty line: echo, line editing and type-ahead. Bytes that nobody reads yet wait, as on the real box. */
export function openTerminal(wire: Wire): Terminal {
  let input = Buffer.alloc(0);
  let reading: Reading | undefined;
  let key: { resolve: (key: string) => void; reject: (error: Error) => void } | undefined;
  let closed = false;
  let brake = false;
  let lastWasReturn = false;

  const write = (text: string, cut = false): void => {
    if (!closed && !cut && text !== "") wire.write(text.replace(/\r?\n/g, "\r\n"));
  };
  const finish = (r: Reading, line: string, end: string): void => {
    reading = undefined;
    const { echo, cut } = r.options.arrived?.(line) ?? { echo: undefined, cut: false };
    // What was echoed before cannot be taken back.
    write((echo === undefined || r.shown ? r.echo : echo) + end, cut);
    r.resolve(line);
  };
  const text = (r: Reading): string => Buffer.from(r.line).toString("utf8");
  const take = (): number | undefined => {
    const byte = input[0];
    if (byte !== undefined) input = input.subarray(1);
    return byte;
  };

  /** Shows `line` again from a little further right, with `$` for what no longer fits. */
  const scrolled = (r: Reading, shown: number): string => {
    const { used, width } = r.options.scroll ?? { used: 0, width: 0 };
    const tail = text(r).slice(-Math.max(1, Math.floor((width - used) / 2)));
    const room = width - used - 1;
    return "\b".repeat(shown) + `$${tail}`.padEnd(room) + "\b".repeat(Math.max(0, room - tail.length - 1));
  };
  let column = 0;

  const typed = (r: Reading, byte: number): void => {
    r.line.push(byte);
    if (!r.options.echo) return;
    const { scroll } = r.options;
    column++;
    if (scroll && scroll.width > 0 && scroll.used + column >= scroll.width) {
      r.echo += scrolled(r, column - 1);
      column = Math.floor((scroll.width - scroll.used) / 2) + 1;
    } else r.echo += Buffer.from([byte]).toString("latin1");
  };
  const erase = (r: Reading, count: number): void => {
    const gone = r.line.splice(Math.max(0, r.line.length - count)).length;
    column = Math.max(0, column - gone);
    if (r.options.echo) r.echo += "\b \b".repeat(gone);
  };
  const byteIn = (r: Reading, byte: number): void => {
    const afterReturn = lastWasReturn;
    lastWasReturn = byte === 13;
    if ((byte === 10 || byte === 0) && afterReturn) return;
    if (byte === 13 || byte === 10) return finish(r, text(r), "\n");
    if (byte === CTRL_C || byte === CTRL_Z)
      return finish(r, String.fromCharCode(byte), byte === CTRL_C ? "^C\n" : "^Z\n");
    if (byte === CTRL_D && !r.options.help) return finish(r, `${text(r)}\u0004`, "\n");
    if (byte === 8 || byte === 127) return erase(r, 1);
    if (byte === CTRL_U) return erase(r, r.line.length);
    if (byte === CTRL_W) return erase(r, /\s*\S*$/.exec(text(r))?.[0].length ?? 0);
    if (byte === 63 && r.options.help) {
      const help = r.options.help(text(r));
      if (help !== "") r.echo += `?\n${help}${text(r)}`;
      return undefined;
    }
    // A tab completes on a command line; only a text has tabs in it.
    if (byte < 32 && (byte !== 9 || r.options.help)) return undefined;
    return typed(r, byte);
  };
  /** The echo of all that came together goes out together. */
  const pump = (): void => {
    while (input.length > 0 && (reading || key)) {
      const byte = take() ?? 0;
      if (key) {
        const { resolve } = key;
        key = undefined;
        lastWasReturn = byte === 13;
        resolve(String.fromCharCode(byte));
        return;
      }
      if (reading) byteIn(reading, byte);
    }
    if (reading && reading.echo !== "" && !reading.options.holdEcho?.()) {
      write(reading.echo);
      reading.echo = "";
      reading.shown = true;
    }
  };

  return {
    write: (text) => write(text),
    writeRaw: (bytes) => {
      if (!closed) wire.write(bytes);
    },
    drained: () => wire.drained(),
    readLine: (options) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Disconnected());
        column = 0;
        reading = { options, line: [], echo: "", shown: false, resolve, reject };
        pump();
      }),
    readKey: () =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Disconnected());
        if (lastWasReturn && (input[0] === 10 || input[0] === 0)) take();
        key = { resolve, reject };
        pump();
      }),
    broken: () => {
      const was = brake;
      brake = false;
      return was;
    },
    feed: (bytes) => {
      if (bytes.includes(CTRL_C) || bytes.includes(CTRL_CARET)) brake = true;
      input = Buffer.concat([input, bytes]);
      pump();
    },
    close: () => {
      closed = true;
      reading?.reject(new Disconnected());
      key?.reject(new Disconnected());
      reading = undefined;
      key = undefined;
    },
  };
}

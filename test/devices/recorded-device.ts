import type { ServerChannel } from "ssh2";
import { unshown, type Recording, type Said } from "../../domain/contract/recording.ts";
import { startFakeDevice, type FakeDevice } from "./fake-device.ts";

/** A device that says what a recording holds, and nothing else. */
export type RecordedDevice = FakeDevice & {
  /** What was typed that the recording does not know. Each entry is a failure of the test. */
  unknown(): string[];
  /** The lines that were typed, empty ones left out. */
  typed(): string[];
  /** How often a question or pager was given up. */
  aborts(): number;
};

const SECRETS = { password: "the-password", enable_password: "the-enable-password" };
const LABEL = /ns-[0-9a-f]{12}-[a-z]\d+/;

export async function startRecordedDevice(recording: Recording): Promise<RecordedDevice> {
  const unknown: string[] = [];
  const typed: string[] = [];
  // Over all sessions of the device: what was said once is said again only when there is nothing else to say.
  const used = new Set<number>();
  let aborts = 0;
  let label = "";
  const fill = (text: string): string =>
    text
      .replaceAll("{{password}}", SECRETS.password)
      .replaceAll("{{enable_password}}", SECRETS.enable_password)
      .replaceAll("{{label}}", label);
  /** Is this line the one of the recording, whatever its indentation and the label of its commit? */
  const isLine = (wanted: string, line: string): boolean => {
    const bare = line.trim();
    if (!wanted.includes("{{label}}")) return fill(wanted).trim() === bare;
    const found = LABEL.exec(line)?.[0];
    if (found === undefined || wanted.trim().replaceAll("{{label}}", found) !== bare) return false;
    label = found;
    return true;
  };

  const play = (channel: ServerChannel): Promise<void> =>
    new Promise((resolve) => {
      let input = "";
      let prompt = "";
      let left: (string | { awaits: string })[] = [];
      channel.on("data", (bytes: Buffer) => {
        input += bytes.toString();
        while (step());
      });
      channel.on("close", resolve);
      const say = (text: string): void => {
        if (text === "") return;
        const filled = fill(text);
        prompt = filled.slice(filled.lastIndexOf("\n") + 1);
        channel.write(unshown(filled).replace(/(?<!\r)\n/g, recording.line_end));
      };
      const begin = (said: Said): void => {
        left = typeof said === "string" ? [said] : [...said];
        go();
      };
      const go = (): void => {
        for (let [next] = left; typeof next === "string"; [next] = left) {
          left.shift();
          say(next);
        }
      };
      const give = (text: string): void => {
        unknown.push(`${JSON.stringify(text)} at ${JSON.stringify(prompt)}`);
        channel.end();
      };
      /** Takes one thing from the input; false when there is not enough of it. */
      const step = (): boolean => {
        const [waiting] = left;
        if (input.startsWith("\u0003")) {
          input = input.slice(1);
          aborts += 1;
          left = [];
          return true;
        }
        if (typeof waiting === "object") {
          const wanted = unshown(fill(waiting.awaits));
          if (input.length < wanted.length && wanted.startsWith(input)) return false;
          if (!input.startsWith(wanted)) return (give(input), (input = ""), false);
          input = input.slice(wanted.length);
          left.shift();
          go();
          return true;
        }
        const at = input.indexOf("\n");
        if (at === -1) return false;
        const line = input.slice(0, at).replace(/\r$/, "");
        input = input.slice(at + 1);
        if (line === "") {
          say(`\n${prompt}`);
          return true;
        }
        typed.push(line);
        const fits = recording.exchanges.flatMap((e, n) =>
          (e.at === undefined || e.at === prompt) && isLine(e.send, line) ? [n] : [],
        );
        const n = fits.find((each) => !used.has(each)) ?? fits.at(-1);
        const exchange = n === undefined ? undefined : recording.exchanges[n];
        if (n === undefined || exchange === undefined) return (give(line), false);
        used.add(n);
        say(exchange.echo ?? `${line}\n`);
        begin(exchange.answer);
        return true;
      };
      begin(recording.opens);
    });

  const device = await startFakeDevice({
    platform: recording.device_type,
    secrets: SECRETS,
    shell: (channel) => play(channel),
  });
  return { ...device, unknown: () => unknown, typed: () => typed, aborts: () => aborts };
}

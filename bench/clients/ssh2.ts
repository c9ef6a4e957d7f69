import { parseArgs } from "node:util";
import ssh2 from "ssh2";
import { addressOf } from "../lib/simulator.ts";
import { checkAnswer, CONFIG_LINES, jobNamed, printReport, timeAll } from "./jobs.ts";

/* ssh2 as it comes, with a loop that waits for prompts and nothing around it: the floor under our own engine. */

const { values } = parseArgs({
  options: {
    job: { type: "string", default: "j1" },
    n: { type: "string", default: "1" },
    conc: { type: "string", default: "100" },
    base: { type: "string", default: "127.20.0.1" },
    port: { type: "string" },
    platform: { type: "string" },
  },
});
const job = jobNamed(values.job);
const PROMPT = /(?:^|\n)r\d+(?:\([\w-]+\))?[#>] ?$/;

function open(index: number): Promise<{ command(line: string): Promise<string>; close(): void }> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on("error", reject);
    client.on("ready", () =>
      client.shell({ term: "vt100", cols: 511, rows: 24 }, (error, channel) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        let heard = "";
        let wake: (text: string) => void = () => undefined;
        const next = (): Promise<string> => new Promise((done) => (wake = done));
        channel.on("data", (bytes: Buffer) => {
          heard += bytes.toString("latin1");
          if (!PROMPT.test(heard.slice(-200).replaceAll("\r", ""))) return;
          const text = heard;
          heard = "";
          wake(text.replaceAll("\r", ""));
        });
        const command = (line: string): Promise<string> => {
          const answer = next();
          channel.write(`${line}\n`);
          return answer;
        };
        next().then(() => resolve({ command, close: () => client.end() }), reject);
      }),
    );
    client.connect({
      host: addressOf(values.base, index),
      port: Number(values.port),
      username: "admin",
      password: "admin",
      readyTimeout: 120_000,
    });
  });
}

async function run(index: number): Promise<void> {
  const { command, close } = await open(index);
  await command("terminal length 0");
  if (job === "j3") {
    await command("configure terminal");
    for (const line of CONFIG_LINES) checkAnswer(job, index, await command(line));
    await command("end");
  } else {
    const text = await command(job === "j1" ? "show version" : "show running-config");
    checkAnswer(job, index, text.slice(0, text.lastIndexOf("\n")));
  }
  close();
}

const cpuBefore = process.cpuUsage();
const began = performance.now();
const outcomes = await timeAll({ n: Number(values.n), conc: Number(values.conc) }, run);
printReport(outcomes, (performance.now() - began) / 1000, (cpuBefore.user + cpuBefore.system) / 1e6);

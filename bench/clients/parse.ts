import { readFileSync } from "node:fs";
import { openLibrary } from "../../domain/textfsm/library.ts";
import { compileTemplate } from "../../domain/textfsm/machine.ts";
import { readNtcTemplates } from "../../system/ntc-templates.ts";
import type { Job } from "../parsing/job.ts";

/** Our side of `parse_client.py`: the same two figures over the same samples. */
const job = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Job;
const files = readNtcTemplates();
const library = openLibrary(files);

function cpuMs(work: () => unknown): number {
  work();
  const began = process.cpuUsage();
  let turns = 0;
  let spent = 0;
  do {
    work();
    turns += 1;
    const { user, system } = process.cpuUsage(began);
    spent = (user + system) / 1e6;
  } while (spent < job.seconds);
  return (spent * 1000) / turns;
}

const results = job.samples.map(({ platform, command, template, output }) => {
  const compiled = compileTemplate(files.template(template));
  const whole = () => library.parse(platform, command, output);
  return { rows: whole()?.rows ?? [], kept_ms: cpuMs(() => compiled.run(output)), whole_ms: cpuMs(whole) };
});
process.stdout.write(`${JSON.stringify(results)}\n`);

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { openLibrary } from "../../domain/textfsm/library.ts";
import { NTC_PLATFORMS } from "../../domain/textfsm/platforms.ts";
import { NTC_FOLDER, readNtcTemplates } from "../../system/ntc-templates.ts";
import type { Bench } from "../lib/bench.ts";
import { untilQuiet } from "../lib/machine.ts";
import { runMeasured } from "../lib/measured.ts";
import { CLIENTS, preparePeers } from "../lib/peers.ts";
import { figure, type Row } from "../lib/rows.ts";
import { median } from "../lib/stats.ts";
import type { Job } from "../parsing/job.ts";
import { SAMPLES } from "../parsing/samples.ts";

const Results = z.array(
  z.object({ rows: z.array(z.record(z.string(), z.unknown())), kept_ms: z.number(), whole_ms: z.number() }),
);
type Results = z.infer<typeof Results>;

const parsing: Row = {
  id: "parsing",
  title: "TextFSM: outputs of show commands made into rows",
  run: async (bench) => {
    const missing = preparePeers(["textfsm"]).get("textfsm");
    if (missing !== undefined) throw new Error(missing);
    const runs = await measure(bench, jobOf(bench.quick ? 0.2 : 1), bench.quick ? 1 : 3);
    const ms = (client: "netstacks" | "textfsm", which: "kept_ms" | "whole_ms"): number[] =>
      SAMPLES.map((_, i) => median(runs[client].flatMap((results) => results[i]?.[which] ?? [])) ?? 0);
    const line = "parsing by ntc-templates, CPU of TextFSM 2.1 ÷ ours";
    const ratios = (which: "kept_ms" | "whole_ms"): { all: number; note: string } => {
      const [theirs, ours] = [ms("textfsm", which), ms("netstacks", which)];
      const each = SAMPLES.map(({ command }, i) => {
        const [their = 0, our = 0] = [theirs[i], ours[i]];
        return `${command} ${(their / our).toFixed(1)}× (${our.toFixed(2)} ms)`;
      });
      return { all: sum(theirs) / sum(ours), note: each.join(", ") };
    };
    const [kept, whole] = [ratios("kept_ms"), ratios("whole_ms")];
    return {
      measurements: [],
      notes: [
        `the rows of both are compared and equal: ${runs.netstacks[0]?.map(({ rows }) => rows.length).join(", ")}`,
        "TextFSM with its compiled template kept, which is the most favourable to it; through its index it reads and compiles the template each time, as Netmiko's use_textfsm does",
      ],
      figures: [
        figure({ line, name: "template kept by both", value: kept.all, unit: "×", bar: 3, note: kept.note }),
        figure({ line, name: "from the index on", value: whole.all, unit: "×", note: whole.note }),
      ],
    };
  },
};

function jobOf(seconds: number): Job {
  const library = openLibrary(readNtcTemplates());
  const samples = SAMPLES.map(({ platform: id, command, output }) => {
    const platform = NTC_PLATFORMS[id] ?? id;
    const template = library.find(platform, command);
    if (template === undefined) throw new Error(`no template reads ${command} of ${id}`);
    return { platform, command, template, output };
  });
  return { folder: NTC_FOLDER, seconds, samples };
}

/** Both take turns, so that a slow minute of the machine is neither's alone. */
async function measure(bench: Bench, job: Job, rounds: number): Promise<Record<"netstacks" | "textfsm", Results[]>> {
  const folder = await mkdtemp(join(tmpdir(), "netstacks-parsing-"));
  const file = join(folder, "job.json");
  const runs: Record<"netstacks" | "textfsm", Results[]> = { netstacks: [], textfsm: [] };
  const commands = { netstacks: CLIENTS.parse.command, textfsm: CLIENTS.textfsm.command };
  try {
    await writeFile(file, JSON.stringify(job));
    for (let round = 0; round < rounds; round++)
      for (const client of ["netstacks", "textfsm"] as const) {
        if (bench.patient) await untilQuiet(bench);
        const { stdout, stderr, usage } = await runMeasured(bench.programs, [...commands[client], file]);
        if (usage.status !== 0) throw new Error(`${client} failed: ${stderr.slice(-500)}`);
        runs[client].push(Results.parse(JSON.parse(stdout)));
      }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const [ours, theirs] = [runs.netstacks[0] ?? [], runs.textfsm[0] ?? []];
  for (const [i, { command }] of SAMPLES.entries()) {
    if ((ours[i]?.rows.length ?? 0) === 0) throw new Error(`${command} gave no rows`);
    if (!isDeepStrictEqual(ours[i]?.rows, theirs[i]?.rows)) throw new Error(`${command} gave other rows than TextFSM`);
  }
  return runs;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const parsingRows: readonly Row[] = [parsing];

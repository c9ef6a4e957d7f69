import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { compile } from "../domain/jinja/index.ts";
import { BENCH } from "./lib/paths.ts";
import { CLIENTS, preparePeers } from "./lib/peers.ts";
import { loadRows, storeRow } from "./lib/results.ts";
import { figure } from "./lib/rows.ts";
import { median, ratio } from "./lib/stats.ts";
import { barsTable } from "./lib/table.ts";
import { PROVIDER_EDGE, PROVIDER_EDGE_VARIABLES } from "./templates/provider-edge.ts";

/** How often a template is rendered in a second of CPU, by us and by Jinja2 in turn, with the same bytes asserted. */

const ROUNDS = 5;
const SECONDS = 1;
const OPTIONS = { trim_blocks: true, lstrip_blocks: true, undefined: "default" } as const;
const RESULTS = join(BENCH, "results");
const ROW = { id: "templates", title: "rendering templates" };

const Rates = z.object({ rendered: z.string(), render: z.number(), compile_and_render: z.number() });
type Rates = z.infer<typeof Rates>;

function rate(work: () => unknown): number {
  let done = 0;
  const before = process.cpuUsage();
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end; done++) work();
  const { user, system } = process.cpuUsage(before);
  return done / ((user + system) / 1e6);
}

function measureOurs(): Rates {
  const template = compile(PROVIDER_EDGE, OPTIONS);
  return {
    rendered: template.render(PROVIDER_EDGE_VARIABLES).rendered,
    render: rate(() => template.render(PROVIDER_EDGE_VARIABLES)),
    compile_and_render: rate(() => compile(PROVIDER_EDGE, OPTIONS).render(PROVIDER_EDGE_VARIABLES)),
  };
}

function measureTheirs(): Rates {
  const [program, ...args] = CLIENTS.jinja2.command;
  if (program === undefined) throw new Error("Jinja2 has no command");
  const input = JSON.stringify({ source: PROVIDER_EDGE, variables: PROVIDER_EDGE_VARIABLES, seconds: SECONDS });
  const { stdout, stderr, status } = spawnSync(program, args, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`Jinja2 failed:\n${stderr}`);
  return Rates.parse(JSON.parse(stdout));
}

const started = Date.now();
const missing = preparePeers(["jinja2"]).get("jinja2");
if (missing !== undefined) throw new Error(missing);
const ours: Rates[] = [];
const theirs: Rates[] = [];
for (let round = 0; round < ROUNDS; round++) {
  ours.push(measureOurs());
  theirs.push(measureTheirs());
}
const texts = new Set([...ours, ...theirs].map(({ rendered }) => rendered));
if (texts.size !== 1) throw new Error("the two did not render the same bytes");

const compared = (name: string, what: "render" | "compile_and_render", bar: number) => {
  const our = median(ours.map((rates) => rates[what]));
  const their = median(theirs.map((rates) => rates[what]));
  return figure({
    line: "a provider-edge template of 120 lines, against Jinja2 3.1.6",
    name,
    value: ratio(our, their),
    unit: "×",
    bar,
    note: `${Math.round(our ?? 0)}/s against ${Math.round(their ?? 0)}/s of CPU`,
  });
};
storeRow(
  RESULTS,
  ROW,
  {
    figures: [compared("render", "render", 2), compared("compile and render", "compile_and_render", 6)],
    measurements: [],
    notes: [`${ROUNDS} rounds of ${SECONDS} s each, in turn; the median; the rendered bytes are the same`],
  },
  { command: "node bench/templates.ts", seconds: (Date.now() - started) / 1000 },
);
process.stdout.write(`${barsTable(loadRows(RESULTS, [ROW.id]))}\n`);

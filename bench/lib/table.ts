import { medianOf } from "./run-clients.ts";
import { CLIENTS, type ClientName } from "./peers.ts";
import { verdictOf, type Figure, type Measurement } from "./rows.ts";
import type { StoredRow } from "./results.ts";

/** Three significant digits, and no exponent. */
function show(value: number | null, unit = ""): string {
  if (value === null) return "–";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const text = value.toLocaleString("en", { maximumFractionDigits: Math.min(3, digits) });
  return unit === "" || unit === "×" ? `${text}${unit}` : `${text} ${unit}`;
}

/** By how much, in the words of the table's last column. */
function verdict(figure: Figure): string {
  const { value, bar } = figure;
  switch (verdictOf(figure)) {
    case "aim":
      return "aim reached";
    case "met":
      return "met";
    case "shown":
      return "";
    case "none":
      return "**not measured**";
    case "missed":
      return `**missed** by ${show(value === null || bar === null ? null : (Math.abs(bar - value) / bar) * 100)} %`;
  }
}

const limit = ({ better, unit }: Figure, mark: number | null): string =>
  mark === null ? "" : `${better === "higher" ? "≥" : "≤"} ${show(mark, unit)}`;

const escape = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Every figure against its bar, with the command that measures it again. */
export function barsTable(rows: readonly StoredRow[]): string {
  const lines = ["| measured | | at least | aim | got | | behind it | again by |", "|---|---|---|---|---|---|---|---|"];
  let before = "";
  for (const row of rows)
    for (const figure of row.figures) {
      lines.push(
        `| ${[
          figure.line === before ? "" : figure.line,
          figure.name,
          limit(figure, figure.bar),
          limit(figure, figure.aim),
          `**${show(figure.value, figure.unit)}**`,
          verdict(figure),
          figure.note,
          figure.line === before ? "" : `\`${row.command}\``,
        ]
          .map(escape)
          .join(" | ")} |`,
      );
      before = figure.line;
    }
  return lines.join("\n");
}

const isClient = (name: string): name is ClientName => name in CLIENTS;

/** Medians of what every client took, for each job. */
export function clientsTable(rows: readonly StoredRow[]): string {
  const lines = [
    "| job | client | good runs | devices/s | CPU, ms a device | peak memory, MiB | p50, s | other work, cores |",
    "|---|---|---|---|---|---|---|---|",
  ];
  for (const row of rows)
    for (const group of groupsOf(row.measurements)) {
      const clients = [...new Set(group.map((run) => run.client))].filter(isClient);
      for (const [i, client] of clients.entries()) {
        const of = (what: (run: Measurement) => number): string => show(medianOf(group, client, what));
        const mine = group.filter((run) => run.client === client);
        const good = mine.filter((run) => run.fail === 0).length;
        const worst = mine.find((run) => run.fail > 0)?.error ?? "";
        lines.push(
          `| ${[
            i === 0 ? describeJob(group[0]) : "",
            client,
            good === mine.length ? `${good}` : `${good} of ${mine.length}: ${worst.slice(0, 80)}`,
            of((run) => run.devices_s),
            of((run) => run.cpu_ms),
            of((run) => run.rss_mib),
            of((run) => run.p50_s),
            of((run) => run.others_cores),
          ]
            .map(escape)
            .join(" | ")} |`,
        );
      }
    }
  return lines.join("\n");
}

const JOB_WORDS: Record<string, string> = {
  j1: "`show version`",
  j2: "config of 2,000 lines",
  j3: "push of 200 lines",
};

function describeJob(run: Measurement | undefined): string {
  if (run === undefined) return "";
  return `${JOB_WORDS[run.job] ?? run.job}, ${run.n.toLocaleString("en")} × ${run.platform}, ${run.rtt_ms} ms, ${run.in_flight} in flight`;
}

/** The runs of one job against the same routers. */
function groupsOf(runs: readonly Measurement[]): Measurement[][] {
  const groups = new Map<string, Measurement[]>();
  for (const run of runs) {
    const key = describeJob(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

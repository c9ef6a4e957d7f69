import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { drawPanels, type Panel } from "./plot.ts";
import { medianOf } from "./run-clients.ts";
import { CLIENTS, type ClientName } from "./peers.ts";
import type { StoredRow } from "./results.ts";
import { verdictOf, type Measurement } from "./rows.ts";
import { barsTable, clientsTable } from "./table.ts";

const PANELS: { row: string; title: string; unit: string; what: (run: Measurement) => number; best: "high" | "low" }[] =
  [
    {
      row: "show-version",
      title: "`show version`: devices a second",
      unit: "/s",
      what: (run) => run.devices_s,
      best: "high",
    },
    {
      row: "show-version",
      title: "`show version`: client CPU a device",
      unit: "ms",
      what: (run) => run.cpu_ms,
      best: "low",
    },
    {
      row: "config",
      title: "running config of 2,000 lines: devices a second",
      unit: "/s",
      what: (run) => run.devices_s,
      best: "high",
    },
    {
      row: "one-device",
      title: "one device at 20 ms, `show version`: seconds",
      unit: "s",
      what: (run) => run.wall_s,
      best: "low",
    },
    {
      row: "push-line",
      title: "200 lines to each device at 20 ms, line by line: devices a second",
      unit: "/s",
      what: (run) => run.devices_s,
      best: "high",
    },
    {
      row: "push-staged",
      title: "the same on a staged platform: devices a second",
      unit: "/s",
      what: (run) => run.devices_s,
      best: "high",
    },
  ];

/** The pictures of the rows that compare clients. */
function panelsOf(rows: readonly StoredRow[]): Panel[] {
  return PANELS.flatMap(({ row: id, title, unit, what, best }) => {
    const row = rows.find((each) => each.id === id);
    if (row === undefined) return [];
    const bars = (Object.keys(CLIENTS) as ClientName[]).flatMap((client) => {
      const value = medianOf(row.measurements, client, what);
      return value === null ? [] : [{ name: client, value, ours: client === "netstacks" }];
    });
    bars.sort((a, b) => (best === "high" ? b.value - a.value : a.value - b.value));
    return [{ title: title.replaceAll("`", ""), unit, bars }];
  });
}

const marks = (name: string): { begin: string; end: string } => ({
  begin: `<!-- ${name}: written by the command that measured -->`,
  end: `<!-- end of ${name} -->`,
});

/** Puts text between the marks of a page; a page without them gets it at its end. */
export function replaceBetweenMarks(page: string, name: string, text: string): string {
  const { begin, end } = marks(name);
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  const block = `${begin}\n${text.trim()}\n${end}`;
  if (from === -1 || to < from) return `${page.trimEnd()}\n\n${block}\n`;
  return `${page.slice(0, from)}${block}${page.slice(to + end.length)}`;
}

/** What was measured when, on what, and what came of it. */
export function sectionText(rows: readonly StoredRow[], image: string | null): string {
  const newest = rows.toSorted((a, b) => a.machine.date.localeCompare(b.machine.date)).at(-1);
  if (newest === undefined) return "Nothing has been measured yet.";
  const { machine } = newest;
  const verdicts = rows.flatMap((row) => row.figures.map(verdictOf));
  const count = (...which: string[]): number => verdicts.filter((v) => which.includes(v)).length;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const days = [...new Set(rows.map((row) => row.machine.date.slice(0, 10)))].sort();
  const notes = rows.flatMap((row) => row.notes.map((note) => `- ${row.title}: ${note}`));
  const profiles = rows.flatMap((row) => (row.profile ?? []).map((line) => `- ${row.title}: ${line}`));
  return [
    `Measured ${days.join(", ")} on ${machine.cores} cores of ${machine.cpu}, ${machine.memory_gib} GiB, Linux ${machine.kernel}; commit ${machine.commit}; Node ${machine.node.slice(1)}, ${versions.join(", ")}.`,
    `${count("aim", "met")} of ${count("aim", "met", "missed", "none")} bars are met, ${count("aim")} of them with their aim; ${count("missed")} missed, ${count("none")} not measured.`,
    ...(image === null ? [] : [`![Devices a second, CPU and seconds of each client](${image})`]),
    barsTable(rows),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
    ...(rows.some((row) => row.measurements.length > 0)
      ? ["What each client took (medians over the runs in which every device answered as it must):", clientsTable(rows)]
      : []),
    ...(profiles.length === 0
      ? []
      : ["Where our own time goes, from one more run of each under V8's profiler:", profiles.join("\n")]),
  ].join("\n\n");
}

/** Which command measured it, and so where on the page it stands. */
export type Section = "bench" | "load";

/** Writes the section of one command, and the picture where clients were compared. */
export function writeReport(
  section: Section,
  rows: readonly StoredRow[],
  { page, image }: { page: string; image: string },
): void {
  mkdirSync(dirname(image), { recursive: true });
  const panels = panelsOf(rows);
  if (panels.length > 0) writeFileSync(image, drawPanels(panels, "The session engine beside its peers"));
  const shown = panels.length > 0 ? image.slice(dirname(page).length + 1) : null;
  const before = existsSync(page) ? readFileSync(page, "utf8") : "# Performance\n";
  writeFileSync(page, replaceBetweenMarks(before, section, sectionText(rows, shown)));
}

export const pageIn = (folder: string): { page: string; image: string } => ({
  page: join(folder, "performance.md"),
  image: join(folder, "img", "performance.svg"),
});

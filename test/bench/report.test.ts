import { expect, test } from "vitest";
import { ROOT } from "../../bench/lib/paths.ts";
import { drawPanels } from "../../bench/lib/plot.ts";
import { describeProfile } from "../../bench/lib/profile.ts";
import { replaceBetweenMarks, sectionText } from "../../bench/lib/report.ts";
import type { StoredRow } from "../../bench/lib/results.ts";
import { figure, type Measurement } from "../../bench/lib/rows.ts";
import { barsTable, clientsTable } from "../../bench/lib/table.ts";

const run = (client: string, more: Partial<Measurement> = {}): Measurement => ({
  client,
  job: "j1",
  platform: "cisco_ios",
  n: 10,
  in_flight: 10,
  rtt_ms: 0,
  ok: 10,
  fail: 0,
  wall_s: 1,
  devices_s: 10,
  cpu_ms: 2,
  rss_mib: 50,
  held_rss_mib: null,
  p50_s: 0.1,
  p99_s: 0.2,
  routers_cpu_ms: 1,
  database_cpu_ms: 0,
  others_cores: 0,
  negotiated: "",
  error: null,
  ...more,
});

const row: StoredRow = {
  id: "show-version",
  title: "a row",
  command: "npm run bench -- --only show-version",
  seconds: 1,
  machine: {
    date: "2026-01-02T03:04:05.000Z",
    cpu: "a processor",
    cores: 2,
    memory_gib: 8,
    kernel: "6.1",
    node: "v24.0.0",
    commit: "abc1234",
    versions: { netmiko: "4.8.0" },
  },
  figures: [
    figure({ line: "speed", name: "against netmiko", value: 6.04, unit: "×", bar: 5, aim: 7 }),
    figure({ line: "speed", name: "against scrapli", value: 2, unit: "×", bar: 2.5, aim: 3.5, note: "a | b" }),
    figure({ line: "memory", name: "open", value: null, unit: "MiB", better: "lower", bar: 115, note: "no Go here" }),
  ],
  measurements: [
    run("netstacks", { devices_s: 60 }),
    run("netstacks", { devices_s: 64 }),
    run("netmiko"),
    run("netmiko", { ok: 9, fail: 1, devices_s: 1000, error: "one | refused" }),
  ],
  notes: ["a note"],
};

test("each figure stands beside its bar, with what came of it and the command", () => {
  const lines = barsTable([row]).split("\n");
  expect(lines[2]).toContain("| speed | against netmiko | ≥ 5× | ≥ 7× | **6.04×** | met |");
  expect(lines[2]).toContain("`npm run bench -- --only show-version`");
  expect(lines[3]).toContain("|  | against scrapli | ≥ 2.5× | ≥ 3.5× | **2×** | **missed** by 20 % | a \\| b |");
  expect(lines[4]).toContain("| memory | open | ≤ 115 MiB |  | **–** | **not measured** | no Go here |");
});

test("a run in which a device failed counts for nothing, and is told", () => {
  const text = clientsTable([row]);
  expect(text).toContain("| netstacks | 2 | 62 |");
  expect(text).toContain("| netmiko | 1 of 2: one \\| refused | 10 |");
});

test("a section tells what it was measured on and how many bars are met", () => {
  const text = sectionText([row], "img/x.svg");
  expect(text).toContain("2026-01-02 on 2 cores of a processor, 8 GiB");
  expect(text).toContain("commit abc1234");
  expect(text).toContain("1 of 3 bars are met, 0 of them with their aim; 1 missed, 1 not measured.");
  expect(text).toContain("![");
  expect(text).toContain("- a row: a note");
});

test("only what stands between the marks is replaced", () => {
  const first = replaceBetweenMarks("# Page\n\nBefore.\n", "bench", "one");
  const page = `${first}\nAfter.\n`;
  const second = replaceBetweenMarks(page, "bench", "two");
  expect(second).toContain("Before.");
  expect(second).toContain("After.");
  expect(second).toContain("\ntwo\n");
  expect(second).not.toContain("one");
  expect(replaceBetweenMarks(second, "bench", "two")).toBe(second);
});

test("bars are as long as their values, and names cannot break the picture", () => {
  const svg = drawPanels(
    [
      {
        title: 'a "quoted" <title>',
        unit: "/s",
        bars: [
          { name: "ours", value: 100, ours: true },
          { name: "theirs", value: 50, ours: false },
        ],
      },
      { title: "nothing", unit: "s", bars: [] },
    ],
    "label",
  );
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((found) => Number(found[1]));
  expect(widths).toHaveLength(2);
  expect(widths[0]).toBeCloseTo(2 * (widths[1] ?? 0));
  expect(svg).toContain("a &quot;quoted&quot; &lt;title>");
  expect(svg).not.toContain("nothing");
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("a profile tells whose code took the time, from the moment that counts", () => {
  const frame = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });
  const profile = {
    startTime: 1000,
    nodes: [
      frame(1, "load", "node:internal/modules/esm/loader"),
      frame(2, "parse", `file://${ROOT}node_modules/ssh2/lib/client.js`),
      frame(3, "exchange", `file://${ROOT}devices/session/shell.ts`),
      frame(4, "(idle)", ""),
    ],
    samples: [1, 1, 2, 2, 2, 3, 4],
    timeDeltas: [500_000, 500_000, 100_000, 100_000, 100_000, 100_000, 50_000],
  };
  expect(describeProfile(JSON.stringify(profile), 1_001_500)).toEqual([
    "busy 0.40 s, waiting 0.05 s",
    "by owner: ssh2 75 %, devices/session 25 %",
    "by function: parse (ssh2) 75 %, exchange (devices/session) 25 %",
  ]);
});

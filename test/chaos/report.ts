import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChaosResult } from "./chaos.ts";

/** Writes `chaos-<seed>.json` and `chaos-<seed>.html` into the folder; gives the path of the page. */
export async function writeReport(folder: string, result: ChaosResult): Promise<string> {
  await mkdir(folder, { recursive: true });
  const name = join(folder, `chaos-${result.seed}`);
  await writeFile(`${name}.json`, `${JSON.stringify(result, null, 1)}\n`);
  await writeFile(`${name}.html`, page(result));
  return `${name}.html`;
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((h) => `<th>${escape(h)}</th>`).join("")}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`)
    .join("")}</tbody></table>`;

function page(it: ChaosResult): string {
  const held = it.checks.filter(({ ok }) => ok).length;
  const checks = it.checks.map(({ name, ok, figures, violations }) => [
    `<b class="${ok ? "ok" : "bad"}">${ok ? "held" : "broken"}</b>`,
    escape(name),
    Object.entries(figures)
      .map(([what, n]) => `${escape(what)}: ${escape(String(n))}`)
      .join("<br>"),
    violations.slice(0, 50).map(escape).join("<br>"),
  ]);
  const runs = it.runs.map((run) => [
    escape(run.title),
    escape(run.routers.join(", ")),
    escape(run.on_interrupted),
    escape([run.act, run.spoiled.replace("_", " ")].filter((t) => t !== "").join(", ")),
    escape(run.status.replace("_", " ")),
    run.seconds === null ? "" : `${run.seconds} s`,
    escape(run.message),
    escape(run.did.join("; ")),
  ]);
  const injuries = it.inflicted.map((i) => [`${(i.offsetMs / 1000).toFixed(1)} s`, escape(i.what), escape(i.outcome)]);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Chaos, seed ${it.seed}</title>
<style>
body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{border-bottom:1px solid #d8dee4;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{background:#f6f8fa}.ok{color:#116329}.bad{color:#a40e26}
</style>
<h1>Chaos, seed ${it.seed}, ${it.minutes} ${it.minutes === 1 ? "minute" : "minutes"}</h1>
<p>${escape(it.startedAt)} to ${escape(it.endedAt)}; everything ran again at ${escape(it.lastRestartAt)}. ${it.runs.length} changes,
${it.inflicted.length} faults, ${held} of ${it.checks.length} promises held.</p>
${it.skipped.map((line) => `<p class="bad">${escape(line)}</p>`).join("")}
<h2>Promises</h2>${table(["", "promise", "figures", "where it broke"], checks)}
<h2>Faults</h2>${table(["at", "what", ""], injuries)}
<h2>Changes</h2>${table(["change", "routers", "on_interrupted", "besides", "ended", "after", "its last words", "the driver"], runs)}
<h2>What the supervisors said</h2><pre>${it.log.map(escape).join("\n")}</pre>
</html>
`;
}

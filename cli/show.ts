import { ShowOutput, type ParsedRow } from "../domain/contract/parse.ts";
import { StartError } from "../system/start-error.ts";
import { callApi } from "./call-api.ts";

const FLAGS = ["--parse", "--json"];

/**
 * `netstacks show <device> <command> [--parse] [--json]`: runs a read on a device. `--parse` prints rows instead of what the
 * device said; where there are none it prints that all the same, and ends with 1.
 */
export async function show(args: readonly string[]): Promise<void> {
  const flags = args.filter((arg) => FLAGS.includes(arg));
  const [device, ...words] = args.filter((arg) => !FLAGS.includes(arg));
  if (device === undefined || device.startsWith("-") || words.length === 0)
    throw new StartError(
      'netstacks show needs a device and a command: netstacks show <device> "<command>" [--parse] [--json].',
    );
  const answer = await callApi(process.env, {
    method: "POST",
    path: `/api/devices/${encodeURIComponent(device)}/show`,
    body: { command: words.join(" "), use_textfsm: flags.includes("--parse") },
    needs: "devices:test",
    data: ShowOutput,
  });
  if (flags.includes("--json")) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else process.stdout.write(answer.rows === undefined ? `${answer.output.trimEnd()}\n` : tableOf(answer.rows));
  if (answer.parse_error) throw new StartError(`No rows (${answer.parse_error.code}): ${answer.parse_error.message}`);
}

/** Columns as wide as what stands in them; those that are empty in every row are left out. */
export function tableOf(rows: readonly ParsedRow[]): string {
  const columns = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => cellText(row[name]) !== ""));
  if (columns.length === 0) return "No rows.\n";
  const lines = [columns, ...rows.map((row) => columns.map((name) => cellText(row[name])))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function cellText(cell: ParsedRow[string] | undefined): string {
  if (cell === undefined || typeof cell === "string") return cell ?? "";
  return cell.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(", ");
}

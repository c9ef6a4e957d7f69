import { SegmentedControl } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import type { BulkShowOutput, ShowOutput } from "../../../../domain/contract/parse.ts";
import { count } from "../../components/bits.tsx";
import { ConfigText } from "../../components/config-text.tsx";
import { Empty, Note } from "../../components/states.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { sentence } from "../../lib/errors.ts";
import { RowsTable } from "./rows-table.tsx";
import { rowsOf } from "./rows.ts";

type Failed = Extract<BulkShowOutput, { error: unknown }>;
const isFailed = (result: BulkShowOutput): result is Failed => "error" in result;
export type View = "parsed" | "raw";
/** Codes whose advice is for changes; about a read the message says what to do. */
const SAYS_IT_ALL = ["line_rejected", "command_not_a_read"];

/** What came, as rows or as the devices said it; those that did not answer stand above it. */
export function ShowResult({
  results,
  view,
  onView,
}: {
  results: BulkShowOutput[];
  view: View;
  onView: (view: View) => void;
}) {
  const failed = results.filter(isFailed);
  const outputs = results.filter((result): result is ShowOutput => !isFailed(result));
  const rows = rowsOf(outputs);
  const templates = [...new Set(outputs.flatMap(({ template }) => template ?? []))];
  const [first] = outputs;
  return (
    <>
      {failed.map((one) => (
        <Note key={one.device} kind="bad" icon="cross" head={one.error.message.includes(one.device) ? "" : one.device}>
          {sentence(one.error.message)}{" "}
          {!SAYS_IT_ALL.includes(one.error.code) && <span className="t2">{one.error.what_to_do}</span>}
        </Note>
      ))}
      {first && (
        <>
          <div className="ns-show-head">
            <SegmentedControl
              size="xs"
              aria-label="How to show it"
              value={view}
              onChange={(next) => onView(next === "raw" ? "raw" : "parsed")}
              data={[
                { value: "parsed", label: "Parsed" },
                { value: "raw", label: "Raw" },
              ]}
            />
            <span className="sm t3 break">
              {templates.length > 0
                ? `${count(rows.length, "row")} by ${templates.map(templateName).join(", ")}`
                : "no rows"}
            </span>
            <span className="sm t3 nowrap end only-wide">
              read <When at={first.read_at} precise />
            </span>
          </div>
          {view === "raw" ? <Raw outputs={outputs} /> : <Parsed outputs={outputs} />}
        </>
      )}
    </>
  );
}

const templateName = (template: string): string => template.replaceAll(".textfsm", "").replaceAll(":", " + ");

function Raw({ outputs }: { outputs: ShowOutput[] }) {
  return (
    <div className="ns-show-raw">
      {outputs.map((one) => (
        <section key={one.device} aria-label={one.device}>
          {outputs.length > 1 && <h2>{one.device}</h2>}
          <ConfigText label={`${one.command} on ${one.device}`} what="output" text={one.output} columns />
        </section>
      ))}
    </div>
  );
}

function Parsed({ outputs }: { outputs: ShowOutput[] }) {
  const rows = rowsOf(outputs);
  const without = outputs.filter(({ parse_error }) => parse_error !== undefined);
  const [one] = without;
  if (rows.length === 0)
    return (
      <Empty
        icon={<IconTable className="i28 t3" aria-hidden="true" />}
        title={one?.parse_error?.code === "template_not_found" ? "No template fits" : "No rows"}
      >
        {one?.parse_error
          ? sentence(one.parse_error.message)
          : "The template knows this output, and found nothing in it that makes a row."}{" "}
        The output itself is under Raw.
      </Empty>
    );
  return (
    <>
      {without.map(({ device, parse_error }) => (
        <p key={device} className="ns-show-without row g6 sm">
          <StatusIcon kind="wait" icon="warn" />
          <span className="break">
            <b>{device}</b> {parse_error && sentence(parse_error.message)}
          </span>
        </p>
      ))}
      <RowsTable label={`${outputs[0]?.command ?? ""}, as rows`} rows={rows} several={outputs.length > 1} />
    </>
  );
}

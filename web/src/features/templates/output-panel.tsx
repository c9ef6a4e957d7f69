import { useMemo, type KeyboardEvent } from "react";
import { ConfigLine } from "../../components/diff/config-line.tsx";
import { Windowed } from "../../components/diff/windowed.tsx";
import { usePhone } from "../../lib/use-phone.ts";
import type { Output } from "./render-messages.ts";
import { originLabel, originWords, type SourceMap } from "./source-lines.ts";

type Props = {
  output: Output;
  /** Lines of it that the line under the cursor made. */
  hot: ReadonlySet<number>;
  /** Lines of it with nothing where a value is missing. */
  holes: ReadonlySet<number>;
  /** The line of it that is looked at. */
  chosen: number | null;
  onChoose: (line: number | null) => void;
  /** Another number brings the first hot line into view. */
  scrollTo: number | null;
};

export const linesOf = (rendered: string): string[] => rendered.replace(/\n$/, "").split("\n");

/** What was rendered, each line with the lines of the template that made it. Arrow keys go from line to line. */
export function OutputPanel({ output, hot, holes, chosen, onChoose, scrollTo }: Props) {
  const phone = usePhone();
  const lines = useMemo(() => linesOf(output.rendered), [output]);
  const map = output.source_map;
  if (output.rendered === "") return <p className="cb t3 sm">It renders to nothing.</p>;
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    onChoose(Math.min(lines.length, Math.max(1, (chosen ?? 0) + step)));
  };
  return (
    <>
      <div className="ns-tp-outbox" onKeyDown={move} onMouseLeave={() => onChoose(null)}>
        <Windowed
          label="Rendered output"
          className="ns-tp-out"
          count={lines.length}
          estimate={20}
          {...(phone ? {} : { maxHeight: "none" })}
          scrollTo={scrollTo === null ? null : scrollTo - 1}
        >
          {(index) => {
            const line = index + 1;
            return (
              <div
                className={`ns-tp-ol${hot.has(line) ? " hot" : ""}${line === chosen ? " cur" : ""}${holes.has(line) ? " hole" : ""}`}
                data-line={line}
                onMouseEnter={() => onChoose(line)}
                onClick={() => onChoose(line)}
              >
                <span className="o">{originLabel(map, line)}</span>
                <span className="n">{line}</span>
                <span className="x">
                  <ConfigLine text={lines[index] ?? ""} />
                </span>
              </div>
            );
          }}
        </Windowed>
      </div>
      <Origin map={map} line={chosen} />
    </>
  );
}

/** Where the line that is looked at comes from, in words. */
function Origin({ map, line }: { map: SourceMap; line: number | null }) {
  const words = line === null ? "" : originWords(map, line);
  const variables = line === null ? [] : (map[line - 1]?.variables ?? []);
  return (
    <p className="ns-tp-origin" role="status">
      {line === null ? (
        <span className="t3">Point at a line here, or move the cursor in the text.</span>
      ) : words === "" ? (
        <span className="t3">No line of a template is known to have made line {line}.</span>
      ) : (
        <>
          <b>Line {line}</b> is made by <b>{words}</b>
          {variables.length > 0 && (
            <>
              {" "}
              of <code>{variables.join(", ")}</code>
            </>
          )}
        </>
      )}
    </p>
  );
}

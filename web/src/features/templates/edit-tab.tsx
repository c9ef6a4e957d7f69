import { Button, SegmentedControl } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { Suspense, lazy, useMemo, useState } from "react";
import { count } from "../../components/bits.tsx";
import { Note, SkeletonRows } from "../../components/states.tsx";
import { useCommands } from "../../lib/commands.ts";
import { usePhone } from "../../lib/use-phone.ts";
import { useUrlState } from "../../lib/url-state.ts";
import type { Background } from "./background.ts";
import type { Jump } from "./code-editor.tsx";
import { DevicesPreview } from "./devices-preview.tsx";
import type { Draft } from "./draft.ts";
import { readFields, type Fields } from "./fields.ts";
import { OutputDiff } from "./output-diff.tsx";
import { OutputPanel, linesOf } from "./output-panel.tsx";
import { nextProblem, type Problem } from "./problems.ts";
import { ProblemsList } from "./problems-list.tsx";
import { linesMadeBy, ownLines } from "./source-lines.ts";
import type { DeviceValues } from "./use-device-values.ts";
import type { Live } from "./use-render.ts";
import { VariablesPanel } from "./variables-panel.tsx";

const CodeEditor = lazy(() => import("./code-editor.tsx"));

type Props = {
  /** As it is stored; null before it is saved for the first time. */
  stored: string | null;
  draft: Draft;
  onContent: (text: string) => void;
  readOnly: boolean;
  fields: Fields;
  onFields: (fields: Fields) => void;
  device: string | null;
  values: DeviceValues;
  live: Live;
  problems: readonly Problem[];
  background: Background;
  /** Makes a test of the values and what came of them. */
  onKeep: ((expected: string) => void) | null;
};

/** The text, the values it is tried with, and what comes of them. */
export function EditTab(props: Props) {
  const { stored, draft, onContent, readOnly, fields, onFields, device, values, live, problems, background } = props;
  const phone = usePhone();
  const [search, set] = useUrlState();
  const [line, setLine] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [jump, setJump] = useState<Jump | null>(null);
  const output = live.output ?? live.holes;
  const map = output?.source_map;
  const hot = useMemo(() => (map && line !== null ? linesMadeBy(map, line) : NONE), [map, line]);
  const lit = useMemo(
    () => (map && chosen !== null ? ownLines(map, chosen) : line !== null && hot.size > 0 ? [line] : []),
    [map, chosen, line, hot],
  );
  const holes = useMemo(() => {
    const { line: at = null, template = null } = (live.output === null && live.trouble) || {};
    return map && at !== null ? linesMadeBy(map, at, template ?? undefined) : NONE;
  }, [map, live]);
  const marked = useMemo(() => ({ hot: lit, problems }), [lit, problems]);
  const go = (to: number): void => setJump((before) => ({ line: to, nonce: (before?.nonce ?? 0) + 1 }));
  const goNext = (): void => {
    const next = nextProblem(problems, line ?? jump?.line ?? 0);
    if (next?.line != null) go(next.line);
  };
  useCommands([{ id: "next-problem", label: "Next problem", key: "f8", group: "Template", run: goNext }]);
  const diff = search["out"] === "diff" && device !== null;
  return (
    <div className="ns-tp-work">
      <div className="ns-tp-panes">
        <section className="ns-tp-code ns-edt-box" aria-label="Text">
          <div className="ns-tp-bar">
            <h2 className="mono ell" title={`${draft.name || "unnamed"}.j2`}>
              {draft.name || "unnamed"}.j2
            </h2>
            <span className="t3 nowrap">Jinja{readOnly && ", read only"}</span>
            <span className="t3 end num nowrap">{count(linesOf(draft.content).length, "line")}</span>
          </div>
          <div className="ns-tp-cmbox">
            <Suspense fallback={<SkeletonRows rows={12} columns={1} />}>
              <CodeEditor
                value={draft.content}
                onChange={onContent}
                label="Text of the template"
                readOnly={readOnly}
                wrap={phone}
                marked={marked}
                jump={jump}
                onLine={setLine}
                onNextProblem={goNext}
              />
            </Suspense>
          </div>
        </section>
        <VariablesPanel
          source={draft.content}
          variables={live.variables}
          fields={fields}
          onFields={onFields}
          device={device}
          onDevice={(name) => set({ device: name ?? undefined, ...(name === null ? { out: undefined } : {}) })}
          values={values}
        />
        <section
          className="ns-tp-render"
          aria-label="Output"
          aria-busy={live.behind && output === null && live.trouble === null}
        >
          <div className="ns-tp-bar">
            <SegmentedControl
              size="xs"
              aria-label="What to show"
              value={diff ? "diff" : "render"}
              onChange={(next) => set({ out: next === "diff" ? "diff" : undefined })}
              data={[
                { value: "render", label: "Render" },
                { value: "diff", label: "Diff to running", disabled: device === null },
              ]}
            />
            {output && !diff && (
              <span className="t3 end num nowrap" role="status">
                {count(linesOf(output.rendered).length, "line")}
                {live.by === "api" && ", by the server"}
              </span>
            )}
            {live.output && live.output.rendered !== "" && props.onKeep && !diff && (
              <Button
                size="xs"
                variant="subtle"
                className="only-wide"
                leftSection={<IconFlask />}
                title="Keeps the values and this output as a test"
                onClick={() => live.output && props.onKeep?.(live.output.rendered)}
              >
                Keep as test
              </Button>
            )}
          </div>
          {live.output === null && live.trouble && (
            <Note
              kind="bad"
              icon="cross"
              head={live.trouble.line === null ? "Not rendered." : `Line ${live.trouble.line}:`}
            >
              {live.trouble.template !== null && <b>in {live.trouble.template} </b>}
              {live.trouble.message}
              {live.holes && " What follows leaves it empty."}
            </Note>
          )}
          {diff && device !== null ? (
            <OutputDiff device={device} rendered={live.output?.rendered ?? null} background={background} />
          ) : output ? (
            <OutputPanel
              output={output}
              hot={hot}
              holes={holes}
              chosen={chosen}
              onChoose={setChosen}
              scrollTo={hot.size > 0 ? Math.min(...hot) : null}
            />
          ) : (
            live.trouble === null && <SkeletonRows rows={8} columns={1} />
          )}
        </section>
      </div>
      <div className="ns-tp-drawer">
        <ProblemsList
          empty={draft.content === ""}
          problems={problems}
          onGo={(problem) => problem.line !== null && go(problem.line)}
          onValue={focusField}
        />
        <DevicesPreview stored={stored} draft={draft} variables={readFields(fields).json} />
      </div>
    </div>
  );
}

const NONE: ReadonlySet<number> = new Set();

/** The field of a variable in the form beside the text. */
function focusField(variable: string): void {
  const box = document.querySelector(`[data-variable="${CSS.escape(variable)}"]`);
  const input = box?.querySelector<HTMLElement>("input, textarea");
  input?.focus();
  input?.scrollIntoView({ block: "nearest" });
}

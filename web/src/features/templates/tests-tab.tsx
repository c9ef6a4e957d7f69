import { Button, TextInput, Textarea } from "@mantine/core";
import { IconPlayerPlay, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { TestOutcome } from "../../../../domain/contract/template.ts";
import { count } from "../../components/bits.tsx";
import { Empty, Note } from "../../components/states.tsx";
import { StatusPill, StatusText } from "../../components/status.tsx";
import { errorText } from "../../lib/errors.ts";
import { testsText, type Draft } from "./draft.ts";
import { fieldsOf, fieldsToYaml, yamlToJson } from "./fields.ts";
import { runTests, type DraftTest, type StoredTemplate } from "./templates-api.ts";
import { TextDiff } from "./text-diff.tsx";

type Props = {
  base: StoredTemplate | null;
  draft: Draft;
  onTests: (tests: DraftTest[]) => void;
  readOnly: boolean;
};
type Ran = { outcomes: TestOutcome[]; of: string };

/** Values and the output they have to give, to the byte. They run on each save; here at once. */
export function TestsTab({ base, draft, onTests, readOnly }: Props) {
  const [ran, setRan] = useState<Ran | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { tests, content, options } = draft;
  const body = `{"content":${JSON.stringify(content)},"options":${JSON.stringify(options)},"tests":${testsText(tests)}}`;
  const run = async (): Promise<void> => {
    if (base === null) return;
    setBusy(true);
    setFailure(null);
    try {
      setRan({ outcomes: (await runTests(base.id, body)).tests, of: body });
    } catch (error) {
      setRan(null);
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const change = (at: number, test: DraftTest): void => onTests(tests.map((each, i) => (i === at ? test : each)));
  const add = (): void => onTests([...tests, { name: freeName(tests), variables: "{}", expected: "" }]);
  const fresh = ran?.of === body ? ran.outcomes : null;
  const failed = fresh?.filter((outcome) => !outcome.passed).length ?? 0;
  if (tests.length === 0)
    return (
      <div className="ns-tp-tests">
        <Empty
          icon={null}
          title="No test yet"
          actions={
            !readOnly && (
              <Button leftSection={<IconPlus />} onClick={add}>
                Add a test
              </Button>
            )
          }
        >
          A test is a set of values and the output they have to give, to the byte. All of them run on each save, and on
          each save of what this text includes. “Keep as test” beside the output makes one of what is shown there.
        </Empty>
      </div>
    );
  return (
    <div className="ns-tp-tests">
      <div className="row g6 w">
        {fresh && (
          <span role="status">
            {failed === 0 ? (
              <StatusPill status="pass">{count(fresh.length, "test")} passed</StatusPill>
            ) : (
              <StatusPill status="failed">
                {failed} of {count(fresh.length, "test")} failed
              </StatusPill>
            )}
          </span>
        )}
        {ran && !fresh && <span className="sm t3">The text or a test changed since they ran.</span>}
        {base === null && <span className="sm t3">They run when it is saved.</span>}
        <span className="row g6 end">
          {!readOnly && (
            <Button leftSection={<IconPlus />} onClick={add}>
              Add a test
            </Button>
          )}
          <Button
            variant="filled"
            leftSection={<IconPlayerPlay />}
            loading={busy}
            disabled={base === null}
            onClick={() => void run()}
          >
            Run all
          </Button>
        </span>
      </div>
      {failure !== null && (
        <Note kind="bad" icon="cross" head="The tests did not run.">
          {errorText(failure)}
        </Note>
      )}
      {tests.map((test, i) => (
        <TestCard
          key={`${i} of ${tests.length}`}
          test={test}
          outcome={fresh?.[i]}
          readOnly={readOnly}
          onChange={(next) => change(i, next)}
          onDelete={() => onTests(tests.filter((_, j) => j !== i))}
        />
      ))}
    </div>
  );
}

function freeName(tests: readonly DraftTest[]): string {
  for (let n = tests.length + 1; ; n++) {
    const name = `case ${n}`;
    if (!tests.some((test) => test.name === name)) return name;
  }
}

type CardProps = {
  test: DraftTest;
  outcome: TestOutcome | undefined;
  readOnly: boolean;
  onChange: (test: DraftTest) => void;
  onDelete: () => void;
};
function TestCard({ test, outcome, readOnly, onChange, onDelete }: CardProps) {
  const [yaml, setYaml] = useState(() => fieldsToYaml(fieldsOf(test.variables)));
  const [refused, setRefused] = useState<string | null>(null);
  const type = (text: string): void => {
    setYaml(text);
    const read = yamlToJson(text);
    if (read !== null && ("error" in read || !read.json.startsWith("{"))) {
      setRefused("error" in read ? read.error : "must be an object: `name: value` on each line");
      return;
    }
    setRefused(null);
    onChange({ ...test, variables: read?.json ?? "{}" });
  };
  return (
    <section className="ns-card" aria-label={`Test ${test.name}`}>
      <div className="ns-ch">
        <TextInput
          aria-label="Name of the test"
          w={320}
          readOnly={readOnly}
          value={test.name}
          onChange={(event) => onChange({ ...test, name: event.currentTarget.value })}
        />
        <span className="sp" />
        {outcome && <StatusText status={outcome.passed ? "pass" : "failed"} />}
        {!readOnly && (
          <Button size="xs" variant="subtle" className="bad" leftSection={<IconTrash />} onClick={onDelete}>
            Remove
          </Button>
        )}
      </div>
      <div className="ns-tp-case">
        <Textarea
          label="Values, as YAML"
          classNames={{ input: "mono" }}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          readOnly={readOnly}
          value={yaml}
          error={refused}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Textarea
          label="Expected output"
          classNames={{ input: "mono" }}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          readOnly={readOnly}
          value={test.expected}
          onChange={(event) => onChange({ ...test, expected: event.currentTarget.value })}
        />
      </div>
      {outcome && !outcome.passed && (
        <div className="ns-tp-outcome">
          {outcome.error !== null ? (
            <Note kind="bad" icon="cross" head={outcome.line === null ? "Not rendered." : `Line ${outcome.line}:`}>
              {outcome.error}
            </Note>
          ) : (
            <>
              <p className="cb sm">
                From what is expected to what came{" "}
                {!readOnly && outcome.rendered !== null && (
                  <button
                    type="button"
                    className="lk u"
                    onClick={() => onChange({ ...test, expected: outcome.rendered ?? "" })}
                  >
                    Expect what came
                  </button>
                )}
              </p>
              <TextDiff before={test.expected} after={outcome.rendered ?? ""} label={`Difference of ${test.name}`} />
            </>
          )}
        </div>
      )}
    </section>
  );
}

import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { count } from "../../components/bits.tsx";
import { Loaded, Note, SkeletonRows } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { changedIn, draftOf, type Draft } from "./draft.ts";
import { templateQuery, type StoredTemplate } from "./templates-api.ts";
import { TextDiff } from "./text-diff.tsx";
import type { Save } from "./use-save.ts";

type Props = {
  save: Save;
  base: StoredTemplate | null;
  before: Draft;
  draft: Draft;
  /** Lets go of what was typed here, and goes on from what is stored. */
  onTheirs: (template: StoredTemplate) => void;
};

/** What stands between a person and a saved version. */
export function SaveDialogs({ save, base, before, draft, onTheirs }: Props) {
  const { refusal } = save;
  return (
    <>
      <Modal
        opened={refusal?.kind === "newer" && base !== null}
        onClose={save.forget}
        title="Somebody else saved this meanwhile"
        size="90%"
      >
        {refusal?.kind === "newer" && base !== null && (
          <Newer save={save} base={base} before={before} draft={draft} onTheirs={onTheirs} />
        )}
      </Modal>
      <Modal opened={refusal?.kind === "tests"} onClose={save.forget} title="Not saved: tests fail" size={640}>
        {refusal?.kind === "tests" && (
          <div className="stack">
            <p>
              {count(refusal.failures.length, "test")} of this template, or of those that include it,{" "}
              {refusal.failures.length === 1 ? "does" : "do"} not give what is expected.
            </p>
            {refusal.failures.map((failure) => (
              <pre key={failure} className="ns-tp-failure" tabIndex={0}>
                {failure}
              </pre>
            ))}
            <div className="row g6 w">
              <span className="row g6 end">
                <Button variant="subtle" onClick={save.forget}>
                  Back
                </Button>
                <Button loading={save.busy} onClick={() => void save.save({ allowFailing: true })}>
                  Save with failing tests
                </Button>
              </span>
            </div>
          </div>
        )}
      </Modal>
    </>
  );
}

function Newer({ save, base, before, draft, onTheirs }: Props & { base: StoredTemplate }) {
  const query = useQuery({ ...templateQuery(base.id), staleTime: 0 });
  return (
    <Loaded query={query} what="The newer version could not be read." skeleton={<SkeletonRows rows={8} columns={2} />}>
      {(theirs) => (
        <div className="stack">
          <p>
            <b>{theirs.updated_by}</b> saved version {theirs.version} <When at={theirs.updated_at} precise />; yours
            began at version {base.version}. Nothing of yours is lost yet.
          </p>
          <section className="ns-card ns-tp-conflict" aria-label="What they changed">
            <div className="ns-ch">
              <h3>What they changed</h3>
              <span className="t3">
                version {base.version} → {theirs.version}
              </span>
            </div>
            {theirs.content === base.content ? (
              <p className="cb t3 sm">
                Not the text: {changedIn(draftOf(base), draftOf(theirs)).join(", ") || "nothing"}.
              </p>
            ) : (
              <TextDiff before={base.content} after={theirs.content} label="What they changed" />
            )}
          </section>
          <section className="ns-card ns-tp-conflict" aria-label="What saving yours would change">
            <div className="ns-ch">
              <h3>What saving yours would change in theirs</h3>
            </div>
            <TextDiff
              before={theirs.content}
              after={changedIn(before, draft).includes("content") ? draft.content : theirs.content}
              label="What saving yours would change"
            />
          </section>
          {save.refusal?.kind === "other" && <Note kind="bad" icon="cross" head="Not saved." />}
          <div className="row g6 w">
            <Button variant="subtle" onClick={save.forget}>
              Keep editing
            </Button>
            <span className="row g6 w end">
              <Button
                className="bad"
                onClick={() => {
                  save.forget();
                  onTheirs(theirs);
                }}
              >
                Take theirs, drop mine
              </Button>
              <Button variant="filled" loading={save.busy} onClick={() => void save.save({ version: theirs.version })}>
                Save mine as version {theirs.version + 1}
              </Button>
            </span>
          </div>
        </div>
      )}
    </Loaded>
  );
}

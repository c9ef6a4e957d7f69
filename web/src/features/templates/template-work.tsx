import { useEffect, useMemo, useRef, useState } from "react";
import { Note } from "../../components/states.tsx";
import { Page, Tabs } from "../../components/page.tsx";
import { useCommands } from "../../lib/commands.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { usePhone } from "../../lib/use-phone.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { DetailsTab } from "./details-tab.tsx";
import { changedIn, draftOf, type Draft } from "./draft.ts";
import { EditTab } from "./edit-tab.tsx";
import { fieldsOf, readFields, type Fields } from "./fields.ts";
import { LeaveGuard } from "./leave-guard.tsx";
import { problemsOf } from "./problems.ts";
import { SaveDialogs } from "./save-dialogs.tsx";
import type { StoredTemplate } from "./templates-api.ts";
import { TestsTab } from "./tests-tab.tsx";
import { useDeviceValues } from "./use-device-values.ts";
import { useBackground, useRender } from "./use-render.ts";
import { useSave } from "./use-save.ts";
import { UsedByTab } from "./used-by-tab.tsx";
import { VersionsTab } from "./versions-tab.tsx";
import { WorkActions, WorkState } from "./work-head.tsx";
import "./templates.css";

/** The values that templates were tried with last, by name, while this page is open: they may hold what is not for a disk. */
const tried = new Map<string, Fields>();

/** What the draft began from. */
type Base = { template: StoredTemplate | null; draft: Draft };

/** One template, with what one has typed and not saved. */
export function TemplateWork({ template, start }: { template: StoredTemplate | null; start: Draft }) {
  const go = useGo();
  const may = useCan();
  const phone = usePhone();
  const [search] = useUrlState();
  const [base, setBase] = useState<Base>({ template, draft: start });
  const [draft, setDraft] = useState(start);
  const [comment, setComment] = useState("");
  const [fields, setFields] = useState<Fields>(
    () => tried.get(start.name) ?? fieldsOf(start.tests[0]?.variables ?? "{}"),
  );
  const leaving = useRef(false);
  const device = search["device"] ?? null;
  const tab = search["tab"] ?? "edit";
  const readOnly = phone || !may("templates:write");
  const changed = useMemo(() => changedIn(base.draft, draft), [base, draft]);
  const dirty = changed.length > 0;

  useEffect(() => {
    if (dirty) leaving.current = false;
  }, [dirty]);

  const later =
    template !== null && base.template !== null && template.version > base.template.version ? template : null;
  // What was saved elsewhere shows at once, as long as nothing is typed here.
  const newer = dirty ? later : null;
  if (later !== null && !dirty) {
    setBase({ template: later, draft: draftOf(later) });
    setDraft(draftOf(later));
  }

  const save = useSave({
    base: base.template,
    before: base.draft,
    draft,
    comment,
    onSaved: (stored) => {
      leaving.current = true;
      setBase({ template: stored, draft: draftOf(stored) });
      setDraft(draftOf(stored));
      setComment("");
      tried.set(stored.name, fields);
      if (stored.name !== template?.name) go(links.template(stored.name), { replace: true });
    },
  });
  const mayDo = !readOnly && (base.template === null || dirty) && draft.content !== "" && draft.name.trim() !== "";
  const submit = (): void => {
    if (mayDo) void save.save();
  };
  useCommands(
    readOnly ? [] : [{ id: "save-template", label: "Save the template", key: "mod+s", group: "Template", run: submit }],
  );

  const background = useBackground();
  const given = useMemo(() => readFields(fields), [fields]);
  const live = useRender(background, {
    source: draft.content,
    options: draft.options,
    variables: given.json,
    device,
  });
  const values = useDeviceValues(device);
  const problems = useMemo(
    () =>
      problemsOf({
        source: draft.content,
        trouble: live.output === null ? live.trouble : null,
        variables: live.variables,
        given: new Set([...given.given, ...values.keys()]),
      }),
    [draft.content, live, given, values],
  );
  const patch = (next: Partial<Draft>): void => setDraft((before) => ({ ...before, ...next }));
  const stored = base.template;
  const name = stored?.name ?? "";
  const at = (to: string): string =>
    stored === null
      ? links.newTemplate({ ...search, tab: to === "edit" ? undefined : to })
      : links.template(name, { device, tab: to === "edit" ? undefined : to });
  const folders = name.split("/").slice(0, -1);
  return (
    <Page
      fill
      title={stored?.name ?? "New template"}
      heading={name.split("/").at(-1) || "New template"}
      crumbs={[
        { label: "Templates", href: links.templates() },
        ...(folders.length > 0
          ? [{ label: folders.join("/"), href: links.templates({ q: `${folders.join("/")}/` }) }]
          : []),
      ]}
      beside={
        <WorkState
          stored={stored}
          draft={draft}
          dirty={dirty}
          problems={problems}
          onDraft={readOnly ? null : patch}
          error={fieldErrors(errorOf(save))["name"]}
        />
      }
      actions={
        !readOnly && (
          <WorkActions
            stored={stored}
            dirty={dirty}
            busy={save.busy}
            ready={mayDo}
            comment={comment}
            onComment={setComment}
            onDiscard={() => setDraft(base.draft)}
            onSave={submit}
          />
        )
      }
      below={
        <Tabs
          label="Parts of this template"
          current={tab}
          items={[
            { id: "edit", label: readOnly ? "Text" : "Edit", href: at("edit") },
            { id: "details", label: "Details", href: at("details") },
            { id: "tests", label: "Tests", count: phone ? undefined : draft.tests.length, href: at("tests") },
            ...(stored === null
              ? []
              : [
                  {
                    id: "versions",
                    label: "Versions",
                    count: phone ? undefined : stored.version,
                    href: at("versions"),
                  },
                  { id: "used-by", label: "Used by", href: at("used-by") },
                ]),
          ]}
        />
      }
    >
      {save.refusal?.kind === "other" && (
        <Note kind="bad" icon="cross" head="Not saved." alert>
          {errorText(save.refusal.error)}
        </Note>
      )}
      {newer && save.refusal === null && (
        <Note kind="wait" icon="warn" head={`${newer.updated_by} saved version ${newer.version} meanwhile.`}>
          Yours began at version {base.template?.version}. Saving shows both and lets you choose.
        </Note>
      )}
      {tab === "details" ? (
        <DetailsTab
          base={stored}
          draft={draft}
          onDraft={patch}
          readOnly={readOnly}
          errors={fieldErrors(errorOf(save))}
          onDeleted={() => (leaving.current = true)}
        />
      ) : tab === "tests" ? (
        <TestsTab base={stored} draft={draft} onTests={(tests) => patch({ tests })} readOnly={readOnly} />
      ) : tab === "versions" && stored ? (
        <VersionsTab template={stored} dirty={dirty} />
      ) : tab === "used-by" && stored ? (
        <UsedByTab template={template ?? stored} />
      ) : (
        <EditTab
          stored={stored?.id ?? null}
          draft={draft}
          onContent={(content) => patch({ content })}
          readOnly={readOnly}
          fields={fields}
          onFields={(next) => {
            setFields(next);
            if (stored !== null) tried.set(stored.name, next);
          }}
          device={device}
          values={values}
          live={live}
          problems={problems}
          background={background}
          onKeep={
            readOnly || device !== null
              ? null
              : (expected) =>
                  patch({
                    tests: [
                      ...draft.tests,
                      { name: `case ${draft.tests.length + 1}`, variables: given.json, expected },
                    ],
                  })
          }
        />
      )}
      <SaveDialogs
        save={save}
        base={stored}
        before={base.draft}
        draft={draft}
        onTheirs={(theirs) => {
          setBase({ template: theirs, draft: draftOf(theirs) });
          setDraft(draftOf(theirs));
        }}
      />
      <LeaveGuard dirty={dirty} leaving={leaving} />
    </Page>
  );
}

const errorOf = ({ refusal }: ReturnType<typeof useSave>): unknown =>
  refusal?.kind === "other" ? refusal.error : null;

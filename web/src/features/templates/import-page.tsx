import { Button, Switch } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ImportAnswer, ImportedFile } from "../../../../domain/contract/template.ts";
import { count } from "../../components/bits.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { Card, Page } from "../../components/page.tsx";
import { ErrorState, Note } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { FilesDrop, type GivenFile } from "./files-drop.tsx";
import { importFiles } from "./templates-api.ts";
import "./templates.css";

type Tried = { files: GivenFile[]; update: boolean; answer: ImportAnswer };
const WORST: ImportedFile["action"][] = ["error", "create", "update", "unchanged"];

/** Drop files, see what each would become, then keep all of them. */
export function ImportTemplatesPage() {
  const client = useQueryClient();
  const go = useGo();
  const [tried, setTried] = useState<Tried | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const during = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const dryRun = (files: GivenFile[], update: boolean): void =>
    void during(async () => setTried({ files, update, answer: await importFiles({ files, update, dry_run: true }) }));
  const commit = ({ files, update }: Tried): void =>
    void during(async () => {
      const { created, updated } = await importFiles({ files, update });
      await client.invalidateQueries({ queryKey: ["templates"] });
      toast.ok(`${count(created, "template")} added, ${updated} changed.`);
      go(links.templates());
    });
  return (
    <Page
      title="Import templates"
      crumbs={[{ label: "Templates", href: links.templates() }, { label: "Import" }]}
      heading="Import templates"
    >
      <FilesDrop busy={busy} again={tried !== null} onFiles={(files) => dryRun(files, tried?.update ?? false)} />
      {failure !== null && (
        <ErrorState error={failure} what="The files were not taken." touched="No template was added or changed." />
      )}
      {tried && (
        <Preview
          tried={tried}
          busy={busy}
          onUpdate={(update) => dryRun(tried.files, update)}
          onCommit={() => commit(tried)}
        />
      )}
    </Page>
  );
}

type PreviewProps = { tried: Tried; busy: boolean; onUpdate: (update: boolean) => void; onCommit: () => void };
function Preview({ tried, busy, onUpdate, onCommit }: PreviewProps) {
  const { files, created, updated, unchanged, errors } = tried.answer;
  const nothing = created + updated === 0;
  const sorted = files.toSorted((a, b) => WORST.indexOf(a.action) - WORST.indexOf(b.action));
  return (
    <>
      {errors > 0 ? (
        <Note kind="bad" icon="cross" head={`${count(errors, "file")} cannot be taken.`}>
          All files or none: correct them and drop them again. Nothing was added or changed.
        </Note>
      ) : (
        <Note
          kind={nothing ? "idle" : "ok"}
          icon={nothing ? "slash" : "tick"}
          head={
            nothing
              ? "Nothing to do."
              : `${count(created, "new template")}, ${updated} changed, ${unchanged} as before.`
          }
          actions={
            <>
              <Button component={Go} href={links.templates()} variant="subtle">
                Back
              </Button>
              {!nothing && (
                <Button variant="filled" leftSection={<IconUpload />} loading={busy} onClick={onCommit}>
                  Import {count(created + updated, "template")}
                </Button>
              )}
            </>
          }
        >
          {nothing
            ? "Every file is as its template already stands."
            : "This was a dry run: nothing has been written yet."}
        </Note>
      )}
      <Card
        title="Files"
        note={count(files.length, "file")}
        actions={
          <Switch
            size="xs"
            label="Change templates that are there"
            checked={tried.update}
            disabled={busy}
            onChange={(event) => onUpdate(event.currentTarget.checked)}
          />
        }
      >
        <DataTable
          label="Files"
          rows={sorted}
          rowId={(file) => file.file}
          name={{ head: "File", text: (file) => file.file }}
          columns={[
            { id: "name", head: "Template", cell: (file) => <span className="ell ns-name">{file.name ?? ""}</span> },
            { id: "action", head: "Would be", cell: (file) => <StatusText status={file.action} /> },
            { id: "why", head: "To know", cell: (file) => <Why file={file} /> },
          ]}
          card={(file) => ({
            title: <span className="ell">{file.file}</span>,
            line: <Why file={file} />,
            aside: <StatusText status={file.action} />,
          })}
        />
      </Card>
    </>
  );
}

function Why({ file }: { file: ImportedFile }) {
  return (
    <>
      {file.errors.map((error) => (
        <span key={`${error.code} ${error.line} ${error.message}`} className="ns-tp-fileerr">
          {error.line !== undefined && <b>line {error.line}: </b>}
          {error.message}
        </span>
      ))}
      {file.missing.length > 0 && (
        <span className="t3 break ns-tp-missing">includes {file.missing.join(", ")}, which is nowhere yet</span>
      )}
    </>
  );
}

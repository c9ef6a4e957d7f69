import { Button } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ImportRow } from "../../../../domain/contract/device.ts";
import { count } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { Card, Page } from "../../components/page.tsx";
import { ErrorState, Note } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { api } from "../../lib/api.ts";
import { links } from "../../lib/links.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { DropZone } from "./drop-zone.tsx";
import "./devices.css";

type Outcome = { rows: ImportRow[]; created: number; updated: number; unchanged: number; errors: number };
type Tried = { file: string; text: string; outcome: Outcome };

const send = (text: string, dryRun: boolean): Promise<Outcome> =>
  api.postText<Outcome>("/devices/import", text, "text/csv", { dry_run: dryRun });
const WORST: ImportRow["action"][] = ["error", "create", "update", "unchanged"];

/** Drop a CSV, see what each row would do, then do it. */
export function ImportPage() {
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
  const dryRun = (file: string, text: string): void =>
    void during(async () => {
      setTried(null);
      setTried({ file, text, outcome: await send(text, true) });
    });
  const commit = ({ text }: Tried): void =>
    void during(async () => {
      const { created, updated } = await send(text, false);
      await client.invalidateQueries({ queryKey: ["devices"] });
      toast.ok(`${count(created, "device")} added, ${updated} changed.`);
      go(links.devices());
    });
  return (
    <Page
      title="Import devices"
      crumbs={[{ label: "Devices", href: links.devices() }, { label: "Import" }]}
      heading="Import devices"
    >
      <DropZone busy={busy} onText={dryRun} again={tried !== null} />
      {failure !== null && (
        <ErrorState error={failure} what="The file was not taken." touched="No device was added or changed." />
      )}
      {tried && <Preview tried={tried} busy={busy} onCommit={() => commit(tried)} />}
    </Page>
  );
}

function Preview({ tried, busy, onCommit }: { tried: Tried; busy: boolean; onCommit: () => void }) {
  const { rows, created, updated, unchanged, errors } = tried.outcome;
  const nothing = created + updated === 0;
  const sorted = [...rows].sort((a, b) => WORST.indexOf(a.action) - WORST.indexOf(b.action) || a.row - b.row);
  return (
    <>
      {errors > 0 ? (
        <Note kind="bad" icon="cross" head={`${count(errors, "row")} cannot be taken.`}>
          All rows or none: correct the file and drop it again. Nothing was added or changed.
        </Note>
      ) : (
        <Note
          kind={nothing ? "idle" : "ok"}
          icon={nothing ? "slash" : "tick"}
          head={
            nothing ? "Nothing to do." : `${count(created, "new device")}, ${updated} changed, ${unchanged} as before.`
          }
          actions={
            <>
              <Button component={Go} href={links.devices()} variant="subtle">
                Back
              </Button>
              {!nothing && (
                <Button variant="filled" leftSection={<IconUpload />} loading={busy} onClick={onCommit}>
                  Import {count(created + updated, "device")}
                </Button>
              )}
            </>
          }
        >
          {nothing ? "Every row is as the device already stands." : "This was a dry run: nothing has been written yet."}
        </Note>
      )}
      <Card title={tried.file} note={count(rows.length, "row")}>
        <DataTable
          label="Rows of the file"
          rows={sorted}
          rowId={(row) => String(row.row)}
          name={{ head: "Row", text: (row) => String(row.row) }}
          columns={[
            { id: "name", head: "Name", cell: (row) => <b className="ell ns-name">{row.name ?? ""}</b> },
            { id: "action", head: "Would be", cell: (row) => <StatusText status={row.action} /> },
            { id: "errors", head: "Why not", cell: (row) => <RowErrors row={row} /> },
          ]}
          card={(row) => ({
            title: (
              <span className="ell">
                {row.row}: {row.name ?? ""}
              </span>
            ),
            line: row.errors.length > 0 ? <RowErrors row={row} /> : null,
            aside: <StatusText status={row.action} />,
          })}
        />
      </Card>
    </>
  );
}

function RowErrors({ row }: { row: ImportRow }) {
  return row.errors.map((error) => (
    <span key={error.column + error.code} className="ns-rowerr">
      <code>{error.column}</code> {error.message}
    </span>
  ));
}

import { TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { RunStep } from "../../../../domain/contract/run.ts";
import { Windowed } from "../../components/diff/windowed.tsx";
import { Go } from "../../components/go.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { formatDuration } from "../../lib/time.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { OUTCOME_VIEWS, type Outcome, type OutcomeGroup } from "./backup-outcomes.ts";
import { shortDuration } from "./matrix.ts";

/** Groups of more devices than this are closed at first, unless something is wrong in them. */
const MANY = 60;
const LOUD: readonly Outcome[] = ["failed", "running", "stored"];

type Row =
  | { kind: "head"; outcome: Outcome; count: number; open: boolean }
  | { kind: "device"; step: RunStep; outcome: Outcome };

/** The devices of a backup, by how they came out; only what is seen is drawn. */
export function BackupDevices({ groups }: { groups: readonly OutcomeGroup[] }) {
  const [search, set] = useUrlState();
  const [turned, setTurned] = useState<ReadonlySet<Outcome>>(new Set());
  const box = useRef<HTMLInputElement>(null);
  const words = (search["find"] ?? "").trim().toLowerCase();
  const device = search["device"];
  const rows = useMemo(
    () =>
      groups.flatMap(({ outcome, steps }): Row[] => {
        const found = words === "" ? steps : steps.filter((step) => (step.device ?? "").toLowerCase().includes(words));
        if (found.length === 0) return [];
        const atFirst = LOUD.includes(outcome) || found.length <= MANY || found.some((step) => step.device === device);
        const open = atFirst !== turned.has(outcome);
        const head: Row = { kind: "head", outcome, count: found.length, open };
        return open ? [head, ...found.map((step): Row => ({ kind: "device", step, outcome }))] : [head];
      }),
    [groups, words, turned, device],
  );
  useCommands([
    {
      id: "find-device",
      key: "/",
      label: "Find a device",
      group: "Rows",
      keyOnly: true,
      run: () => box.current?.focus(),
    },
  ]);
  const turn = (outcome: Outcome): void => {
    const next = new Set(turned);
    if (!next.delete(outcome)) next.add(outcome);
    setTurned(next);
  };
  const at = device === undefined ? -1 : rows.findIndex((row) => row.kind === "device" && row.step.device === device);
  return (
    <>
      <div className="find">
        <TextInput
          ref={box}
          size="xs"
          aria-label="Find a device"
          placeholder="Find a device"
          leftSection={<IconSearch className="i14" />}
          value={search["find"] ?? ""}
          onChange={(event) => set({ find: event.currentTarget.value || undefined })}
        />
      </div>
      {rows.length === 0 ? (
        <p className="cb t3">{words === "" ? "No device yet." : "No device of this run is called that."}</p>
      ) : (
        <Windowed
          label="Devices by outcome"
          className="devs"
          count={rows.length}
          estimate={34}
          maxHeight="none"
          scrollTo={at >= 0 ? at : null}
        >
          {(index) => {
            const row = rows[index];
            if (!row) return null;
            return row.kind === "head" ? (
              <Head row={row} onTurn={() => turn(row.outcome)} />
            ) : (
              <DeviceRow step={row.step} outcome={row.outcome} current={row.step.device === device} />
            );
          }}
        </Windowed>
      )}
    </>
  );
}

function Head({ row, onTurn }: { row: Extract<Row, { kind: "head" }>; onTurn: () => void }) {
  const { kind, icon, word } = OUTCOME_VIEWS[row.outcome];
  return (
    <button type="button" className={`hd k-${kind}`} aria-expanded={row.open} onClick={onTurn}>
      {row.open ? <IconChevronDown className="i14" aria-hidden /> : <IconChevronRight className="i14" aria-hidden />}
      <StatusIcon kind={kind} icon={icon} />
      <b>{word}</b>
      <span className="num t3">{row.count.toLocaleString("en")}</span>
    </button>
  );
}

function DeviceRow({ step, outcome, current }: { step: RunStep; outcome: Outcome; current: boolean }) {
  const device = step.device ?? "";
  const failed = outcome === "failed";
  return (
    <div className={`dev${current ? " on" : ""}${failed ? " two" : ""}`}>
      <Go className="b ell" href={links.device(device, "versions")} title={device}>
        {device}
      </Go>
      <span className="sm t3 break said">
        {failed && step.error ? (
          <>
            <code className="k-bad k-text">{step.error.code}</code> {step.error.message}
          </>
        ) : (
          step.message
        )}
      </span>
      <span className="sm t3 num nowrap">
        {step.duration_ms === null ? "" : shortDuration(step.duration_ms, formatDuration)}
      </span>
    </div>
  );
}

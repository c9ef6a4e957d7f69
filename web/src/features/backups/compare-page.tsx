import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowsLeftRight, IconColumns2, IconHistory } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BackupDiff, ConfigBackup } from "../../../../domain/contract/backup.ts";
import { Go } from "../../components/go.tsx";
import { Page } from "../../components/page.tsx";
import { Empty, ErrorState, Loaded, SkeletonRows } from "../../components/states.tsx";
import { ApiError } from "../../lib/api.ts";
import { links } from "../../lib/links.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { diffQuery, healthQuery, versionsQuery } from "./backups-api.ts";
import { ConfigsTabs } from "./configs-tabs.tsx";
import { DiffOf } from "./diff-of.tsx";
import { Timeline } from "./timeline.tsx";
import { VersionPick } from "./version-pick.tsx";
import "./backups.css";

/** Any two versions, of one device or of two: `/configs/diff?a=…&b=…`. */
export function ComparePage() {
  const [search] = useUrlState();
  const { a, b } = search;
  const totals = useQuery(healthQuery({ limit: 1 })).data?.totals;
  return (
    <Page fill title="Compare configs" heading="Configs" below={<ConfigsTabs current="compare" totals={totals} />}>
      {a !== undefined && b !== undefined ? <Compared key={`${a} ${b}`} a={a} b={b} /> : <Choose one={a ?? b} />}
    </Page>
  );
}

function Compared({ a, b }: { a: string; b: string }) {
  const query = useQuery(diffQuery(a, b));
  if (query.isError)
    return (
      <>
        <ErrorState
          error={query.error}
          what="The two versions could not be compared."
          touched="Comparing reads what is stored; no device was asked."
          {...(query.error instanceof ApiError && query.error.status < 500
            ? {}
            : { retry: () => void query.refetch() })}
        />
        <Choose one={undefined} />
      </>
    );
  return (
    <Loaded
      query={query}
      what="The two versions could not be compared."
      touched="Comparing reads what is stored; no device was asked."
      skeleton={<SkeletonRows rows={14} columns={2} />}
    >
      {(diff) => <Pair diff={diff} a={a} b={b} />}
    </Loaded>
  );
}

function Pair({ diff, a, b }: { diff: BackupDiff; a: string; b: string }) {
  const go = useGo();
  const { before, after } = diff;
  const two = before.device_name !== after.device_name;
  const older = useQuery(versionsQuery(before.device_name)).data?.backups ?? [before];
  const newer = useQuery(versionsQuery(after.device_name)).data?.backups ?? [after];
  return (
    <section className="ns-card ns-bk-side" aria-label="Comparison">
      <div className={`ns-bk-pair wide${two ? "" : " same"}`}>
        <Side
          side="A"
          version={before}
          versions={older}
          named={two}
          onPick={(id) => go(links.configDiff(id, after.id))}
        />
        <Button
          component={Go}
          href={two ? links.configDiff(b, a) : links.configs({ device: after.device_name })}
          size="xs"
          className="only-wide"
          leftSection={two ? <IconArrowsLeftRight /> : <IconHistory />}
        >
          {two ? "Swap" : "All versions"}
        </Button>
        <Side
          side="B"
          version={after}
          versions={newer}
          named={two}
          onPick={(id) => go(links.configDiff(before.id, id))}
        />
      </div>
      {!two && newer.length > 1 && <Timeline versions={newer} pair={diff} />}
      <DiffOf a={a} b={b} />
    </section>
  );
}

type SideProps = {
  side: "A" | "B";
  version: ConfigBackup;
  versions: readonly ConfigBackup[];
  named: boolean;
  onPick: (id: string) => void;
};
function Side({ side, version, versions, named, onPick }: SideProps) {
  return (
    <div className="stack ns-bk-which">
      <DevicePick label={`${side}: device`} value={version.device_name} onPick={onPick} />
      <VersionPick side={side} version={version} versions={versions} named={named} onPick={onPick} />
    </div>
  );
}

const FEW = 20;
/** Another device, by a part of its name; its newest version is taken. */
function DevicePick({ label, value, onPick }: { label: string; value: string | null; onPick: (id: string) => void }) {
  const [words, setWords] = useState("");
  const [search] = useDebouncedValue(words === value ? "" : words.trim(), 200);
  const found = useQuery({
    ...healthQuery({ search, sort: "device", limit: FEW }),
    placeholderData: keepPreviousData,
  }).data?.devices;
  const kept = (found ?? []).filter((device) => device.latest_backup_id !== null).map((device) => device.device);
  return (
    <Select
      searchable
      aria-label={label}
      placeholder="A device, by a part of its name"
      nothingFoundMessage="No stored config of such a device"
      allowDeselect={false}
      data={[...new Set([...(value === null ? [] : [value]), ...kept])]}
      filter={({ options }) => options}
      value={value}
      onSearchChange={setWords}
      onChange={(name) => {
        const id = found?.find((device) => device.device === name)?.latest_backup_id;
        if (id) onPick(id);
      }}
    />
  );
}

/** Nothing is chosen yet, or only one side. */
function Choose({ one }: { one: string | undefined }) {
  const go = useGo();
  const [first, setFirst] = useState<string | null>(one ?? null);
  return (
    <Empty icon={<IconColumns2 className="i28 t3" aria-hidden />} title="Which two?">
      <div className="stack ns-bk-choose">
        <p>
          {first === null
            ? "Choose a device; then the one to hold against it, or an older version of its own."
            : "And the second one, of the same platform."}
        </p>
        <DevicePick
          key={first ?? ""}
          label={first === null ? "First device" : "Second device"}
          value={null}
          onPick={(id) => (first === null ? setFirst(id) : go(links.configDiff(first, id)))}
        />
        <p>
          Two versions of one device are compared under{" "}
          <Go className="lk u" href={links.configs()}>
            Backup health
          </Go>
          : choose the device there.
        </p>
      </div>
    </Empty>
  );
}

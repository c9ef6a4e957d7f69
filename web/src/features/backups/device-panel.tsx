import { Button } from "@mantine/core";
import { IconColumns2, IconDownload, IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { BackupHealth, ConfigBackup } from "../../../../domain/contract/backup.ts";
import { Go, TextLink } from "../../components/go.tsx";
import { Empty, Loaded, Note, SkeletonRows } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { sentence } from "../../lib/errors.ts";
import { links } from "../../lib/links.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { deviceHealthQuery, versionsQuery } from "./backups-api.ts";
import { DiffOf } from "./diff-of.tsx";
import { HealthStatus } from "./health-status.tsx";
import { Timeline } from "./timeline.tsx";
import type { BackUp } from "./use-back-up.tsx";
import { VersionPick } from "./version-pick.tsx";
import { VersionText } from "./version-text.tsx";
import { pairOf } from "./versions.ts";

/** One device beside the list: how it stands, and what changed between two of its versions. */
export function DevicePanel({ device, backUp }: { device: string; backUp: BackUp }) {
  const health = useQuery(deviceHealthQuery(device)).data?.health;
  const versions = useQuery(versionsQuery(device));
  return (
    <section className="ns-card ns-bk-side" aria-label={`Backups of ${device}`}>
      <div className="ns-ch">
        <h2 className="ell">
          <TextLink href={links.device(device, "versions")} title={device}>
            {device}
          </TextLink>
        </h2>
        {health && <HealthStatus health={health} />}
        {backUp.allowed && health?.enabled && health.status !== "unsupported" && (
          <span className="row g6 end">
            <Button
              size="xs"
              leftSection={<IconDownload />}
              loading={backUp.busy}
              onClick={() => void backUp.these([device])}
            >
              Back up now
            </Button>
          </span>
        )}
      </div>
      {health && <HealthNote health={health} />}
      <Loaded
        query={versions}
        what="The versions could not be read."
        touched="No device was asked."
        skeleton={<SkeletonRows rows={12} columns={2} />}
      >
        {({ backups }) => <Versions backups={backups} />}
      </Loaded>
    </section>
  );
}

/** Why its newest try failed, or that what is stored is behind; and what to do. */
export function HealthNote({ health }: { health: BackupHealth }) {
  const failure = health.last_failure;
  if (health.status === "failed" && failure)
    return (
      <Note kind="bad" icon="cross" head={sentence(failure.code.replaceAll("_", " "))}>
        {sentence(failure.message)} {failure.what_to_do}{" "}
        <span className="t2">
          Tried <When at={failure.at} precise /> by <TextLink href={links.run(failure.run_id)}>this run</TextLink>
          {health.last_success_at && (
            <>
              ; what is shown was read <When at={health.last_success_at} precise />
            </>
          )}
          .
        </span>
      </Note>
    );
  if (health.changed_since)
    return (
      <Note kind="wait" icon="warn" head="Changed after the last read.">
        A change was carried out on it since; the newest version does not have it yet.
      </Note>
    );
  if (health.status === "stale")
    return (
      <Note kind="wait" icon="clock" head="Not read for long.">
        The newest version may be behind what is on the device.
      </Note>
    );
  return null;
}

function Versions({ backups }: { backups: ConfigBackup[] }) {
  const [search, set] = useUrlState();
  const pair = pairOf(backups, search["a"], search["b"]);
  const [only] = backups;
  if (!only)
    return (
      <Empty icon={<IconFileText className="i28 t3" aria-hidden />} title="No version is stored">
        A backup reads its running config with show commands and keeps it when it is whole.
      </Empty>
    );
  if (!pair)
    return (
      <>
        <p className="ns-bk-only sm t3">
          The only version so far, first read <When at={only.created_at} precise />.{" "}
          {only.status === "shrunk" && <StatusText status="shrunk" />}
        </p>
        <VersionText id={only.id} />
      </>
    );
  const pick = (side: "a" | "b", id: string): void =>
    set({ a: pair.before.id, b: pair.after.id, [side]: id }, { push: true });
  return (
    <>
      <div className="ns-bk-pair">
        <VersionPick side="A" version={pair.before} versions={backups} onPick={(id) => pick("a", id)} />
        <VersionPick side="B" version={pair.after} versions={backups} onPick={(id) => pick("b", id)} />
        <Button
          component={Go}
          href={links.configDiff(pair.before.id, pair.after.id)}
          leftSection={<IconColumns2 />}
          size="xs"
        >
          Full width
        </Button>
      </div>
      <Timeline versions={backups} pair={pair} />
      <DiffOf a={pair.before.id} b={pair.after.id} narrow />
    </>
  );
}

import { Button } from "@mantine/core";
import { IconColumns2, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { ConfigBackup } from "../../../../domain/contract/backup.ts";
import type { Device } from "../../../../domain/contract/device.ts";
import { count } from "../../components/bits.tsx";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { Go, TextLink } from "../../components/go.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { formatWhen } from "../../lib/time.ts";
import { deviceHealthQuery, versionsQuery } from "./backups-api.ts";
import { HealthNote } from "./device-panel.tsx";
import { HealthStatus } from "./health-status.tsx";
import { useBackUp } from "./use-back-up.tsx";
import { shortHash, sizeText } from "./versions.ts";
import "./backups.css";

/** The device's stored configs: when each was first and last seen, and what changed in it. Two of them can be compared. */
export function DeviceVersions({ device }: { device: Device }) {
  const query = useQuery(versionsQuery(device.name));
  const health = useQuery(deviceHealthQuery(device.name)).data?.health;
  return (
    <>
      {health && (
        <div className="ns-bk-head">
          <HealthStatus health={health} />
          {health.changed_at && (
            <span className="sm t3 ell">
              unchanged since <When at={health.changed_at} precise />
            </span>
          )}
        </div>
      )}
      {health && <HealthNote health={health} />}
      <Loaded query={query} what="The versions could not be read." touched="No device was asked.">
        {({ backups, total }) => <Table device={device} backups={backups} total={total} />}
      </Loaded>
    </>
  );
}

type TableProps = { device: Device; backups: ConfigBackup[]; total: number };

function Table({ device, backups, total }: TableProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const backUp = useBackUp();
  const columns = useMemo(() => columnsOf(backups), [backups]);
  // Two at most: with a third, the one chosen first is let go of.
  const choose = (next: Set<string>): void => setChosen(new Set([...next].slice(-2)));
  const [a, b] = backups.filter((backup) => chosen.has(backup.id)).map((backup) => backup.id);
  return (
    <DataTable
      fill
      label={`Versions of ${device.name}`}
      rows={backups}
      rowId={rowId}
      name={{
        head: "First read",
        text: (backup) => formatWhen(backup.created_at, { precise: true }),
        href: (backup) => links.configVersion(backup.id),
        beside: (backup) => backup.is_latest && <StatusText status="ok">Newest</StatusText>,
      }}
      columns={columns}
      selection={{ selected: chosen, onChange: choose }}
      version={(backup) => backup.last_seen_at}
      card={(backup) => ({
        title: <When at={backup.created_at} precise />,
        line: (
          <>
            {count(backup.lines, "line")}, last seen <When at={backup.last_seen_at} precise />
          </>
        ),
        aside: <ChangedLink backups={backups} backup={backup} />,
      })}
      empty={
        <Empty
          icon={null}
          title="No version is stored"
          actions={
            backUp.allowed &&
            device.enabled && (
              <Button
                variant="filled"
                leftSection={<IconDownload />}
                loading={backUp.busy}
                onClick={() => void backUp.these([device.name])}
              >
                Back up now
              </Button>
            )
          }
        >
          A backup reads the running config with show commands, and keeps it when it is whole and something in it has
          changed.
        </Empty>
      }
      footer={
        backups.length > 0 && (
          <div className="ns-bk-foot">
            <span className="sm t3">
              {total > backups.length
                ? `The newest ${backups.length} of ${count(total, "version")}.`
                : a !== undefined && b !== undefined
                  ? "Two chosen."
                  : total === 1
                    ? "The only version so far."
                    : `${count(total, "version")}. Choose two to compare them.`}
            </span>
            {a !== undefined && b !== undefined && (
              <Button
                size="xs"
                variant="filled"
                component={Go}
                href={links.configDiff(b, a)}
                leftSection={<IconColumns2 />}
              >
                Compare the two
              </Button>
            )}
          </div>
        )
      }
    />
  );
}
const rowId = (backup: ConfigBackup): string => backup.id;

const columnsOf = (backups: readonly ConfigBackup[]): Column<ConfigBackup>[] => [
  { id: "seen", head: "Last seen", cell: (backup) => <When at={backup.last_seen_at} precise /> },
  {
    id: "lines",
    head: "Lines",
    align: "right",
    cell: (backup) =>
      backup.status === "shrunk" ? (
        <StatusText status="shrunk">shrunk to {backup.lines.toLocaleString("en")}</StatusText>
      ) : (
        backup.lines.toLocaleString("en")
      ),
  },
  { id: "size", head: "Size", align: "right", wide: true, cell: (backup) => sizeText(backup.size) },
  {
    id: "hash",
    head: "Hash",
    wide: true,
    cell: (backup) => <span className="mono">{shortHash(backup.config_hash)}</span>,
  },
  {
    id: "run",
    head: "Stored by",
    wide: true,
    cell: (backup) => <TextLink href={links.run(backup.run_id)}>the run</TextLink>,
  },
  {
    id: "diff",
    head: "Difference",
    align: "right",
    cell: (backup) => <ChangedLink backups={backups} backup={backup} />,
  },
];

/** What changed in it: against the version before, of a list newest first. */
function ChangedLink({ backups, backup }: { backups: readonly ConfigBackup[]; backup: ConfigBackup }) {
  const before = backups[backups.findIndex((each) => each.id === backup.id) + 1];
  if (!before) return <span className="t3">first backup</span>;
  return (
    <TextLink
      href={links.configDiff(before.id, backup.id)}
      aria-label={`What changed ${formatWhen(backup.created_at, { precise: true })}`}
    >
      what changed
    </TextLink>
  );
}

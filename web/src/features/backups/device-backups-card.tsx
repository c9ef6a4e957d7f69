import { IconDownload } from "@tabler/icons-react";
import { ActionIcon, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Device } from "../../../../domain/contract/device.ts";
import type { ConfigBackup } from "../../../../domain/contract/backup.ts";
import { count } from "../../components/bits.tsx";
import { Go, TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { deviceHealthQuery, versionsQuery } from "./backups-api.ts";
import { HealthStatus } from "./health-status.tsx";
import { useBackUp } from "./use-back-up.tsx";
import "./backups.css";

const SHOWN = 5;

/** Beside the device's config: how old its backup is, and its last versions. */
export function DeviceBackupsCard({ device }: { device: Device }) {
  const may = useCan();
  if (!may("backups:read")) return null;
  return <Shown device={device} />;
}

function Shown({ device }: { device: Device }) {
  const health = useQuery(deviceHealthQuery(device.name)).data?.health;
  const versions = useQuery(versionsQuery(device.name)).data;
  const backUp = useBackUp();
  if (!health || !versions) return null;
  const { backups, total } = versions;
  return (
    <Card
      title="Backups"
      note={<HealthStatus health={health} />}
      actions={
        backUp.allowed &&
        device.enabled &&
        health.status !== "unsupported" && (
          <Tooltip label="Back up now">
            <ActionIcon
              loading={backUp.busy || health.running_run_id !== null}
              aria-label={`Back up ${device.name} now`}
              onClick={() => void backUp.these([device.name])}
            >
              <IconDownload className="i14" />
            </ActionIcon>
          </Tooltip>
        )
      }
    >
      {health.status === "failed" && health.last_failure && (
        <p className="cb sm break">
          <code>{health.last_failure.code}</code> {health.last_failure.what_to_do ?? health.last_failure.message}
        </p>
      )}
      {backups.length === 0 ? (
        <p className="cb t3">No version is stored yet.</p>
      ) : (
        <ol className="ns-bk-hist">
          {backups.slice(0, SHOWN).map((backup, i) => (
            <Version key={backup.id} backup={backup} before={backups[i + 1]} />
          ))}
        </ol>
      )}
      {total > SHOWN && (
        <p className="cb sm">
          <TextLink href={links.device(device.name, "versions")}>All {count(total, "version")}</TextLink>
        </p>
      )}
    </Card>
  );
}

function Version({ backup, before }: { backup: ConfigBackup; before: ConfigBackup | undefined }) {
  return (
    <li className={backup.is_latest ? "on" : ""}>
      <i aria-hidden="true" />
      <Go href={before ? links.configDiff(before.id, backup.id) : links.configVersion(backup.id)}>
        <b>{before ? (backup.is_latest ? "Newest version" : "Changed") : "First backup"}</b>
        <span className="sm t3 num">
          {count(backup.lines, "line")}, {backup.is_latest ? "seen" : "until"} <When at={backup.last_seen_at} precise />
        </span>
      </Go>
      <span className="sm t3">
        <When at={backup.created_at} precise />
      </span>
    </li>
  );
}

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconDownload, IconLoader2 } from "@tabler/icons-react";
import { memo } from "react";
import type { BackupHealth } from "../../../../domain/contract/backup.ts";
import { count, platformWord } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { HealthStatus } from "./health-status.tsx";

type RowProps = {
  health: BackupHealth;
  href: string;
  /** Shown beside the list. */
  current: boolean;
  chosen: boolean;
  /** Choosing is of use only to whoever may back up. */
  onChoose: ((device: string) => void) | null;
  onBackUp: ((device: string) => void) | null;
};

/** One device: its name, its health, when its config changed; or why it could not be read, and what to do. */
export const HealthRow = memo(function HealthRow({ health, href, current, chosen, onChoose, onBackUp }: RowProps) {
  const { device, running_run_id: running } = health;
  return (
    <div
      data-row={device}
      className={`ns-bk-row${onChoose ? " has-box" : ""}${chosen ? " sel" : ""}${current ? " on" : ""}${health.enabled ? "" : " off"}`}
    >
      {onChoose && (
        <label className="bx">
          <input type="checkbox" aria-label={`Select ${device}`} checked={chosen} onChange={() => onChoose(device)} />
        </label>
      )}
      <Go data-row-name className="tx" href={href} aria-current={current ? "true" : undefined}>
        <span className="l1">
          <b className="ell" title={device}>
            {device}
          </b>
          <span className="xs t3 ell opt">
            {[platformWord(health.device_type), health.site].filter(Boolean).join(" · ")}
          </span>
          <span className="end">
            <HealthStatus health={health} />
          </span>
        </span>
        <span className="l2">
          <Second health={health} />
        </span>
      </Go>
      {running ? (
        <Tooltip label="It is being backed up: open the run">
          <ActionIcon component={Go} href={links.run(running, { device })} aria-label={`Open the run on ${device}`}>
            <IconLoader2 className="i14 spin" />
          </ActionIcon>
        </Tooltip>
      ) : (
        onBackUp &&
        health.enabled &&
        health.status !== "unsupported" && (
          <Tooltip label="Back up now">
            <ActionIcon onClick={() => onBackUp(device)} aria-label={`Back up ${device} now`}>
              <IconDownload className="i14" />
            </ActionIcon>
          </Tooltip>
        )
      )}
    </div>
  );
});

function Second({ health }: { health: BackupHealth }) {
  if (!health.enabled) return <>Disabled: every run skips it.</>;
  if (health.status === "failed" && health.last_failure)
    return (
      <span className="bad">
        <code>{health.last_failure.code}</code> {health.last_failure.what_to_do ?? health.last_failure.message}
      </span>
    );
  if (health.status === "unsupported") return <>This platform shows no running config.</>;
  if (health.status === "never") return <>Nobody has read its config yet.</>;
  return (
    <>
      {health.changed_since && <span className="k-wait k-text b">changed after the last read · </span>}
      {health.changed_at && (
        <>
          {health.versions === 1 ? "first read" : "unchanged since"} <When at={health.changed_at} precise /> ·{" "}
        </>
      )}
      {count(health.versions, "version")}
    </>
  );
}

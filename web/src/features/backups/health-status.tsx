import type { BackupHealth } from "../../../../domain/contract/backup.ts";
import { StatusIcon } from "../../components/status.tsx";
import { Ago } from "../../components/times.tsx";
import { backupHealthOf } from "../../lib/status-of.ts";

/** `Fresh, 2 h ago` · `Failed, read 3 d ago` · `Never`: how a device stands and how old its newest good read is. */
export function HealthStatus({ health }: { health: BackupHealth }) {
  const { kind, icon, word } = backupHealthOf(health.status);
  return (
    <span className={`ns-st k-${kind} k-text`}>
      <StatusIcon kind={kind} icon={icon} />
      <span>{word}</span>
      {health.last_success_at && (
        <span className="ns-st-note">
          {health.status === "failed" && "last read "}
          <Ago at={health.last_success_at} />
        </span>
      )}
    </span>
  );
}

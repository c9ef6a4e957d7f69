import { BACKUP_HEALTH, type BackupTotals } from "../../../../domain/contract/backup.ts";
import { count } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { StateBar, StatusIcon } from "../../components/status.tsx";
import { backupHealthOf } from "../../lib/status-of.ts";
import { isOnly, toggleHealth } from "./health-filter.ts";

type StripProps = { totals: BackupTotals; line: string; hrefOf: (line: string) => string };

/** How the fleet stands: in a number, in a bar, and by kind; a click on a kind shows those alone. */
export function HealthStrip({ totals, line, hrefOf }: StripProps) {
  const readable = totals.devices - totals.unsupported;
  return (
    <div className="ns-bk-sum">
      <span className="bg num">
        {totals.fresh.toLocaleString("en")} of {count(readable, "device")} fresh
      </span>
      <StateBar
        total={totals.devices}
        segments={BACKUP_HEALTH.map((status) => {
          const { kind, word } = backupHealthOf(status);
          return { kind, count: totals[status], label: word.toLowerCase() };
        })}
      />
      <p>
        Read whole within the last {totals.stale_after_hours} h.
        {totals.changed_since > 0 && (
          <>
            {" "}
            <b>{count(totals.changed_since, "device")}</b> {totals.changed_since === 1 ? "was" : "were"} changed after
            the last read.
          </>
        )}
      </p>
      <nav className="kinds" aria-label="By health">
        {BACKUP_HEALTH.map((status) => {
          const { kind, icon, word } = backupHealthOf(status);
          const on = isOnly(line, status);
          return (
            <Go
              key={status}
              replace
              href={hrefOf(toggleHealth(line, status))}
              aria-current={on ? "true" : undefined}
              className={`k-${kind}${totals[status] === 0 && !on ? " none" : ""}`}
            >
              <StatusIcon kind={kind} icon={icon} />
              {word}
              <b className="num">{totals[status].toLocaleString("en")}</b>
            </Go>
          );
        })}
      </nav>
    </div>
  );
}

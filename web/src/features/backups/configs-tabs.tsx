import type { BackupTotals } from "../../../../domain/contract/backup.ts";
import { Tabs } from "../../components/page.tsx";
import { links } from "../../lib/links.ts";

/** What one does with configs. */
export function ConfigsTabs({ current, totals }: { current: "health" | "compare"; totals: BackupTotals | undefined }) {
  const need = totals ? totals.failed + totals.stale + totals.never : 0;
  return (
    <Tabs
      label="Configs"
      current={current}
      items={[
        { id: "health", label: "Backup health", href: links.configs(), ...(need > 0 ? { count: need } : {}) },
        { id: "compare", label: "Compare", href: links.configDiff() },
      ]}
    />
  );
}

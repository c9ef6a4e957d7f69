import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type ReactNode } from "react";
import type { BackupHealth } from "../../../../domain/contract/backup.ts";
import type { Query } from "../../lib/api.ts";
import { useCommands } from "../../lib/commands.ts";
import { healthQuery } from "./backups-api.ts";
import { EVERYTHING, type Chosen } from "./health-filter.ts";
import { HealthRow } from "./health-row.tsx";

export const LIST_PAGE = 100;
const ROW_PX = 52;

type ListProps = {
  query: Query;
  total: number;
  /** The device shown beside the list. */
  current: string | undefined;
  hrefOf: (device: string) => string;
  chosen: Chosen;
  /** null: this person cannot start a backup. */
  onChoose: ((chosen: Chosen) => void) | null;
  onBackUp: (device: string) => void;
  empty: ReactNode;
};

/** All devices, however many: only what is seen is read and drawn. J K ↵ X as in every list. */
export function HealthList({ query, total, current, hrefOf, chosen, onChoose, onBackUp, empty }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const pages = [...new Set(items.map((item) => Math.floor(item.index / LIST_PAGE)))];
  const read = useQueries({
    queries: pages.map((page) => healthQuery({ ...query, limit: LIST_PAGE, offset: page * LIST_PAGE })),
  });
  const rowAt = (index: number): BackupHealth | undefined =>
    read[pages.indexOf(Math.floor(index / LIST_PAGE))]?.data?.devices[index % LIST_PAGE];

  const toggle = (device: string): void => {
    if (!onChoose) return;
    // Out of "everything" one cannot be taken: it begins anew with this one alone.
    const next = new Set(chosen === EVERYTHING ? [] : chosen);
    if (!next.delete(device)) next.add(device);
    onChoose(next);
  };
  const focused = (): number =>
    Number(document.activeElement?.closest<HTMLElement>("[data-index]")?.dataset["index"] ?? -1);
  const move = (step: number): void => {
    const to = Math.min(total - 1, Math.max(0, focused() + step));
    virtual.scrollToIndex(to);
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-index="${to}"] [data-row-name]`)?.focus({ preventScroll: true }),
    );
  };
  useCommands([
    { id: "row-next", key: "j", label: "Next row", group: "Rows", keyOnly: true, run: () => move(1) },
    { id: "row-previous", key: "k", label: "Previous row", group: "Rows", keyOnly: true, run: () => move(-1) },
    {
      id: "row-select",
      key: "x",
      label: "Select the row",
      group: "Rows",
      keyOnly: true,
      run: () => {
        const row = rowAt(focused());
        if (row) toggle(row.device);
      },
    },
  ]);
  if (total === 0) return <div className="ns-bk-list">{empty}</div>;
  return (
    <div className="ns-bk-list" ref={box} tabIndex={0} role="region" aria-label="Devices and their backups">
      <div role="list" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const health = rowAt(item.index);
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="listitem"
              aria-setsize={total}
              aria-posinset={item.index + 1}
              className="ns-bk-item"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {health ? (
                <HealthRow
                  health={health}
                  href={hrefOf(health.device)}
                  current={health.device === current}
                  chosen={chosen === EVERYTHING || chosen.has(health.device)}
                  onChoose={onChoose && toggle}
                  onBackUp={onChoose && onBackUp}
                />
              ) : (
                <div className="ns-bk-row ns-skel" aria-hidden="true">
                  <span className="ns-bone" style={{ width: `${40 + ((item.index * 7) % 30)}%` }} />
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

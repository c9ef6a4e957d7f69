import { Button, Select } from "@mantine/core";
import { IconDatabaseOff, IconDownload, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BACKUP_HEALTH } from "../../../../domain/contract/backup.ts";
import { count } from "../../components/bits.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { FilterBox } from "../../components/filter-box.tsx";
import { Go } from "../../components/go.tsx";
import { Page } from "../../components/page.tsx";
import { Empty, Loaded, SkeletonRows } from "../../components/states.tsx";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { usePhone } from "../../lib/use-phone.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { healthQuery, namesOf } from "./backups-api.ts";
import { ChangedLately } from "./changed-lately.tsx";
import { ChooseBar } from "./choose-bar.tsx";
import { ConfigsTabs } from "./configs-tabs.tsx";
import { DevicePanel } from "./device-panel.tsx";
import { EVERYTHING, FILTER_KEYS, formatChosen, healthFilter, healthWord, parseChosen } from "./health-filter.ts";
import { HealthList, LIST_PAGE } from "./health-list.tsx";
import { HealthStrip } from "./health-strip.tsx";
import { RunningNotes } from "./running-note.tsx";
import { useBackUp } from "./use-back-up.tsx";
import "./backups.css";

/** The API's own order, which has no name in the address. */
const WORST = "worst";
const SORTS = [
  { value: WORST, label: "Worst first" },
  { value: "-age", label: "Oldest first" },
  { value: "age", label: "Newest first" },
  { value: "device", label: "By name" },
];

/** How old is what we have of each device, what could not be read, and what changed? */
export function ConfigsPage() {
  const [search, set] = useUrlState();
  const may = useCan();
  const phone = usePhone();
  const backUp = useBackUp();
  const [asking, setAsking] = useState(false);
  const line = search["q"] ?? "";
  const filter = { ...healthFilter(line), sort: search["sort"] };
  const first = useQuery({
    ...healthQuery({ ...filter, limit: LIST_PAGE, offset: 0 }),
    placeholderData: keepPreviousData,
  });
  const totals = first.data?.totals;
  const device = search["device"];
  const chosen = parseChosen(backUp.allowed ? search["sel"] : undefined);
  const hrefOf = (name: string): string =>
    phone
      ? links.device(name, "versions")
      : links.configs({ q: line, sort: search["sort"], sel: search["sel"], device: name });

  const backUpChosen = async (): Promise<void> => {
    try {
      await backUp.these(chosen === EVERYTHING ? await namesOf(filter) : [...chosen]);
      set({ sel: undefined });
    } catch (error) {
      toast.error(error);
    }
  };
  const everything = totals !== undefined && totals.devices > 0 && backUp.allowed;
  useCommands(
    everything
      ? [
          {
            id: "backup-all",
            label: "Back up every device",
            group: "Configs",
            icon: <IconDownload />,
            run: () => setAsking(true),
          },
        ]
      : [],
  );
  return (
    <Page
      fill
      title="Configs"
      beside={
        totals && <span className="sm t3">{count(totals.devices, "device")}, every version of each config is kept</span>
      }
      actions={
        everything && (
          <Button leftSection={<IconDownload />} loading={backUp.busy} onClick={() => setAsking(true)}>
            Back up all…
          </Button>
        )
      }
      below={<ConfigsTabs current="health" totals={totals} />}
    >
      <RunningNotes />
      <div className="ns-flt">
        <FilterBox
          label="Filter devices"
          value={line}
          onChange={(q) => set({ q, sel: undefined })}
          keys={FILTER_KEYS.map((key) => ({
            key,
            hint: "how old its backup is",
            values: BACKUP_HEALTH.map((status) => ({
              value: healthWord(status),
              ...(totals ? { count: totals[status] } : {}),
            })),
          }))}
          placeholder="name or site, health:failed,old"
        />
        <Select
          aria-label="Sort by"
          className="only-wide"
          w={140}
          allowDeselect={false}
          data={SORTS}
          value={search["sort"] ?? WORST}
          onChange={(sort) => set({ sort: sort === WORST ? undefined : (sort ?? undefined) })}
        />
      </div>
      <Loaded
        query={first}
        what="The backups could not be read."
        touched="Nothing reached a device. This page reads what is stored."
        skeleton={<SkeletonRows rows={14} columns={3} />}
      >
        {(data) =>
          data.totals.devices === 0 ? (
            <NoDevices />
          ) : (
            <div className="ns-bk">
              <section className="ns-card ns-bk-main" aria-label="Devices">
                <HealthStrip
                  totals={data.totals}
                  line={line}
                  hrefOf={(q) => links.configs({ q, sort: search["sort"], device })}
                />
                <HealthList
                  key={JSON.stringify(filter)}
                  query={filter}
                  total={data.total}
                  current={device}
                  hrefOf={hrefOf}
                  chosen={chosen}
                  onChoose={backUp.allowed ? (next) => set({ sel: formatChosen(next) }) : null}
                  onBackUp={(name) => void backUp.these([name])}
                  empty={
                    <Empty
                      icon={<IconSearch className="i28 t3" aria-hidden />}
                      title="No device fits this filter"
                      actions={
                        <Button component={Go} href={links.configs()}>
                          Show all devices
                        </Button>
                      }
                    />
                  }
                />
                {backUp.allowed && (
                  <ChooseBar
                    chosen={chosen}
                    total={data.total}
                    busy={backUp.busy}
                    onBackUp={() => void backUpChosen()}
                    onChoose={(next) => set({ sel: formatChosen(next) })}
                  />
                )}
              </section>
              {!phone &&
                (device === undefined ? (
                  <ChangedLately hrefOf={hrefOf} />
                ) : (
                  <DevicePanel key={device} device={device} backUp={backUp} />
                ))}
            </div>
          )
        }
      </Loaded>
      {asking && totals && (
        <ConfirmDialog
          opened
          title={`Back up ${count(totals.devices, "device")}?`}
          confirm="Back up all"
          onConfirm={async () => backUp.all()}
          onClose={() => setAsking(false)}
        >
          <p className="t2">
            Each running config is read over SSH with show commands; nothing is changed. Disabled devices are skipped. A
            new version is kept where something in it has changed.
          </p>
        </ConfirmDialog>
      )}
      {!may("backups:run") && totals && (
        <p className="sm t3 only-wide">Starting a backup needs the role operator or admin.</p>
      )}
    </Page>
  );
}

function NoDevices() {
  const may = useCan();
  return (
    <Empty
      icon={<IconDatabaseOff className="i28 t3" aria-hidden />}
      title="No devices yet"
      actions={
        may("devices:write") && (
          <Button component={Go} href={links.devices({ add: "1" })} variant="filled">
            Add device
          </Button>
        )
      }
    >
      The running config of every device is kept here, version by version, from its first backup on.
    </Empty>
  );
}

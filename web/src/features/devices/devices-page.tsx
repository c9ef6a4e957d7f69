import { Button } from "@mantine/core";
import { IconDownload, IconPlus, IconTerminal2 } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Suspense, lazy } from "react";
import { count } from "../../components/bits.tsx";
import { FilterBox, type FilterKey } from "../../components/filter-box.tsx";
import { Go } from "../../components/go.tsx";
import { Page, Tabs } from "../../components/page.tsx";
import { PAGE_SIZE } from "../../components/pager.tsx";
import { Loaded, SkeletonRows } from "../../components/states.tsx";
import { url } from "../../lib/api.ts";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { statusOf } from "../../lib/status-of.ts";
import { DeviceTable } from "./device-table.tsx";
import { FILTER_KEYS, deviceQuery, devicesQuery, facetsQuery, type Facets } from "./queries.ts";
import "./devices.css";

const DeviceForm = lazy(() => import("./device-form.tsx"));

const HINTS: Record<(typeof FILTER_KEYS)[number], string> = {
  site: "where it stands",
  tag: "one of its tags",
  state: "reachable or not",
  type: "device type",
  lab: "virtual or not",
};
const filterKeys = (facets: Facets | undefined): FilterKey[] => {
  const values = {
    site: facets?.sites,
    tag: facets?.tags,
    state: facets?.states,
    type: facets?.device_types,
    lab: [{ value: "yes" }, { value: "no" }],
  };
  return FILTER_KEYS.map((key) => ({ key, hint: HINTS[key], ...(values[key] ? { values: values[key] } : {}) }));
};

/** Worst first, until somebody sorts otherwise. */
const WORST_FIRST = "-state";

/** Which ones? */
export function DevicesPage() {
  const may = useCan();
  const go = useGo();
  const [search, set] = useUrlState();
  const line = search["q"] ?? "";
  const offset = Number(search["offset"] ?? 0) || 0;
  const sort = search["sort"];
  const list = useQuery(devicesQuery({ ...deviceQuery(line), sort: sort ?? WORST_FIRST, limit: PAGE_SIZE, offset }));
  const facets = useQuery({ ...facetsQuery, placeholderData: keepPreviousData }).data;
  const all = facets?.states.reduce((sum, { count: n }) => sum + n, 0);
  const away = facets?.states.find((state) => state.value === "unreachable")?.count ?? 0;
  const mayWrite = may("devices:write");
  const mayAsk = may("devices:test");
  useCommands([
    ...(mayAsk
      ? [{ id: "show-command", label: "Show command on devices", group: "Devices", run: () => go(links.show()) }]
      : []),
    ...(mayWrite
      ? [
          { id: "add-device", label: "Add a device", group: "Devices", run: () => set({ add: "1" }, { push: true }) },
          {
            id: "import-devices",
            label: "Import devices from CSV",
            group: "Devices",
            run: () => go(links.importDevices()),
          },
        ]
      : []),
  ]);
  const states = (facets?.states ?? []).filter(({ value }) => value !== "reachable");
  const tab = line === "" ? "all" : /^state:\w+$/.test(line) ? line : "";
  return (
    <Page
      fill
      title="Devices"
      beside={
        all !== undefined && (
          <span className="sm t3">
            {count(all, "device")} at {count(facets?.sites.length ?? 0, "site")}
            {away > 0 && `, ${away} unreachable`}
          </span>
        )
      }
      actions={
        <span className="row g6 only-wide">
          <Button
            variant="subtle"
            component="a"
            href={url("/devices/export", deviceQuery(line))}
            download="devices.csv"
            leftSection={<IconDownload />}
          >
            Export
          </Button>
          {mayAsk && (
            <Button component={Go} href={links.show()} leftSection={<IconTerminal2 />}>
              Show command
            </Button>
          )}
          {mayWrite && (
            <Button component={Go} href={links.importDevices()}>
              Import CSV
            </Button>
          )}
          {mayWrite && (
            <Button leftSection={<IconPlus />} onClick={() => set({ add: "1" }, { push: true })}>
              Add device
            </Button>
          )}
        </span>
      }
      below={
        <Tabs
          label="Views"
          current={tab}
          items={[
            { id: "all", label: "All", count: all, href: links.devices() },
            ...states.map(({ value, count: n }) => ({
              id: `state:${value}`,
              label: statusOf(value).word,
              count: n,
              href: links.devices({ q: `state:${value}` }),
            })),
          ]}
        />
      }
    >
      <div className="ns-flt">
        <FilterBox
          label="Filter devices"
          value={line}
          onChange={(q) => set({ q, offset: undefined, sel: undefined })}
          keys={filterKeys(facets)}
          placeholder="name, address, site:ams tag:core state:unreachable"
        />
        {list.data && (
          <span className="sm t3 nowrap num only-wide">
            {list.data.total}
            {all !== undefined && list.data.total !== all ? ` of ${all}` : ""}
            {sort === undefined ? ", worst first" : ""}
          </span>
        )}
      </div>
      <Loaded
        query={list}
        what="The devices could not be read."
        touched="Nothing reached a device. A list only reads."
        skeleton={<SkeletonRows rows={14} columns={6} />}
      >
        {(data) => (
          <DeviceTable
            devices={data.devices}
            total={data.total}
            offset={offset}
            sort={sort}
            filtered={line !== ""}
            anyAtAll={(all ?? data.total) > 0}
          />
        )}
      </Loaded>
      {search["add"] === "1" && mayWrite && (
        <Suspense fallback={null}>
          <DeviceForm
            onClose={() => set({ add: undefined })}
            onDone={(device) => go(links.device(device.name), { replace: true })}
          />
        </Suspense>
      )}
    </Page>
  );
}

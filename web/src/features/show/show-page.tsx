import { MultiSelect } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Page } from "../../components/page.tsx";
import { links } from "../../lib/links.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { deviceQueryOf, devicesQuery } from "../devices/queries.ts";
import { ShowView } from "./show-view.tsx";

const MOST = 50;

/** One command on several devices. */
export function ShowPage() {
  const [search, set] = useUrlState();
  const names = (search["devices"] ?? "").split(",").filter(Boolean);
  const [typed, setTyped] = useState("");
  const found = useQuery(devicesQuery({ search: typed, limit: MOST, sort: "name" }));
  const devices = useQueries({ queries: names.map(deviceQueryOf) }).flatMap((query) => query.data ?? []);
  const offered = new Set([...names, ...(found.data?.devices ?? []).map((device) => device.name)]);
  return (
    <Page fill title="Show command" crumbs={[{ label: "Devices", href: links.devices() }]}>
      <MultiSelect
        aria-label="Devices"
        placeholder={names.length === 0 ? "Which devices?" : undefined}
        data={[...offered]}
        value={names}
        onChange={(next) => set({ devices: next.join(",") })}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        nothingFoundMessage="No device has this name"
        hidePickedOptions
        clearable
      />
      <div className="ns-card ns-show-card">
        <ShowView devices={devices} />
      </div>
    </Page>
  );
}

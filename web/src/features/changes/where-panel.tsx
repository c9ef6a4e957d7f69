import { ActionIcon } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PlanTarget } from "../../../../domain/contract/change.ts";
import type { Device } from "../../../../domain/contract/device.ts";
import { VirtualTag, count, platformWord } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { errorText } from "../../lib/errors.ts";
import { statusOf } from "../../lib/status-of.ts";
import { deviceQuery, devicesQuery } from "../devices/queries.ts";
import type { DraftDevice } from "./draft.ts";

const MOST = 100;

const asDraft = (d: Device): DraftDevice => ({
  name: d.name,
  device_type: d.device_type,
  os: d.facts?.os_version ?? null,
  is_lab: d.is_lab,
});
const softwareOf = (d: Pick<DraftDevice, "device_type" | "os">): string =>
  `${platformWord(d.device_type)}${d.os === null ? "" : ` ${d.os}`}`;

type Props = {
  devices: DraftDevice[];
  targets: readonly PlanTarget[];
  /** Devices whose platform has no lines yet. */
  without: ReadonlySet<string>;
  onChange: (devices: DraftDevice[]) => void;
};

/** Which devices: a filter line over all of them, and those that were chosen with what the plan says of each. */
export function WherePanel({ devices, targets, without, onChange }: Props) {
  const [filter, setFilter] = useState("");
  const [picking, setPicking] = useState(devices.length === 0);
  const showList = picking || filter !== "";
  const planned = targets.filter((t) => t.state === "planned").length;
  return (
    <section className="ns-where" aria-label="Where">
      <div className="ns-sub2">
        <h2>Where</h2>
        <span className="t3">
          {targets.length > 0 ? `${planned} of ${count(devices.length, "device")}` : count(devices.length, "device")}
        </span>
        <button
          type="button"
          className="lk sm end"
          aria-expanded={showList}
          onClick={() => (showList ? (setPicking(false), setFilter("")) : setPicking(true))}
        >
          {showList ? "Done" : "Pick from list"}
        </button>
      </div>
      <label className="ns-fl i14">
        <IconSearch aria-hidden />
        <span className="vh">Filter devices</span>
        <input
          className="mono"
          placeholder="site:ams tag:core"
          value={filter}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      {showList ? (
        <Candidates filter={filter} devices={devices} onChange={onChange} />
      ) : (
        <Chosen devices={devices} targets={targets} without={without} onChange={onChange} />
      )}
    </section>
  );
}

function Candidates({
  filter,
  devices,
  onChange,
}: {
  filter: string;
  devices: DraftDevice[];
  onChange: Props["onChange"];
}) {
  const found = useQuery(devicesQuery({ ...deviceQuery(filter), limit: MOST, sort: "name" }));
  if (found.isError) return <p className="cb sm k-bad k-text">{errorText(found.error)}</p>;
  const all = found.data?.devices ?? [];
  const chosen = new Set(devices.map((d) => d.name));
  const open = all.filter((d) => d.enabled && !chosen.has(d.name));
  const toggle = (device: Device): void =>
    onChange(chosen.has(device.name) ? devices.filter((d) => d.name !== device.name) : [...devices, asDraft(device)]);
  return (
    <>
      <ul className="ns-dl pick" aria-label="Devices to choose from">
        {all.map((device) => (
          <li key={device.id}>
            <label>
              <input
                type="checkbox"
                checked={chosen.has(device.name)}
                disabled={!device.enabled}
                onChange={() => toggle(device)}
              />
              <span className="ell" title={device.name}>
                {device.name}
              </span>
              <span className="o">
                {device.is_lab && <VirtualTag />}{" "}
                {device.enabled
                  ? softwareOf({ device_type: device.device_type, os: device.facts?.os_version ?? null })
                  : "disabled"}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {found.data && all.length === 0 && (
        <p className="ns-dl-note">
          No device matches. Fields are site:, tag:, type:, state:, lab:yes; other words are searched for.
        </p>
      )}
      {open.length > 1 && filter.trim() !== "" && (
        <p className="ns-dl-note">
          <button type="button" className="lk" onClick={() => onChange([...devices, ...open.map(asDraft)])}>
            Choose all {open.length}
          </button>
        </p>
      )}
      {found.data && found.data.total > all.length && (
        <p className="ns-dl-note">{found.data.total - all.length} more match; narrow the filter.</p>
      )}
    </>
  );
}

function Chosen({ devices, targets, without, onChange }: Props) {
  if (devices.length === 0) return <p className="ns-dl-note">No device yet. Type a name or a filter like site:ams.</p>;
  const byName = new Map(targets.map((t) => [t.device, t]));
  return (
    <ul className="ns-dl" aria-label="Chosen devices">
      {devices.map((device) => {
        const target = byName.get(device.name);
        const view = statusOf(target?.state ?? "pending");
        const out = target?.state === "left_out";
        return (
          <li key={device.name} className={out ? "out" : ""}>
            <StatusIcon kind={view.kind} icon={view.icon} />
            <span className="ell" title={device.name}>
              {device.name}
            </span>
            <span className={out ? "o k-bad k-text" : "o"} title={target?.error?.message}>
              {out
                ? `${(target.error?.code ?? "left out").replaceAll("_", " ")}`
                : target?.state === "no_change"
                  ? "needs nothing"
                  : without.has(device.name)
                    ? "no lines"
                    : softwareOf(device)}
            </span>
            <ActionIcon
              size={24}
              className="i13"
              aria-label={`Leave out ${device.name}`}
              onClick={() => onChange(devices.filter((d) => d.name !== device.name))}
            >
              <IconX />
            </ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}

import type { Device } from "../../../../domain/contract/device.ts";
import { Tag, VirtualTag, platformWord } from "../../components/bits.tsx";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { Go } from "../../components/go.tsx";
import { Pager } from "../../components/pager.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { statusOf } from "../../lib/status-of.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { NoDevices } from "./no-devices.tsx";
import { QuickAct } from "./quick-act.tsx";

export const looks = (device: Device): string =>
  device.state === "disabled" ? "disabled" : device.held_by ? "changing" : device.state;

const isTrouble = (device: Device): boolean =>
  device.state === "unreachable" || device.state === "disabled" || device.offered_host_key !== null;

/** Why a device needs a look, in one sentence, with what to do at once. */
function why(device: Device) {
  if (!isTrouble(device)) return null;
  if (device.state === "disabled") return device.disabled_reason || "No reason was given.";
  return (
    <>
      {device.last_error && (
        <>
          <code>{device.last_error.code}</code> {device.last_error.message}{" "}
        </>
      )}
      {!device.last_error && device.offered_host_key && "It shows a host key that nobody has accepted yet. "}
      <QuickAct device={device} />
    </>
  );
}

const version = (device: Device): string => device.updated_at + looks(device);
const software = (device: Device): string =>
  [platformWord(device.device_type), device.facts?.os_version].filter(Boolean).join(" ");

const SHOWN_TAGS = 2;

const COLUMNS: Column<Device>[] = [
  {
    id: "state",
    head: "State",
    sort: "state",
    cell: (device) => (
      <StatusText
        status={looks(device)}
        note={
          isTrouble(device) ? (
            <>
              {device.state_since && (
                <>
                  since <When at={device.state_since} precise />,{" "}
                </>
              )}
              {software(device)}
            </>
          ) : device.held_by ? (
            <Go href={links.run(device.held_by.run_id)} className="ns-held">
              {device.held_by.title}
            </Go>
          ) : null
        }
      />
    ),
  },
  { id: "type", head: "Platform", sort: "device_type", cell: (device) => platformWord(device.device_type) },
  {
    id: "software",
    head: "Software",
    cell: (device) => <span className="mono">{device.facts?.os_version ?? ""}</span>,
  },
  {
    id: "site",
    head: "Site",
    sort: "site",
    cell: (device) => <span className="ell ns-site-name">{device.site ?? ""}</span>,
  },
  {
    id: "tags",
    head: "Tags",
    wide: true,
    cell: ({ tags }) => (
      <span className="row g4">
        {tags.slice(0, SHOWN_TAGS).map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
        {tags.length > SHOWN_TAGS && (
          <span className="xs t3" title={tags.slice(SHOWN_TAGS).join(", ")}>
            +{tags.length - SHOWN_TAGS}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "changed",
    head: "Last change",
    align: "right",
    cell: (device) => device.last_change && <When at={device.last_change.at} />,
  },
  {
    id: "what",
    head: "What",
    wide: true,
    cell: (device) =>
      device.last_change && (
        <Go
          href={links.change(device.last_change.change_id)}
          className="t3 ell ns-what"
          title={device.last_change.title}
        >
          {device.last_change.title}
          {device.last_change.status !== "applied" && `, ${statusOf(device.last_change.status).word.toLowerCase()}`}
        </Go>
      ),
  },
];

const card = (device: Device) => ({
  title: (
    <>
      <span className="ell">{device.name}</span>
      {device.is_lab && <VirtualTag />}
    </>
  ),
  line:
    (device.state === "unreachable"
      ? device.last_error?.code
      : device.state === "disabled"
        ? device.disabled_reason
        : null) ?? [software(device), device.site].filter(Boolean).join(" · "),
  aside: <StatusText status={looks(device)} />,
});

type DeviceTableProps = {
  devices: Device[];
  total: number;
  offset: number;
  sort: string | undefined;
  filtered: boolean;
  anyAtAll: boolean;
};

export function DeviceTable({ devices, total, offset, sort, filtered, anyAtAll }: DeviceTableProps) {
  const [search, set] = useUrlState();
  const may = useCan();
  // Choosing rows is of use only to whoever can act on them.
  const acts = may("devices:test") || may("devices:write") || may("host-keys:accept") || may("changes:write");
  const selected = new Set((search["sel"] ?? "").split(",").filter(Boolean));
  const select = (next: Set<string>): void => set({ sel: [...next].join(",") });
  return (
    <>
      <DataTable
        fill
        label="Devices"
        rows={devices}
        rowId={rowId}
        version={version}
        name={{
          head: "Name",
          sort: "name",
          text: rowId,
          href: (device) => links.device(device.name),
          beside: (device) => device.is_lab && <VirtualTag />,
        }}
        columns={COLUMNS}
        card={card}
        why={why}
        whySpan={3}
        dim={(device) => device.state === "disabled"}
        {...(acts ? { selection: { selected, onChange: select } } : {})}
        sort={{ value: sort, onChange: (next) => set({ sort: next, offset: undefined }) }}
        empty={<NoDevices filtered={filtered && anyAtAll} />}
        footer={
          <Pager
            total={total}
            offset={offset}
            onOffset={(next) => set({ offset: next === 0 ? undefined : String(next) })}
          />
        }
      />
      {acts && selected.size > 0 && (
        <BulkBar
          names={[...selected]}
          devices={devices.filter((device) => selected.has(device.name))}
          onClear={() => set({ sel: undefined })}
        />
      )}
    </>
  );
}
const rowId = (device: Device): string => device.name;

import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense, lazy } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { Tag, VirtualTag, platformWord } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { Facts, Page, Tabs } from "../../components/page.tsx";
import { Loaded, SkeletonCards } from "../../components/states.tsx";
import { StatusPill } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { statusOf } from "../../lib/status-of.ts";
import { formatDuration } from "../../lib/time.ts";
import { useGo, useParam, useUrlState } from "../../lib/url-state.ts";
import { useParams } from "@tanstack/react-router";
import { ShowView } from "../show/show-view.tsx";
import { DeviceVariables } from "../variables/device-variables.tsx";
import { overrideQuery } from "../variables/variables-api.ts";
import { DeviceVersions } from "../backups/device-versions.tsx";
import { ConfigView } from "./config-view.tsx";
import { DeviceActs } from "./device-acts.tsx";
import { DeviceRuns } from "./device-runs.tsx";
import { DeviceSide } from "./device-side.tsx";
import { looks } from "./device-table.tsx";
import { deviceQueryOf } from "./queries.ts";
import "./devices.css";
import "./device-page.css";

const DeviceForm = lazy(() => import("./device-form.tsx"));

/** What is it, what is on it now, who has it? */
export function DevicePage() {
  const name = useParam("name");
  const may = useCan();
  const { tab = "config" } = useParams({ strict: false });
  const device = useQuery(deviceQueryOf(name));
  const crumbs = [
    { label: "Devices", href: links.devices() },
    ...(device.data?.site ? [{ label: device.data.site, href: links.devices({ q: `site:${device.data.site}` }) }] : []),
  ];
  return (
    <Page
      fill
      title={name}
      crumbs={crumbs}
      beside={device.data && <Beside device={device.data} />}
      actions={device.data && <DeviceActs device={device.data} />}
    >
      <Loaded
        query={device}
        what="The device could not be read."
        touched="Nothing reached it. This page reads the records only."
        skeleton={<SkeletonCards />}
      >
        {(data) => (
          <>
            <DeviceFacts device={data} />
            <div className="ns-dev">
              <div className="ns-dev-main ns-card">
                <Tabs
                  label="Parts of this device"
                  current={tab}
                  items={[
                    { id: "config", label: "Config", href: links.device(data.name, "config") },
                    ...(may("backups:read")
                      ? [{ id: "versions", label: "Versions", href: links.device(data.name, "versions") }]
                      : []),
                    ...(may("devices:test")
                      ? [{ id: "show", label: "Show", href: links.device(data.name, "show") }]
                      : []),
                    { id: "runs", label: "Runs", href: links.device(data.name, "runs") },
                    ...(may("variables:read")
                      ? [{ id: "variables", label: "Variables", href: links.device(data.name, "variables") }]
                      : []),
                  ]}
                />
                {tab === "runs" ? (
                  <DeviceRuns device={data} />
                ) : tab === "show" && may("devices:test") ? (
                  <ShowView devices={[data]} />
                ) : tab === "variables" && may("variables:read") ? (
                  <DeviceVariables device={data} />
                ) : tab === "versions" && may("backups:read") ? (
                  <DeviceVersions device={data} />
                ) : (
                  <ConfigView device={data} />
                )}
              </div>
              <DeviceSide device={data} tab={tab} />
            </div>
            <EditDevice device={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function EditDevice({ device }: { device: Device }) {
  const may = useCan();
  const go = useGo();
  const [search, set] = useUrlState();
  const editing = search["edit"] === "1" && may("devices:write");
  const overridden = device.overridden.length > 0;
  const override = useQuery({ ...overrideQuery(device.name), enabled: editing && overridden }).data;
  if (!editing || (overridden && !override)) return null;
  return (
    <Suspense fallback={null}>
      <DeviceForm
        // What is edited are its own values, whatever stands in their place now.
        device={override ? { ...device, ...override.own } : device}
        onClose={() => set({ edit: undefined })}
        onDone={(saved) => go(links.device(saved.name), { replace: true })}
      />
    </Suspense>
  );
}

function Beside({ device }: { device: Device }) {
  const state = device.state;
  return (
    <>
      <StatusPill status={state}>
        {statusOf(state).word}
        {state === "reachable" && device.latency_ms !== null && `, ${Math.round(device.latency_ms)} ms`}
      </StatusPill>
      {device.held_by && looks(device) === "changing" && (
        <Go href={links.run(device.held_by.run_id)}>
          <StatusPill status="changing" />
        </Go>
      )}
      {device.is_lab && <VirtualTag />}
      {device.tags.map((tag) => (
        <Go key={tag} href={links.devices({ q: `tag:${tag}` })}>
          <Tag>{tag}</Tag>
        </Go>
      ))}
    </>
  );
}

const OWN = "its own login";

function DeviceFacts({ device }: { device: Device }) {
  const { facts } = device;
  const own = device.username !== null || device.has_password || device.has_private_key;
  return (
    <Facts
      facts={[
        facts?.model && { label: "Model", value: [facts.vendor, facts.model].filter(Boolean).join(" ") },
        {
          label: "Platform",
          value: platformWord(device.device_type),
          note: device.overridden.includes("device_type") ? `${device.device_type}, overridden` : device.device_type,
        },
        facts?.os_version && { label: "Software", value: facts.os_version },
        facts?.serial && { label: "Serial", value: <span className="mono">{facts.serial}</span> },
        facts?.uptime_s !== undefined &&
          facts.uptime_s !== null && { label: "Up", value: <UpTime seconds={facts.uptime_s} /> },
        {
          label: "Address",
          value: <span className="mono">{device.host}</span>,
          note: [
            device.port !== 22 && `port ${device.port}`,
            (device.overridden.includes("host") || device.overridden.includes("port")) && "overridden",
          ]
            .filter(Boolean)
            .join(", "),
        },
        {
          label: "Login",
          value: own ? (device.username ?? OWN) : (device.credential_name ?? "the default credential"),
          note: device.overridden.includes("login") ? "overridden" : own ? OWN : null,
        },
      ]}
    />
  );
}

/** As of the last test: it is not counted on, since the device may have restarted meanwhile. */
function UpTime({ seconds }: { seconds: number }) {
  return (
    <Tooltip label="When it was last tested">
      <span className="num">{formatDuration(seconds * 1000)}</span>
    </Tooltip>
  );
}

import type { Device } from "../../../../domain/contract/device.ts";
import { VirtualTag, count } from "../../components/bits.tsx";
import { Go, TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { Empty } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { fleetBySite, lookOf, LOOKS, type Look, type SiteFleet } from "./fleet-sites.ts";

/** A cell per device, worst first; a site or a state is a filter of the device list. */
export function Fleet({ devices, total }: { devices: Device[]; total: number }) {
  const may = useCan();
  const sites = fleetBySite(devices);
  const counts = new Map<Look, number>();
  for (const device of devices) counts.set(lookOf(device), (counts.get(lookOf(device)) ?? 0) + 1);
  if (total === 0)
    return (
      <Card title="Fleet">
        <Empty icon={null} title="No devices yet">
          A cell per device shows here.{" "}
          {may("devices:write") && <TextLink href={links.devices({ add: "1" })}>Add the first one</TextLink>}
        </Empty>
      </Card>
    );
  return (
    <Card
      className="ns-fleet-card"
      title="Fleet"
      note={`${count(total, "device")} · ${count(sites.filter((site) => site.filter !== null).length, "site")}`}
      actions={
        <span className="ns-leg">
          {LOOKS.filter((look) => (counts.get(look.id) ?? 0) > 0).map((look) => (
            <Go key={look.id} href={look.href} className={`k-${look.kind} k-text`}>
              <i className={`ns-cell ${look.id}`} aria-hidden="true" />
              {look.word} {counts.get(look.id)}
            </Go>
          ))}
        </span>
      }
    >
      <div className="cb ns-fleet">
        {sites.map((site) => (
          <Site key={site.name} site={site} />
        ))}
      </div>
    </Card>
  );
}

function Site({ site }: { site: SiteFleet }) {
  const bad = LOOKS.filter((look) => look.id !== "reachable" && (site.counts.get(look.id) ?? 0) > 0);
  const words = LOOKS.filter((look) => (site.counts.get(look.id) ?? 0) > 0).map(
    (look) => `${site.counts.get(look.id)} ${look.word}`,
  );
  const inner = (
    <>
      <span className="row g6">
        <b className="ell">{site.name}</b>
        <span className="xs t3 num">{site.devices.length}</span>
        {site.virtual && <VirtualTag />}
        <span className="row g6 end xs b num" aria-hidden="true">
          {bad.map((look) => (
            <span key={look.id} className={`row g4 k-${look.kind} k-text`}>
              <i className={`ns-cell ${look.id}`} />
              {site.counts.get(look.id)}
            </span>
          ))}
        </span>
      </span>
      <span className="ns-cells" role="img" aria-label={words.join(", ")}>
        {site.devices.map((device) => (
          <i key={device.id} className={`ns-cell ${lookOf(device)}`} title={device.name} />
        ))}
      </span>
    </>
  );
  return site.filter === null ? (
    <div className="ns-site">{inner}</div>
  ) : (
    <Go className="ns-site" href={links.devices({ q: site.filter })}>
      {inner}
    </Go>
  );
}

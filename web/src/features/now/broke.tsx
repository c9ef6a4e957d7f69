import type { Device } from "../../../../domain/contract/device.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { statusOf } from "../../lib/status-of.ts";
import { serverNow } from "../../lib/time.ts";

export type BrokenThing = {
  what: "failed" | "rolled_back" | "unreachable";
  id: string;
  title: string;
  at: string;
  code: string | null;
  cause: string;
  fix: string | null;
  href: string;
  more: string;
};

const DAY_MS = 86_400_000;

/** What failed, was taken back or went away since the last visit; on a first visit, within a day. Newest first. */
export function brokenSince(lastSeen: string | null, runs: Run[], devices: Device[]): BrokenThing[] {
  const since = lastSeen === null ? serverNow() - DAY_MS : Date.parse(lastSeen);
  const ofRuns = runs.flatMap((run): BrokenThing[] =>
    run.completed_at !== null &&
    Date.parse(run.completed_at) > since &&
    (run.status === "failed" || run.status === "rolled_back")
      ? [
          {
            what: run.status,
            id: run.id,
            title: run.status === "failed" ? `${run.title} failed` : `${run.title} was rolled back`,
            at: run.completed_at,
            code: run.error?.code ?? null,
            cause: run.error?.message ?? run.message ?? "",
            fix: run.error?.what_to_do ?? null,
            href: links.run(run.id),
            more: "Open the run",
          },
        ]
      : [],
  );
  const ofDevices = devices.flatMap((device): BrokenThing[] =>
    device.state === "unreachable" && device.state_since !== null && Date.parse(device.state_since) > since
      ? [
          {
            what: "unreachable",
            id: device.id,
            title: `${device.name} cannot be reached`,
            at: device.state_since,
            code: device.last_error?.code ?? null,
            cause: device.last_error?.message ?? "",
            fix: device.last_error?.what_to_do ?? null,
            href: links.device(device.name),
            more: "Open the device",
          },
        ]
      : [],
  );
  return [...ofRuns, ...ofDevices].sort((a, b) => b.at.localeCompare(a.at));
}

const SHOWN = 6;

export function Broke({ items, since }: { items: BrokenThing[]; since: string | null }) {
  return (
    <Card
      title={since ? "Broke since you were here" : "Broke in the last day"}
      note={since && <When at={since} precise />}
    >
      <ul className="ns-broke">
        {items.slice(0, SHOWN).map((item) => {
          const { kind, icon } = statusOf(item.what);
          return (
            <li className="ns-it" key={item.id}>
              <StatusIcon kind={kind} icon={icon} className="lg" />
              <div className="m">
                <div className="ti break">{item.title}</div>
                <p>
                  {item.code && <code>{item.code} </code>}
                  {item.cause} {item.fix} <TextLink href={item.href}>{item.more}</TextLink>
                </p>
              </div>
              <span className="xs t3 b">
                <When at={item.at} precise />
              </span>
            </li>
          );
        })}
      </ul>
      {items.length > SHOWN && <p className="cb t3">{items.length - SHOWN} more, older ones.</p>}
    </Card>
  );
}

import { Button } from "@mantine/core";
import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { CopyText } from "../../components/bits.tsx";
import { TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { Note } from "../../components/states.tsx";
import { StatusIcon, StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { statusOf } from "../../lib/status-of.ts";
import { DeviceBackupsCard } from "../backups/device-backups-card.tsx";
import { OverrideCard } from "../variables/override-card.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { QuickAct } from "./quick-act.tsx";

/** `tab`: what stands beside it already is not told again. */
export function DeviceSide({ device, tab }: { device: Device; tab: string }) {
  return (
    <div className={`ns-dev-side${tab === "config" ? "" : " after"}`}>
      <Trouble device={device} />
      <OnItNow device={device} />
      {tab !== "versions" && <DeviceBackupsCard device={device} />}
      <KeyCard device={device} />
      <Own device={device} />
      <OverrideCard device={device} />
    </div>
  );
}

/** Why it is not reachable, since when, and the fix. */
function Trouble({ device }: { device: Device }) {
  if (device.state === "disabled")
    return (
      <Note kind="idle" icon="slash" head="Disabled.">
        {device.disabled_reason || "No reason was given."}{" "}
        {device.state_since && (
          <span className="t3">
            Since <When at={device.state_since} precise />.
          </span>
        )}
        {device.disabled_by && <span className="t3"> By {device.disabled_by}.</span>}
        {device.disabled_until && (
          <span>
            {" "}
            Enabled again <When at={device.disabled_until} precise />.
          </span>
        )}
      </Note>
    );
  const error = device.last_error;
  if (!error) return null;
  return (
    <Card
      title={device.state === "unreachable" ? "Why it cannot be reached" : "Last error"}
      note={
        device.state_since && (
          <>
            since <When at={device.state_since} precise />
          </>
        )
      }
    >
      <div className="cb stack">
        <div className="row top g6">
          <StatusIcon kind="bad" icon="cross" className="ns-dev-icon" />
          <p className="break">
            <code>{error.code}</code> {error.message}
          </p>
        </div>
        <p className="t2">
          {error.what_to_do} {!device.offered_host_key && <QuickAct device={device} />}
        </p>
      </div>
    </Card>
  );
}

function OnItNow({ device }: { device: Device }) {
  const { held_by: held, last_change: last } = device;
  return (
    <Card title="On it now">
      <ul className="cb ns-dev-list">
        <li>
          <StatusIcon kind={held ? "run" : "idle"} icon={held ? "turn" : "ring"} />
          <span className="break">
            {held ? (
              <>
                Held by <TextLink href={links.run(held.run_id)}>{held.title}</TextLink>
              </>
            ) : (
              "No run holds it."
            )}
          </span>
        </li>
        {last && (
          <li>
            <StatusIcon kind={statusOf(last.status).kind} icon={statusOf(last.status).icon} />
            <span className="break">
              <TextLink href={links.change(last.change_id)}>{last.title}</TextLink>{" "}
              {statusOf(last.status).word.toLowerCase()}
            </span>
            <span className="end t3 sm">
              <When at={last.at} precise />
            </span>
          </li>
        )}
      </ul>
    </Card>
  );
}

function KeyCard({ device }: { device: Device }) {
  const may = useCan();
  const [asking, setAsking] = useState(false);
  const { host_key: key, offered_host_key: offered } = device;
  return (
    <Card title="Host key" actions={key && !offered && <StatusText status="accepted" />}>
      <div className="cb stack">
        {offered && (
          <div className="stack">
            <Note
              kind={offered.status === "changed" ? "bad" : "wait"}
              icon="warn"
              head={offered.status === "changed" ? "It shows another key." : "Nobody has accepted this key."}
            >
              No credential was sent.
            </Note>
            <CopyText text={offered.fingerprint} label="fingerprint" />
            {may("host-keys:accept") ? (
              <Button onClick={() => setAsking(true)}>Accept…</Button>
            ) : (
              <p className="sm t3">An approver or an admin accepts it, after comparing it with the device.</p>
            )}
          </div>
        )}
        {key && (
          <div>
            {offered && <p className="sm t3">Accepted until now:</p>}
            <CopyText text={key.fingerprint} label="fingerprint" />
            <p className="sm t3">
              {key.algorithm}
              {key.accepted_by && `, accepted by ${key.accepted_by}`}{" "}
              {key.accepted_at && <When at={key.accepted_at} precise />}
            </p>
          </div>
        )}
        {!key && !offered && (
          <p className="t3">It has shown none yet. A test reads it, before any credential is sent.</p>
        )}
      </div>
      {asking && offered && (
        <KeyDialog offered={[{ device: device.name, key: offered }]} onClose={() => setAsking(false)} />
      )}
    </Card>
  );
}

/** What is set on this device and not on others; a weak algorithm is never out of sight. */
function Own({ device }: { device: Device }) {
  const timeouts = device.overridden.includes("timeouts")
    ? []
    : Object.entries(device.timeouts).filter(([, seconds]) => seconds !== undefined);
  if (!device.description && !device.jump_device && device.weak_algorithms.length === 0 && timeouts.length === 0)
    return null;
  return (
    <Card title="Set on this device">
      <div className="cb stack">
        {device.description && <p className="break ns-dev-text">{device.description}</p>}
        {device.jump_device && (
          <p>
            Reached through <TextLink href={links.device(device.jump_device)}>{device.jump_device}</TextLink>
          </p>
        )}
        {device.weak_algorithms.length > 0 && (
          <Note kind="wait" icon="warn" head="Weak algorithms allowed:">
            <span className="mono break">{device.weak_algorithms.join(", ")}</span>
          </Note>
        )}
        {timeouts.length > 0 && (
          <p className="t2">Timeouts: {timeouts.map(([phase, seconds]) => `${phase} ${seconds} s`).join(", ")}</p>
        )}
      </div>
    </Card>
  );
}

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import type { DeviceOverride } from "../../../../domain/contract/override.ts";
import { platformWord } from "../../components/bits.tsx";
import { Card } from "../../components/page.tsx";
import { Loaded } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { useCan } from "../../lib/session.ts";
import { OverrideDialog } from "./override-dialog.tsx";
import { overrideQuery } from "./variables-api.ts";

/** What stands in place of the device's own values, and what it hides. */
export function OverrideCard({ device }: { device: Device }) {
  const may = useCan();
  const [editing, setEditing] = useState(false);
  const override = useQuery(overrideQuery(device.name));
  const none = device.overridden.length === 0;
  if (none && !may("devices:write")) return null;
  return (
    <Card
      title="Override"
      note={none ? "nothing is overridden" : undefined}
      actions={
        may("devices:write") && (
          <Button size="xs" disabled={!override.data} onClick={() => setEditing(true)}>
            {none ? "Override…" : "Edit…"}
          </Button>
        )
      }
    >
      {!none && (
        <Loaded query={override} what="The override could not be read.">
          {(data) => <Values override={data} />}
        </Loaded>
      )}
      {editing && override.data && (
        <OverrideDialog device={device} override={override.data} onClose={() => setEditing(false)} />
      )}
    </Card>
  );
}

function Values({ override: o }: { override: DeviceOverride }) {
  const secrets = [o.has_password && "password", o.has_private_key && "key", o.has_enable_password && "enable password"]
    .filter(Boolean)
    .join(", ");
  const login = [o.username ?? o.credential_name, secrets].filter(Boolean).join(", ");
  const rows: [string, string | null, string][] = [
    ["Address", o.host, o.own.host],
    ["Port", o.port === null ? null : String(o.port), String(o.own.port)],
    ["Type", o.device_type && platformWord(o.device_type), platformWord(o.own.device_type)],
    ["Login", login === "" ? null : login, o.own.username ?? "its credential"],
    ["Timeouts", timeouts(o.timeouts) || null, timeouts(o.own.timeouts) || "the defaults"],
  ];
  return (
    <div className="cb stack">
      <dl className="ns-over">
        {rows.map(
          ([label, value, own]) =>
            value !== null && (
              <div key={label}>
                <dt className="t3">{label}</dt>
                <dd className="break">
                  <span className="mono">{value}</span> <span className="t3 sm">instead of {own}</span>
                </dd>
              </div>
            ),
        )}
      </dl>
      {o.notes && <p className="break ns-dev-text t2">{o.notes}</p>}
      {o.updated_by && o.updated_at && (
        <p className="sm t3">
          Set by {o.updated_by} <When at={o.updated_at} precise />
        </p>
      )}
    </div>
  );
}

const timeouts = (given: DeviceOverride["timeouts"]): string =>
  Object.entries(given)
    .map(([phase, seconds]) => `${phase} ${seconds} s`)
    .join(", ");

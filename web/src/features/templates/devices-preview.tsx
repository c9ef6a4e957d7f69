import { Button, Modal } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { RenderGroup } from "../../../../domain/contract/template.ts";
import { count } from "../../components/bits.tsx";
import { StateBar, StatusIcon } from "../../components/status.tsx";
import { Note } from "../../components/states.tsx";
import { api } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";
import type { Device } from "../../../../domain/contract/device.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { deviceQuery } from "../devices/queries.ts";
import { byReason, letter, named, sentenceOf, type Shown } from "./devices-words.ts";
import type { Draft } from "./draft.ts";
import { renderForDevices } from "./templates-api.ts";
import { TextDiff } from "./text-diff.tsx";

/** As many as one request may name. */
const MOST = 500;
type Props = { stored: string | null; draft: Draft; variables: string };

/** The same text for many devices: who gets the same lines, and for whom it does not render. */
export function DevicesPreview({ stored, draft, variables }: Props) {
  const [, set] = useUrlState();
  const [filter, setFilter] = useState(draft.vendor_types.length > 0 ? `type:${draft.vendor_types.join(",")}` : "");
  const [shown, setShown] = useState<(Shown & { of: string }) | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [compared, setCompared] = useState<[RenderGroup, RenderGroup] | null>(null);
  const signature = JSON.stringify([draft.content, draft.options, variables, filter]);
  const render = async (): Promise<void> => {
    if (stored === null) return;
    setBusy(true);
    setFailure(null);
    try {
      const found = await api.get<{ devices: Device[]; total: number }>("/devices", {
        ...deviceQuery(filter),
        limit: MOST,
        sort: "name",
      });
      const devices = found.devices.map((device) => device.name);
      const { content, options } = draft;
      const answer =
        devices.length === 0
          ? { groups: [], failures: [] }
          : await renderForDevices(stored, { content, options, devices }, variables);
      setShown({ ...answer, total: devices.length, of: signature });
    } catch (error) {
      setShown(null);
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const [first] = shown?.groups ?? [];
  return (
    <section className="ns-tp-all" aria-label="All devices">
      <div className="ns-tp-bar">
        <h2>Devices</h2>
        <input
          className="mono ns-tp-filter"
          aria-label="Which devices"
          placeholder="site:ams tag:core"
          spellCheck={false}
          autoComplete="off"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") void render();
          }}
        />
        <Button
          size="xs"
          className="end"
          leftSection={<IconPlayerPlay />}
          loading={busy}
          disabled={stored === null}
          onClick={() => void render()}
        >
          Render for all
        </Button>
      </div>
      <div className="ns-tp-groups" tabIndex={0} role="region" aria-label="Outputs by device">
        {stored === null && <p className="t3 sm">Once it is saved, it is rendered here for many devices at once.</p>}
        {stored !== null && shown === null && failure === null && (
          <p className="t3 sm">
            Renders this text with the values above for each device the line finds. Nothing is sent to any.
          </p>
        )}
        {failure !== null && (
          <Note kind="bad" icon="cross" head="Not rendered.">
            {errorText(failure)}
          </Note>
        )}
        {shown && (
          <>
            <p role="status" className={shown.of === signature ? "" : "t3"}>
              <b>{sentenceOf(shown)}</b>
              {shown.of !== signature && " The text or the values changed since."}
            </p>
            {shown.total > 0 && <Bar shown={shown} />}
            <ul>
              {shown.groups.map((group, i) => (
                <li key={group.devices[0]}>
                  <span className="ns-tp-letter">{letter(i)}</span>
                  <span className="break">
                    <b>{count(group.devices.length, "device")}</b> <span className="t3">{named(group.devices)}</span>
                  </span>
                  <span className="row g6">
                    {i > 0 && first && (
                      <button type="button" className="lk" onClick={() => setCompared([first, group])}>
                        Compare with A
                      </button>
                    )}
                    <button
                      type="button"
                      className="lk"
                      aria-label={`Show the output of ${letter(i)}`}
                      onClick={() => set({ device: group.devices[0] })}
                    >
                      Show
                    </button>
                  </span>
                </li>
              ))}
              {byReason(shown.failures).map(([reason, devices]) => (
                <li key={reason}>
                  <StatusIcon kind="bad" icon="cross" />
                  <span className="break">
                    <b>{count(devices.length, "device")}</b> <span className="t3">{named(devices)}</span> {reason}
                  </span>
                  <button type="button" className="lk" onClick={() => set({ device: devices[0] })}>
                    Show
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <Modal opened={compared !== null} onClose={() => setCompared(null)} title="Two outputs" size="90%">
        {compared && (
          <TextDiff before={compared[0].rendered} after={compared[1].rendered} label="Difference of the two outputs" />
        )}
      </Modal>
    </section>
  );
}

function Bar({ shown }: { shown: Shown }) {
  const [first, ...others] = shown.groups;
  return (
    <StateBar
      total={shown.total}
      segments={[
        { kind: "ok", count: first?.devices.length ?? 0, label: "with the most common output" },
        {
          kind: "run",
          count: others.reduce((sum, group) => sum + group.devices.length, 0),
          label: "with another output",
        },
        { kind: "bad", count: shown.failures.length, label: "that do not render" },
      ]}
    />
  );
}

import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { Change } from "../../../../domain/contract/change.ts";
import { Kbd, count, platformWord } from "../../components/bits.tsx";
import { Counts } from "../../components/diff/counts.tsx";
import { DiffView } from "../../components/diff/diff-view.tsx";
import { Note, SkeletonRows } from "../../components/states.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { useCommands } from "../../lib/commands.ts";
import { riskOf } from "../../lib/status-of.ts";
import { usePhone } from "../../lib/use-phone.ts";
import { Refusal } from "../changes/ask-panel.tsx";
import { planned } from "../changes/plan-words.ts";
import { LabSteps } from "./lab-steps.tsx";
import type { Ntp } from "./use-ntp.ts";

const NOT_RUN = ["planning", "draft"];

/** Real diffs of three routers, one button, and the steps as they happen. */
export function NtpCard({ ntp }: { ntp: Ntp }) {
  const { change } = ntp;
  const risk = riskOf(change?.risk?.level ?? "low");
  const started = change !== undefined && !NOT_RUN.includes(change.status);
  return (
    <section className="ns-card" aria-labelledby="welcome-ntp">
      <div className="ns-ch">
        <h2 id="welcome-ntp">1&ensp;Change the NTP server on all three</h2>
        <span className="t3 only-d">
          {started ? "as it was planned" : "real diffs against their running config, nothing sent yet"}
        </span>
        {change?.risk && (
          <span className={`ns-pill end k-${risk.kind === "idle" ? "ok" : risk.kind}`}>
            <StatusIcon
              kind={risk.kind === "idle" ? "ok" : risk.kind}
              icon={risk.kind === "idle" ? "tick" : risk.icon}
            />
            {risk.word} risk, lab policy: no approver
          </span>
        )}
      </div>
      <Body ntp={ntp} />
    </section>
  );
}

function Body({ ntp }: { ntp: Ntp }) {
  const { change } = ntp;
  if (!ntp.may && !change) return <p className="cb t3">Trying the lab needs the role operator.</p>;
  if (!change)
    return ntp.error ? (
      <div className="cb">
        <Refusal error={ntp.error} head="Not planned." />
      </div>
    ) : (
      <SkeletonRows rows={4} columns={3} />
    );
  if (change.planned_at === null) return <p className="cb t3">The routers are read, and the difference is computed…</p>;
  return (
    <>
      <Diffs change={change} />
      {ntp.error !== null && (
        <div className="cb">
          <Refusal error={ntp.error} head="Not run." />
        </div>
      )}
      <Go ntp={ntp} change={change} />
    </>
  );
}

function Diffs({ change }: { change: Change }) {
  return (
    <div className="d3">
      {change.targets.map((target) => (
        <div key={target.device}>
          <h3>
            <span className="ell">{target.device}</span> <span className="t3">{platformWord(target.device_type)}</span>
            <span className="end">
              <Counts added={target.added} removed={target.removed} />
            </span>
          </h3>
          {target.state === "planned" ? (
            <DiffView hunks={target.diff} platform={target.device_type} label={`Diff of ${target.device}`} narrow />
          ) : (
            <p className="cb sm t3">
              {target.state === "no_change" ? "needs nothing" : (target.error?.message ?? "could not be read")}
            </p>
          )}
        </div>
      ))}
    </div>
  );
}

function Go({ ntp, change }: { ntp: Ntp; change: Change }) {
  const phone = usePhone();
  const devices = planned(change.targets).length;
  const ready = change.status === "draft" && devices > 0 && ntp.may;
  const over = !["planning", "draft", "pending_approval", "approved", "applying", "verifying", "interrupted"].includes(
    change.status,
  );
  useCommands(
    ready
      ? [
          {
            id: "welcome-run",
            label: `Run it on ${count(devices, "device")}`,
            key: "enter",
            group: "Welcome",
            run: () => {
              // On a link or a button, Enter means that one.
              if (
                !(document.activeElement instanceof HTMLButtonElement) &&
                !(document.activeElement instanceof HTMLAnchorElement)
              )
                ntp.run();
            },
          },
        ]
      : [],
  );
  const button = ready ? (
    <Button
      variant="filled"
      size="md"
      leftSection={<IconPlayerPlay />}
      rightSection={phone ? null : <Kbd>↵</Kbd>}
      loading={ntp.running}
      onClick={ntp.run}
    >
      Run it on {count(devices, "device")}
    </Button>
  ) : over && ntp.may ? (
    <Button size="md" onClick={ntp.again}>
      Do another one
    </Button>
  ) : null;
  return (
    <>
      {change.status === "draft" && devices === 0 && (
        <div className="cb">
          <Note kind="idle" icon="slash" head="Nothing would be sent.">
            The routers hold these servers already, or could not be read.
          </Note>
        </div>
      )}
      <div className="go">
        {!phone && button}
        <LabSteps change={change} />
      </div>
      {phone && ready && (
        <div className="ns-sheet">
          <div className="acts">{button}</div>
        </div>
      )}
      {phone && over && <div className="cb">{button}</div>}
    </>
  );
}

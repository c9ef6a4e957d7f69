import type { PlanGroup, Risk } from "../../../../domain/contract/change.ts";
import { count } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { riskOf } from "../../lib/status-of.ts";
import { sending, shortReasons, wayBack } from "./plan-words.ts";
import "./plan.css";

type Props = {
  risk: { level: Risk["level"]; reasons: readonly string[] };
  devices: number;
  sites: number;
  diffs: number;
  added: number;
  removed: number;
  groups: readonly PlanGroup[];
};

/** How bad can it be, where, how much is there to read, how is it sent, how does it come back. */
export function PlanStrip({ risk, devices, sites, diffs, added, removed, groups }: Props) {
  const view = riskOf(risk.level);
  const back = wayBack(groups);
  const sent = sending(groups);
  return (
    <dl className="ns-card ns-kp">
      <div>
        <dt>Risk</dt>
        <dd className={view.kind === "idle" ? "v" : `v k-${view.kind} k-text`}>
          <StatusIcon kind={view.kind} icon={view.icon} className="lg" />
          {view.word}
        </dd>
        <dd className="n few" title={risk.reasons.join("\n")}>
          {risk.reasons.length > 0 ? shortReasons(risk.reasons).join(", ") : "no reason to worry found"}
        </dd>
      </div>
      <div>
        <dt>Devices</dt>
        <dd className="v">{devices.toLocaleString("en")}</dd>
        <dd className="n">{sites > 0 ? count(sites, "site") : "no site"}</dd>
      </div>
      <div>
        <dt>To read</dt>
        <dd className="v">{count(diffs, "diff")}</dd>
        <dd className="n">
          <span className="ns-plus">+{added}</span> <span className="ns-minus">−{removed}</span> lines
        </dd>
      </div>
      <div>
        <dt>Sent</dt>
        <dd className="v">{sent.value}</dd>
        <dd className="n">{sent.note}</dd>
      </div>
      <div>
        <dt>If it fails</dt>
        <dd className={back.certain ? "v" : "v k-wait k-text"}>{back.value}</dd>
        <dd className="n">{back.note}</dd>
      </div>
    </dl>
  );
}

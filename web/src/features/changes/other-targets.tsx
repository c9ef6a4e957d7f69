import type { PlanTarget } from "../../../../domain/contract/change.ts";
import { count } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { DeviceTags } from "./group-card.tsx";
import "./plan.css";

/** Devices that need nothing, and those that are left out with the reason. */
export function OtherTargets({ targets }: { targets: readonly PlanTarget[] }) {
  const same = targets.filter((t) => t.state === "no_change").map((t) => t.device);
  const out = targets.filter((t) => t.state === "left_out");
  if (same.length === 0 && out.length === 0) return null;
  return (
    <section className="ns-card" aria-label="Devices that get nothing">
      {same.length > 0 && (
        <div className="ns-noop">
          <StatusIcon kind="ok" icon="tick" />
          <span className="nowrap">
            {same.length === 1 ? "1 device needs nothing" : `${count(same.length, "device")} need nothing`}
          </span>
          <DeviceTags devices={same} />
        </div>
      )}
      {out.map((target) => (
        <div key={target.device} className="ns-noop">
          <StatusIcon kind="bad" icon="cross" />
          <span className="break">
            <b>{target.device}</b> left out: {target.error?.message ?? "it could not be planned"}
            {target.error && <span className="t3"> {target.error.what_to_do}</span>}
          </span>
        </div>
      ))}
    </section>
  );
}

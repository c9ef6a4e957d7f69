import type { Approval } from "../../../../domain/contract/approval.ts";
import { Avatar } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { statusOf } from "../../lib/status-of.ts";
import { formatCountdown, formatWhen, useNow } from "../../lib/time.ts";
import { leftPart, yesCount } from "./approval-words.ts";

const AROUND = 2 * Math.PI * 22;

/** Time left on the server's clock, and what happens when it is over. */
function Clock({ approval }: { approval: Approval }) {
  const now = useNow();
  const left = Date.parse(approval.expires_at) - now;
  const part = leftPart(approval, now);
  return (
    <div className="ns-cdn">
      <svg className="ns-ring" viewBox="0 0 52 52" aria-hidden="true">
        <circle cx="26" cy="26" r="22" stroke="var(--ns-s2)" />
        <circle
          cx="26"
          cy="26"
          r="22"
          stroke="var(--ns-wait-dot)"
          strokeLinecap="round"
          strokeDasharray={`${AROUND * part} ${AROUND}`}
          transform="rotate(-90 26 26)"
        />
      </svg>
      <div>
        <b className="num">{left > 0 ? formatCountdown(left) : "0:00"}</b>
        <p className="sm t3">
          {left > 0
            ? `left to decide, until ${formatWhen(approval.expires_at, { precise: true })}. Nobody decides: it expires, nothing is sent.`
            : "The time to decide is over. It expires, and nothing is sent."}
        </p>
      </div>
    </div>
  );
}

/** Who decided, who still has to. */
export function Deciders({ approval, me }: { approval: Approval; me: string }) {
  const open = approval.status === "pending";
  if (!open && approval.decisions.length === 0) return null;
  const missing = Math.max(0, approval.required - yesCount(approval));
  return (
    <section className="ns-card" aria-label="Decision">
      {open ? (
        <Clock approval={approval} />
      ) : (
        approval.status === "approved" &&
        approval.valid_until && (
          <p className="ns-apv sm">
            <span className="t3">
              The yes holds until <When at={approval.valid_until} precise />
            </span>
          </p>
        )
      )}
      {approval.decisions.map((d) => (
        <div key={`${d.user}${d.at}`} className="ns-apv">
          <Avatar name={d.user} />
          <div className="sp break">
            <b>{d.user === me ? "You" : d.user}</b> {d.decision === "revoked" ? "took it back" : d.decision}
            {d.reason && <div className="sm t3">“{d.reason}”</div>}
          </div>
          <span className="sm t3">
            <When at={d.at} precise />
          </span>
        </div>
      ))}
      {open && approval.can_decide && (
        <div className="ns-apv">
          <Avatar name={me} />
          <b className="sp">You</b>
          <span className="sm b k-wait k-text">
            {yesCount(approval) + 1} of {approval.required}
            {missing === 1 ? ", last one" : ""}
          </span>
        </div>
      )}
      {open && !approval.can_decide && (
        <p className="ns-apv sm t3">{missing === 1 ? "1 more yes is needed." : `${missing} more are needed.`}</p>
      )}
    </section>
  );
}

export function ApprovalChecks({ checks }: { checks: { label: string; state: "pass" | "warn"; detail: string }[] }) {
  if (checks.length === 0) return null;
  const warn = checks.filter((c) => c.state === "warn").length;
  return (
    <section className="ns-card">
      <div className="ns-ch">
        <h2>Checks</h2>
        <span className="t3">
          {checks.length - warn} pass{warn > 0 ? `, ${warn} to know` : ""}
        </span>
      </div>
      <div className="ns-ck">
        {checks.map((check) => {
          const view = statusOf(check.state);
          return (
            <div key={check.label} style={{ display: "contents" }}>
              <StatusIcon kind={view.kind} icon={view.icon} />
              <span className="break">
                {check.label}
                <span className="vh">: {view.word}</span>
              </span>
              <span className="d">{check.detail}</span>
            </div>
          );
        })}
      </div>
    </section>
  );
}

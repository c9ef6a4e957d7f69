import type { Approval } from "../../../../domain/contract/approval.ts";
import { count } from "../../components/bits.tsx";
import { RiskText, StatusText } from "../../components/status.tsx";
import { Countdown, When } from "../../components/times.tsx";
import { decidedAt, verdictWords, yesCount } from "./approval-words.ts";

export type Section = { title: string; note: string; items: Approval[] };
type Props = { sections: Section[]; chosen: string | undefined; me: string; onChoose: (approval: Approval) => void };

export function ApprovalList({ sections, chosen, me, onChoose }: Props) {
  return sections.map((section) => (
    <section key={section.title} aria-label={section.title}>
      <h2>
        {section.title}
        <span>{section.note}</span>
      </h2>
      {section.items.map((a) => (
        <button
          key={a.id}
          type="button"
          className={`ns-ai${a.id === chosen ? " on" : ""}${a.status === "pending" ? "" : " d"}`}
          aria-current={a.id === chosen ? "true" : undefined}
          onClick={() => onChoose(a)}
        >
          <Item approval={a} me={me} />
        </button>
      ))}
    </section>
  ));
}

function Item({ approval: a, me }: { approval: Approval; me: string }) {
  if (a.status !== "pending")
    return (
      <>
        <b className="break">{a.title}</b>
        <span className="cd t">
          <When at={decidedAt(a)} precise />
        </span>
        <span className="p">
          <StatusText status={a.status} />
          <span className="ell">{verdictWords(a, me)}</span>
        </span>
      </>
    );
  const yes = yesCount(a);
  return (
    <>
      <b className="break">{a.title}</b>
      <Countdown to={a.expires_at} className="cd" done="over" />
      <span className="p">
        <RiskText level={a.risk_level} />
        <span className="ell">
          · {count(a.devices.length, "device")}, {count(a.diffs, "diff")}
        </span>
      </span>
      <span className="p">
        <span className="ell">{a.requested_by === me ? "you ask" : `${a.requested_by} asks`}</span>
        <span className="pr">
          {yes} of {a.required}
          {Array.from({ length: a.required }, (_, i) => (
            <i key={i} className={i < yes ? "y" : ""} />
          ))}
        </span>
      </span>
    </>
  );
}

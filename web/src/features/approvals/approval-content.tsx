import { IconFileText, IconRoute } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { Avatar } from "../../components/bits.tsx";
import { TextLink } from "../../components/go.tsx";
import { StatusPill } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useMe } from "../../lib/session.ts";
import { usePhone } from "../../lib/use-phone.ts";
import { reasonsOf, shortId } from "../changes/plan-words.ts";
import { PlanStrip } from "../changes/plan-strip.tsx";
import { ApprovalGroups } from "./approval-groups.tsx";
import { ApprovalState } from "./approval-state.tsx";
import { ApprovalChecks, Deciders } from "./deadline.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { DecisionSheet } from "./decision-sheet.tsx";
import { useDeciding } from "./use-deciding.ts";
import { useReading } from "./use-reading.ts";
import "./approvals.css";

export function ApprovalPill({ approval }: { approval: ApprovalDetail }) {
  if (approval.status !== "pending") return <StatusPill status={approval.status} large />;
  return (
    <StatusPill status="waiting_approval" large>
      {approval.can_decide ? "Waits for you" : "Waits for others"}
    </StatusPill>
  );
}

export function ApprovalFacts({ approval }: { approval: ApprovalDetail }) {
  return (
    <div className="ns-subfacts">
      <span>
        <Avatar name={approval.requested_by} />
        <span>
          Asked by <b>{approval.requested_by}</b> at <When at={approval.created_at} precise />
        </span>
      </span>
      <span>
        <IconRoute aria-hidden />
        <span>
          from <TextLink href={links.change(approval.change_id)}>this change</TextLink>,{" "}
          <TextLink href={links.run(approval.run_id)}>run {shortId(approval.run_id)}</TextLink>
        </span>
      </span>
      {approval.reason && (
        <span>
          <IconFileText aria-hidden />
          <b>“{approval.reason}”</b>
        </span>
      )}
    </div>
  );
}

/** What exactly is sent, how bad can it be, how do we get back: and the decision. */
export function ApprovalContent({ approval }: { approval: ApprovalDetail }) {
  const me = useMe().user.username;
  const phone = usePhone();
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const box = useRef<HTMLTextAreaElement>(null);
  const [sheet, setSheet] = useState(false);
  const show = (key: string, open: boolean): void => setOpened((all) => new Map([...all, [key, open]]));
  const reading = useReading(approval, (key) => show(key, true));
  const deciding = useDeciding(approval);
  // On the phone what was read folds away, so that the next diff is near.
  const isShut = (key: string): boolean => !(opened.get(key) ?? !(phone && reading.isRead(key)));
  const shut = new Set(approval.groups.map((g) => g.key).filter(isShut));

  const openReason = (): void => (phone ? setSheet(true) : box.current?.focus());
  useCommands(
    approval.can_decide && approval.status === "pending"
      ? [
          { id: "next-unread", label: "Next unread diff", key: "n", group: "This approval", run: reading.step },
          { id: "approve", label: "Approve (opens the reason)", key: "a", group: "This approval", run: openReason },
          { id: "reject", label: "Reject (opens the reason)", key: "r", group: "This approval", run: openReason },
        ]
      : [],
  );

  return (
    <>
      <ApprovalState approval={approval} />
      <div className="ns-ap ns-appr">
        <div className="lf">
          <PlanStrip
            risk={{ level: approval.risk_level, reasons: reasonsOf(approval.groups) }}
            devices={approval.devices.length}
            sites={approval.sites.length}
            diffs={approval.diffs}
            added={approval.added}
            removed={approval.removed}
            groups={approval.groups}
          />
          <ApprovalGroups
            approval={approval}
            reading={reading}
            shut={shut}
            onToggle={(key) => show(key, shut.has(key))}
          />
        </div>
        <div className="dec">
          <Deciders approval={approval} me={me} />
          <ApprovalChecks checks={approval.checks} />
          <DecisionForm approval={approval} reading={reading} deciding={deciding} box={box} />
        </div>
      </div>
      {phone && (
        <DecisionSheet approval={approval} reading={reading} deciding={deciding} open={sheet} onOpen={setSheet} />
      )}
    </>
  );
}

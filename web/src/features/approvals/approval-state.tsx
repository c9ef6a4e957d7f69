import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import type { Change } from "../../../../domain/contract/change.ts";
import { ReasonPopover } from "../../components/dialogs.tsx";
import { TextLink } from "../../components/go.tsx";
import { Note } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { keys } from "../../lib/keys.ts";
import { links } from "../../lib/links.ts";
import { useCan, useMe } from "../../lib/session.ts";
import { useGo } from "../../lib/url-state.ts";
import { changeQuery } from "../changes/changes-api.ts";
import { DriftCards } from "../changes/change-state.tsx";
import { planned, shortHash } from "../changes/plan-words.ts";
import { decide } from "./approvals-api.ts";
import { decidedAt, verdictWords } from "./approval-words.ts";

/** Where an approval stands that waits for nobody any more, and what can still be done. */
export function ApprovalState({ approval }: { approval: ApprovalDetail }) {
  const [first] = useState(approval.status);
  const me = useMe().user.username;
  const change = useQuery({
    ...changeQuery(approval.change_id),
    enabled: approval.status !== "pending",
    // Approved, and not taken up yet: that lasts a moment, and a hint may be late.
    refetchInterval: (query) => (query.state.data?.status === "approved" ? 2000 : false),
  }).data;
  if (approval.status === "pending") return null;
  const last = approval.decisions.at(-1);
  const elsewhere = first === "pending" && last?.user !== me;
  return (
    <>
      {elsewhere && (
        <Note
          kind="wait"
          icon="warn"
          head={last ? `${last.user} decided this while you had it open.` : "This ended while you had it open."}
          alert
        >
          What you typed was not sent.
        </Note>
      )}
      <Verdict approval={approval} change={change} me={me} />
    </>
  );
}

function Verdict({ approval, change, me }: { approval: ApprovalDetail; change: Change | undefined; me: string }) {
  const go = useGo();
  const may = useCan();
  const again = may("changes:write") && (
    <Button size="xs" onClick={() => go(links.newChange({ from: approval.change_id }))}>
      Plan it anew
    </Button>
  );
  const at = <When at={decidedAt(approval)} precise />;
  if (change?.status === "stale" && change.approval_id === approval.id && approval.status !== "rejected")
    return <Stale change={change} />;
  switch (approval.status) {
    case "approved":
      return (
        <Note
          kind="ok"
          icon="tick"
          head={
            <>
              Approved {verdictWords(approval, me)}, {at}.
            </>
          }
          actions={<TakeBack approval={approval} change={change} />}
        >
          {change?.status === "approved" ? (
            "Nothing was sent yet; the run sends it next."
          ) : (
            <>
              The <TextLink href={links.run(approval.run_id)}>run</TextLink> shows what was sent.
            </>
          )}
        </Note>
      );
    case "rejected":
      return (
        <Note
          kind="bad"
          icon="cross"
          head={
            <>
              Rejected {verdictWords(approval, me)}, {at}.
            </>
          }
          actions={again}
        >
          Nothing was sent.
        </Note>
      );
    case "expired":
      return (
        <Note kind="bad" icon="clock" head={<>Expired at {at}, nothing was sent.</>} actions={again}>
          {approval.decisions.length === 0
            ? "Nobody decided in time."
            : `${verdictWords({ ...approval, status: "approved" }, me).replace(/^by /, "")} said yes; that was not enough.`}
        </Note>
      );
    default:
      return <Cancelled approval={approval} change={change} me={me} />;
  }
}

/** The devices moved on between the plan and the sending, so the yes does not count. */
function Stale({ change }: { change: Change }) {
  return (
    <>
      <Note kind="doubt" icon="broken" head="This plan no longer holds.">
        {change.drift.map((d) => d.device).join(", ") || "A device"} changed after it was made. Nothing was sent. It has
        been planned again; <TextLink href={links.change(change.id)}>read the new plan</TextLink>
        {planned(change.targets).length > 0 ? " and ask for it." : ": nothing would be sent any more."}
      </Note>
      <DriftCards change={change} />
    </>
  );
}

/** Cancelled: because it was planned again, or because somebody took it back. */
function Cancelled({ approval, change, me }: { approval: ApprovalDetail; change: Change | undefined; me: string }) {
  if (change && change.hash !== null && change.hash !== approval.change_hash)
    return (
      <Note kind="doubt" icon="broken" head="It was planned again.">
        The plan is now <span className="ns-hash">{shortHash(change.hash)}</span>. Nothing of this one was sent.{" "}
        <TextLink
          href={
            change.approval_id !== null && change.approval_id !== approval.id
              ? links.approval(change.approval_id)
              : links.change(change.id)
          }
        >
          Open what stands now
        </TextLink>
      </Note>
    );
  return (
    <Note kind="idle" icon="slash" head={<>{verdictWords(approval, me)}.</>}>
      <TextLink href={links.change(approval.change_id)}>The change</TextLink> says where it stands.
    </Note>
  );
}

/** As long as nothing was sent, those who said yes, who asked, and admins may take it back. */
function TakeBack({ approval, change }: { approval: ApprovalDetail; change: Change | undefined }) {
  const me = useMe().user;
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const involved =
    approval.requested_by === me.username ||
    approval.decisions.some((d) => d.user === me.username) ||
    me.roles.includes("admin");
  if (!involved || change?.status !== "approved") return null;
  return (
    <ReasonPopover
      opened={open}
      target={
        <Button size="xs" onClick={() => setOpen(!open)}>
          Take it back…
        </Button>
      }
      title="Take the approval back?"
      confirm="Take it back"
      danger
      onConfirm={async (reason) => {
        client.setQueryData(keys.approvals.one(approval.id), await decide(approval, "revoke", reason));
        await client.invalidateQueries({ queryKey: ["approvals", "list"] });
      }}
      onClose={() => setOpen(false)}
    >
      <p className="sm t2">
        Nothing was sent yet, and nothing will be. The change becomes a draft again. Once sending has begun, this is
        refused.
      </p>
    </ReasonPopover>
  );
}

import { Button, Textarea } from "@mantine/core";
import { IconEye, IconLock } from "@tabler/icons-react";
import { type RefObject } from "react";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { Kbd, count } from "../../components/bits.tsx";
import { Refusal } from "../changes/ask-panel.tsx";
import { shortHash } from "../changes/plan-words.ts";
import type { Deciding } from "./use-deciding.ts";
import type { Reading } from "./use-reading.ts";

export const approveWord = (approval: ApprovalDetail): string => `Approve ${count(approval.devices.length, "device")}`;

/** The reason, and the two answers; the main button walks through what was not read yet. */
export function DecisionForm({
  approval,
  reading,
  deciding,
  box,
}: {
  approval: ApprovalDetail;
  reading: Reading;
  deciding: Deciding;
  box: RefObject<HTMLTextAreaElement | null>;
}) {
  if (!approval.can_decide || approval.status !== "pending") return <CannotDecide approval={approval} />;
  const unread = reading.unread > 0;
  return (
    <section className="ns-card cb stack only-d" aria-label="Your decision">
      <Textarea
        ref={box}
        label={
          <>
            Why is this all right? <span className="t3">kept in the audit log</span>
          </>
        }
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2000}
        value={deciding.reason}
        onChange={(event) => deciding.setReason(event.currentTarget.value)}
      />
      <p className="row g6 sm t3 i14">
        <IconEye aria-hidden />
        {unread
          ? `${reading.read} of ${count(reading.total, "diff")} read, then you can approve.`
          : deciding.reason.trim() === ""
            ? "All read. Give a reason to decide."
            : "All read."}
      </p>
      <Refusal error={deciding.refusal} head="Not decided." />
      <div className="row g6">
        <Button
          className="bad"
          disabled={deciding.reason.trim() === ""}
          loading={deciding.busy === "reject"}
          onClick={() => void deciding.decide("reject")}
        >
          Reject
        </Button>
        {unread ? (
          <Button variant="filled" className="sp" rightSection={<Kbd>N</Kbd>} onClick={reading.step}>
            {reading.label}
          </Button>
        ) : (
          <Button
            variant="filled"
            className="sp"
            disabled={deciding.reason.trim() === ""}
            loading={deciding.busy === "approve"}
            onClick={() => void deciding.decide("approve")}
          >
            {approveWord(approval)}
          </Button>
        )}
      </div>
      <p className="xs t3">
        You approve exactly plan <span className="ns-hash">{shortHash(approval.change_hash)}</span>. An edit, or drift
        that changes what is sent, makes this decision void and asks again.
      </p>
    </section>
  );
}

/** Reads, cannot decide, and says why. */
function CannotDecide({ approval }: { approval: ApprovalDetail }) {
  if (approval.status !== "pending" || approval.cannot_because === null) return null;
  return (
    <section className="ns-card cb stack" aria-label="Your decision">
      <Button disabled leftSection={<IconLock />} fullWidth>
        {approveWord(approval)}
      </Button>
      <p className="sm t2">You cannot decide on this: {approval.cannot_because}.</p>
    </section>
  );
}

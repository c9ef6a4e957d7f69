import { Button, Textarea } from "@mantine/core";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { Refusal } from "../changes/ask-panel.tsx";
import { approveWord } from "./decision-form.tsx";
import type { Deciding } from "./use-deciding.ts";
import type { Reading } from "./use-reading.ts";

type Props = {
  approval: ApprovalDetail;
  reading: Reading;
  deciding: Deciding;
  open: boolean;
  onOpen: (open: boolean) => void;
};

/** The phone's two answers at the thumb. The reason opens when all is read, or for a rejection. */
export function DecisionSheet({ approval, reading, deciding, open, onOpen }: Props) {
  if (!approval.can_decide || approval.status !== "pending") return null;
  const unread = reading.unread > 0;
  const asking = open || !unread;
  const empty = deciding.reason.trim() === "";
  return (
    <div className="ns-sheet">
      <Refusal error={deciding.refusal} head="Not decided." />
      {asking && (
        <Textarea
          label={unread ? "Why not?" : "Why is this all right?"}
          placeholder="Kept in the audit log"
          autosize
          minRows={2}
          maxRows={5}
          maxLength={2000}
          mb={8}
          value={deciding.reason}
          onChange={(event) => deciding.setReason(event.currentTarget.value)}
        />
      )}
      <div className="acts">
        <Button
          className="bad"
          loading={deciding.busy === "reject"}
          disabled={asking && empty}
          onClick={() => {
            if (asking) void deciding.decide("reject");
            else onOpen(true);
          }}
        >
          Reject
        </Button>
        {open && unread ? (
          <Button className="main" onClick={() => onOpen(false)}>
            Back to reading
          </Button>
        ) : unread ? (
          <Button className="main" variant="filled" onClick={reading.step}>
            {reading.label}, {reading.at} of {reading.total}
          </Button>
        ) : (
          <Button
            className="main"
            variant="filled"
            disabled={empty}
            loading={deciding.busy === "approve"}
            onClick={() => void deciding.decide("approve")}
          >
            {approveWord(approval)}
          </Button>
        )}
      </div>
    </div>
  );
}

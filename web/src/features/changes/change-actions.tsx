import { Button } from "@mantine/core";
import { IconArrowBackUp, IconPencil, IconPlayerPlay, IconRefresh, IconUserCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Change, ChangeStatus } from "../../../../domain/contract/change.ts";
import { count } from "../../components/bits.tsx";
import { ReasonDialog } from "../../components/dialogs.tsx";
import { keys } from "../../lib/keys.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo } from "../../lib/url-state.ts";
import { askWord } from "./ask-panel.tsx";
import { askApproval, cancelChange, replanChange, runInLab, undoChange } from "./changes-api.ts";
import { isLabOnly, planned } from "./plan-words.ts";

const NOT_BEGUN: readonly ChangeStatus[] = ["planning", "draft", "stale", "pending_approval", "approved"];
/** Over without an effect that stays: the same lines may be planned as a new change. */
const OVER: readonly ChangeStatus[] = ["rejected", "expired", "cancelled", "failed", "rolled_back"];
const RUNNING: readonly ChangeStatus[] = ["applying", "verifying", "interrupted"];

/** What can be done with a change as it stands; each act that reaches devices asks for a reason first. */
export function ChangeActions({ change }: { change: Change }) {
  const may = useCan();
  const go = useGo();
  const client = useQueryClient();
  const [open, setOpen] = useState<"run" | "ask" | "cancel" | "undo" | null>(null);
  const close = (): void => setOpen(null);
  const lab = isLabOnly(change);
  const devices = planned(change.targets).length;
  const replan = useMutation({
    mutationFn: () => replanChange(change.id),
    onSuccess: (started) => client.setQueryData(keys.changes.one(change.id), started.change),
    onError: (error) => toast.error(error),
  });
  const fresh = (): Promise<void> => client.invalidateQueries({ queryKey: keys.changes.one(change.id) });
  const write = may("changes:write");
  const { status } = change;
  return (
    <>
      {write && NOT_BEGUN.includes(status) && (
        <Button onClick={() => setOpen("cancel")}>{status === "draft" ? "Discard…" : "Withdraw…"}</Button>
      )}
      {write && RUNNING.includes(status) && (
        <Button className="bad" onClick={() => setOpen("cancel")}>
          Cancel…
        </Button>
      )}
      {write && (status === "draft" || status === "stale") && (
        <Button leftSection={<IconPencil />} onClick={() => go(links.newChange({ draft: change.id }))}>
          Edit
        </Button>
      )}
      {write && ["draft", "stale", "pending_approval", "approved"].includes(status) && (
        <Button leftSection={<IconRefresh />} loading={replan.isPending} onClick={() => replan.mutate()}>
          Plan again
        </Button>
      )}
      {may("changes:apply") && (status === "draft" || status === "stale") && devices > 0 && (
        <>
          <Button variant={lab ? "default" : "filled"} leftSection={<IconUserCheck />} onClick={() => setOpen("ask")}>
            Ask for approval
          </Button>
          {lab && (
            <Button variant="filled" leftSection={<IconPlayerPlay />} onClick={() => setOpen("run")}>
              {askWord({ lab, devices })}
            </Button>
          )}
        </>
      )}
      {status === "pending_approval" && change.approval_id && (
        <Button
          variant="filled"
          leftSection={<IconUserCheck />}
          onClick={() => change.approval_id && go(links.approval(change.approval_id))}
        >
          Open the approval
        </Button>
      )}
      {RUNNING.includes(status) && (
        <Button variant="filled" onClick={() => go(links.run(change.run_id))}>
          Open the run
        </Button>
      )}
      {write && status === "applied" && devices > 0 && (
        <Button leftSection={<IconArrowBackUp />} onClick={() => setOpen("undo")}>
          Undo this change…
        </Button>
      )}
      {write && OVER.includes(status) && (
        <Button leftSection={<IconRefresh />} onClick={() => go(links.newChange({ from: change.id }))}>
          Plan it anew
        </Button>
      )}
      <ReasonDialog
        opened={open === "ask" || open === "run"}
        title={open === "run" ? `${askWord({ lab, devices })}?` : "Ask for approval?"}
        confirm={open === "run" ? askWord({ lab, devices }) : "Ask for approval"}
        reasonLabel={open === "run" ? "Reason" : "Why now? The approver reads this first."}
        onConfirm={async (reason) => {
          const started = await (open === "run"
            ? runInLab(change, reason)
            : askApproval(change.id, change.hash, reason));
          go(links.run(started.execution_id));
        }}
        onClose={close}
      >
        <p className="t2">
          {count(devices, "device")}, {count(change.groups.length, "diff")}.{" "}
          {open === "run"
            ? "They are virtual routers of the lab, so no other approver is needed."
            : "Somebody else decides on exactly this plan; then it is sent."}
        </p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === "cancel"}
        title={RUNNING.includes(status) ? "Stop this change?" : "Withdraw this change?"}
        confirm={RUNNING.includes(status) ? "Stop before the next line" : "Withdraw"}
        danger
        onConfirm={async (reason) => {
          await cancelChange(change.id, reason);
          await fresh();
        }}
        onClose={close}
      >
        <p className="t2">
          {RUNNING.includes(status)
            ? "It stops before the next line on every device. What was sent stays as it is; the run says which lines."
            : "Nothing of it was sent, and nothing will be. An open approval is withdrawn with it."}
        </p>
      </ReasonDialog>
      <ReasonDialog
        opened={open === "undo"}
        title="Undo this change?"
        confirm="Plan the way back"
        onConfirm={async (reason) => {
          const started = await undoChange(change.id, reason);
          go(links.change(started.change.id));
        }}
        onClose={close}
      >
        <p className="t2">
          This makes a new change from the rollback lines of {count(devices, "device")}. It is planned against what is
          on them now, and gets its own approval. Nothing is sent yet.
        </p>
      </ReasonDialog>
    </>
  );
}

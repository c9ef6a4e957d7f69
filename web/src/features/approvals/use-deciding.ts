import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { keys } from "../../lib/keys.ts";
import { toast } from "../../lib/toast.tsx";
import { decide } from "./approvals-api.ts";

export type Deciding = {
  reason: string;
  setReason: (reason: string) => void;
  busy: "approve" | "reject" | null;
  refusal: unknown;
  decide: (act: "approve" | "reject", reason?: string) => Promise<boolean>;
};

const SAID = { approve: "Approved.", reject: "Rejected. Nothing is sent." };

/** One decision with its reason. The reason outlives a refusal. */
export function useDeciding(approval: ApprovalDetail): Deciding {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState<"approve" | "reject" | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const act = async (what: "approve" | "reject", given = reason): Promise<boolean> => {
    if (busy !== null || given.trim() === "") return false;
    setBusy(what);
    setRefusal(null);
    try {
      const detail = await decide(approval, what, given.trim());
      client.setQueryData(keys.approvals.one(approval.id), detail);
      void client.invalidateQueries({ queryKey: ["approvals", "list"] });
      toast.ok(
        what === "approve" && detail.status === "pending"
          ? "Your yes is kept; another person has to decide as well."
          : SAID[what],
      );
      if (!detail.run_nudged)
        toast.ok("The workflow engine is away. The decision is kept, and the run goes on when it is back.");
      return true;
    } catch (error) {
      setRefusal(error);
      // What was refused may have been decided or replaced by others: show how it stands.
      void client.invalidateQueries({ queryKey: keys.approvals.one(approval.id) });
      return false;
    } finally {
      setBusy(null);
    }
  };
  return { reason, setReason, busy, refusal, decide: act };
}

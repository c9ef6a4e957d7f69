import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import { keys } from "../../lib/keys.ts";
import { changeQuery, createChange, replanChange } from "./changes-api.ts";
import { bodyOf, editOf, signatureOf, type Draft } from "./draft.ts";

/** A pause in the typing, after which the plan follows. */
const PAUSE_MS = 1500;

type Sent = { signature: string; body: NonNullable<ReturnType<typeof bodyOf>> };
export type Plan = {
  /** Null until the first plan was asked for. */
  change: Change | null;
  planning: boolean;
  /** The draft says something that the plan does not know yet. */
  stale: boolean;
  /** Why the last wish was refused; gone when the draft changes. */
  error: unknown;
  planNow: () => void;
};

/** The plan follows the draft: at once when asked for, and when the typing pauses. The first one creates the change. */
export function usePlan(
  draft: Draft,
  changeId: string | null,
  known: string | null,
  onCreated: (id: string) => void,
): Plan {
  const client = useQueryClient();
  const [sent, setSent] = useState<string | null>(known);
  const signature = signatureOf(draft);
  const send = useMutation({
    mutationFn: async ({ body }: Sent) =>
      changeId === null ? createChange(body) : replanChange(changeId, editOf(body)),
    // What was refused is not sent again by itself: a refusal counts as sent.
    onMutate: (wish) => setSent(wish.signature),
    onSuccess: ({ change }) => {
      client.setQueryData(keys.changes.one(change.id), change);
      if (changeId === null) onCreated(change.id);
    },
  });
  const query = useQuery({ ...changeQuery(changeId ?? ""), enabled: changeId !== null });
  const change = query.data ?? null;
  const { mutate, isPending } = send;

  useEffect(() => {
    const body = bodyOf(draft);
    if (body === null || signature === sent || isPending) return;
    const timer = setTimeout(() => mutate({ signature, body }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, signature, sent, isPending, mutate]);

  return {
    change,
    planning: isPending || change?.status === "planning",
    stale: signature !== sent,
    error: signature === sent && send.isError ? send.error : null,
    planNow: () => {
      const body = bodyOf(draft);
      if (body !== null && !isPending) mutate({ signature, body });
    },
  };
}

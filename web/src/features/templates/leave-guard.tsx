import { useBlocker } from "@tanstack/react-router";
import type { RefObject } from "react";
import { ConfirmDialog } from "../../components/dialogs.tsx";

/**
 * Asks before what is typed and not saved is lost. The tabs of one template are no leaving, and neither is what the page
 * does itself once it has saved or deleted (`leaving`).
 */
export function LeaveGuard({ dirty, leaving }: { dirty: boolean; leaving: RefObject<boolean> }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && !leaving.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty && !leaving.current,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={blocker.status === "blocked"}
      title="Leave without saving?"
      danger
      confirm="Leave and lose it"
      onClose={() => blocker.status === "blocked" && blocker.reset()}
      onConfirm={() => {
        if (blocker.status === "blocked") blocker.proceed();
      }}
    >
      <p>What you have typed here is in no version yet.</p>
    </ConfirmDialog>
  );
}

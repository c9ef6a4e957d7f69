import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { StatusIcon } from "../components/status.tsx";
import { ApiError } from "./api.ts";
import { errorText } from "./errors.ts";
import type { StateKind } from "./status-of.ts";

type ToastOptions = { undo?: () => void; open?: { label: string; go: () => void } };

function show(kind: StateKind, icon: "tick" | "cross", message: string, { undo, open }: ToastOptions = {}): void {
  const id = crypto.randomUUID();
  const act = undo ? { label: "Undo", go: undo } : open;
  notifications.show({
    id,
    autoClose: kind === "bad" ? 12_000 : 8000,
    withBorder: true,
    icon: <StatusIcon kind={kind} icon={icon} />,
    classNames: { root: "ns-toast", icon: "ns-toast-icon" },
    closeButtonProps: { "aria-label": "Dismiss" },
    message: (
      <span className="row">
        <span className="sp break">{message}</span>
        {act && (
          <Button
            size="xs"
            variant="subtle"
            onClick={() => {
              notifications.hide(id);
              act.go();
            }}
          >
            {act.label}
          </Button>
        )}
      </span>
    ),
  });
}

/** Short answers to an act. What can be turned round offers Undo for 8 s; what goes on elsewhere leads there. */
export const toast = {
  ok: (message: string, options?: ToastOptions) => show("ok", "tick", message, options),
  /** Something did not go well, though the request did: a test without an answer. */
  bad: (message: string) => show("bad", "cross", message),
  error: (error: unknown) => {
    const id = error instanceof ApiError && error.requestId ? ` Request ${error.requestId}.` : "";
    show("bad", "cross", errorText(error) + id);
  },
};

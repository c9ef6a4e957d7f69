import { useQueryClient } from "@tanstack/react-query";
import { count } from "../../components/bits.tsx";
import { ReasonDialog } from "../../components/dialogs.tsx";
import { toast } from "../../lib/toast.tsx";
import { setEnabled } from "./acts.ts";

export function DisableDialog({ names, onClose }: { names: string[]; onClose: () => void }) {
  const client = useQueryClient();
  const what = names.length === 1 ? (names[0] ?? "") : count(names.length, "device");
  return (
    <ReasonDialog
      opened
      title={`Disable ${what}?`}
      confirm={`Disable ${what}`}
      reason="required"
      onConfirm={async (reason) => {
        await setEnabled(names, false, reason);
        await client.invalidateQueries({ queryKey: ["devices"] });
        toast.ok(`${what} disabled.`, {
          undo: () =>
            void setEnabled(names, true, "").then(
              () => client.invalidateQueries({ queryKey: ["devices"] }),
              toast.error,
            ),
        });
      }}
      onClose={onClose}
    >
      <p className="t2">
        Changes leave a disabled device out, and nothing connects to it. Its configuration and its history stay as they
        are. The reason is shown wherever the device is.
      </p>
    </ReasonDialog>
  );
}

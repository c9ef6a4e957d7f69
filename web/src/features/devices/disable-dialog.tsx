import { NativeSelect } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { count } from "../../components/bits.tsx";
import { ReasonDialog } from "../../components/dialogs.tsx";
import { serverNow } from "../../lib/time.ts";
import { toast } from "../../lib/toast.tsx";
import { setEnabled } from "./acts.ts";

const HOUR = 3_600_000;
const UNTIL = [
  { value: "", label: "somebody enables it" },
  { value: String(HOUR), label: "an hour from now" },
  { value: String(8 * HOUR), label: "8 hours from now" },
  { value: String(24 * HOUR), label: "a day from now" },
  { value: String(7 * 24 * HOUR), label: "a week from now" },
];

export function DisableDialog({ names, onClose }: { names: string[]; onClose: () => void }) {
  const client = useQueryClient();
  const [until, setUntil] = useState("");
  const what = names.length === 1 ? (names[0] ?? "") : count(names.length, "device");
  return (
    <ReasonDialog
      opened
      title={`Disable ${what}?`}
      confirm={`Disable ${what}`}
      reason="required"
      onConfirm={async (reason) => {
        await setEnabled(
          names,
          false,
          reason,
          until === "" ? null : new Date(serverNow() + Number(until)).toISOString(),
        );
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
      <NativeSelect
        label="Until"
        data={UNTIL}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}

import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { testDevice, testSentence } from "./acts.ts";
import { KeyDialog } from "./key-dialog.tsx";

/** The one act that helps a device out of its trouble: accept the key it shows, or test it. */
export function QuickAct({ device }: { device: Device }) {
  const may = useCan();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const offered = device.offered_host_key;
  if (offered && may("host-keys:accept"))
    return (
      <>
        <button type="button" className="lk u" onClick={() => setAsking(true)}>
          Look at the key
        </button>
        {asking && <KeyDialog offered={[{ device: device.name, key: offered }]} onClose={() => setAsking(false)} />}
      </>
    );
  if (offered) return <>An approver or an admin accepts it.</>;
  if (!may("devices:test")) return null;
  return (
    <button
      type="button"
      className="lk u"
      disabled={busy}
      onClick={() => {
        setBusy(true);
        testDevice(device.name)
          .then(
            (test) => (test.reachable ? toast.ok(testSentence([test])) : toast.bad(testSentence([test]))),
            toast.error,
          )
          .finally(() => setBusy(false));
      }}
    >
      {busy ? "Testing…" : "Test now"}
    </button>
  );
}

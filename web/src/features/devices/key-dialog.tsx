import { useQueryClient } from "@tanstack/react-query";
import { CopyText, count } from "../../components/bits.tsx";
import { ReasonDialog } from "../../components/dialogs.tsx";
import { Note } from "../../components/states.tsx";
import { toast } from "../../lib/toast.tsx";
import { acceptKeys, testDevices, testSentence, type OfferedKey } from "./acts.ts";

/**
 * Shows what each device showed and takes one decision over all of them. Nothing was sent to them yet; afterwards they
 * are tested, which sends the credential for the first time.
 */
export function KeyDialog({ offered, onClose }: { offered: OfferedKey[]; onClose: () => void }) {
  const client = useQueryClient();
  const changed = offered.filter(({ key }) => key.status === "changed");
  const accept = async (reason: string): Promise<void> => {
    const { accepted, refused } = await acceptKeys(offered, reason);
    await client.invalidateQueries({ queryKey: ["devices"] });
    if (refused.length > 0) toast.bad(refused.map(({ device, message }) => `${device}: ${message}`).join(" "));
    if (accepted.length === 0) return;
    toast.ok(`${count(accepted.length, "host key")} accepted. Testing…`);
    testDevices(accepted).then((tests) => toast.ok(testSentence(tests)), toast.error);
  };
  return (
    <ReasonDialog
      opened
      title={
        offered.length === 1
          ? `Accept the host key of ${offered[0]?.device ?? ""}?`
          : `Accept ${offered.length} host keys?`
      }
      confirm={offered.length === 1 ? "Accept this key" : `Accept ${offered.length} keys`}
      danger={changed.length > 0}
      reason={changed.length > 0 ? "required" : "optional"}
      {...(changed.length > 0 ? { reasonLabel: "Why the key may have changed" } : {})}
      onConfirm={accept}
      onClose={onClose}
    >
      {changed.length > 0 && (
        <Note
          kind="bad"
          icon="warn"
          head={
            changed.length === 1
              ? "Another key than the one accepted."
              : `${changed.length} show another key than the one accepted.`
          }
        >
          No credential was sent. If the device was replaced or its keys were made anew, accept it; if not, find out who
          answers.
        </Note>
      )}
      <p className="t2">
        Compare each fingerprint with what the device itself says, on its console. Whoever holds this key will be given
        the credential.
      </p>
      <ul className="ns-keylist" tabIndex={0} aria-label="Host keys">
        {offered.map(({ device, key }) => (
          <li key={device}>
            <div className="row">
              <b className="ell">{device}</b>
              <span className="sm t3 end nowrap">
                {key.algorithm}
                {key.status === "changed" && <b className="k-bad k-text">, changed</b>}
              </span>
            </div>
            <CopyText text={key.fingerprint} label="fingerprint" />
          </li>
        ))}
      </ul>
    </ReasonDialog>
  );
}

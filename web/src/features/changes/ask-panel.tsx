import { Button, Textarea } from "@mantine/core";
import { IconPlayerPlay, IconUserCheck } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import { Kbd, count } from "../../components/bits.tsx";
import { Note } from "../../components/states.tsx";
import { ApiError } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";
import { askApproval, runInLab } from "./changes-api.ts";
import { isLabOnly, planned, shortHash } from "./plan-words.ts";

export type Asking = {
  reason: string;
  setReason: (reason: string) => void;
  lab: boolean;
  devices: number;
  busy: boolean;
  refusal: unknown;
  /** Why it cannot be asked for yet; null when it can. */
  missing: string | null;
  /** Why the plan itself does not allow it, whatever the reason says. */
  notReady: string | null;
  /** `somebody`: asks for another person's approval also where the lab's policy would do without. */
  ask: (reason?: string, somebody?: boolean) => Promise<void>;
};

/** Asking for what the plan says, or, on lab devices alone, running it. `notReady` is what else stands in the way. */
export function useAsk(
  change: Change | null,
  notReady: string | null,
  onStarted: (runId: string) => void,
  said = "",
): Asking {
  const [reason, setReason] = useState(said);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const devices = change ? planned(change.targets).length : 0;
  const lab = change !== null && isLabOnly(change);
  const blocked =
    notReady ??
    (change === null
      ? "no plan yet"
      : change.status === "planning"
        ? "the plan is being made"
        : devices === 0
          ? "nothing would be sent"
          : null);
  const missing = blocked ?? (reason.trim() === "" ? "a reason first" : null);
  const ask = async (given = reason, somebody = false): Promise<void> => {
    if (change === null || blocked !== null || given.trim() === "" || busy) return;
    setBusy(true);
    setRefusal(null);
    try {
      const started = await (lab && !somebody
        ? runInLab(change, given.trim())
        : askApproval(change.id, change.hash, given.trim()));
      onStarted(started.execution_id);
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return { reason, setReason, lab, devices, busy, refusal, missing, notReady: blocked, ask };
}

export const askWord = (asking: Pick<Asking, "lab" | "devices">): string =>
  asking.lab ? `Run it on ${count(asking.devices, "device")}` : "Ask for approval";

export function AskButton({
  asking,
  size = "sm",
  keys = true,
  fullWidth = false,
  onClick,
  className,
}: {
  asking: Asking;
  size?: "sm" | "md";
  keys?: boolean;
  fullWidth?: boolean;
  onClick?: () => void;
  className?: string;
}) {
  return (
    <Button
      variant="filled"
      size={size}
      fullWidth={fullWidth}
      className={className ?? ""}
      loading={asking.busy}
      disabled={onClick ? asking.notReady !== null : asking.missing !== null}
      leftSection={asking.lab ? <IconPlayerPlay /> : <IconUserCheck />}
      rightSection={
        keys && (
          <span className="row g4 only-d">
            <Kbd>Ctrl</Kbd>
            <Kbd>⇧</Kbd>
            <Kbd>↵</Kbd>
          </span>
        )
      }
      onClick={onClick ?? (() => void asking.ask())}
    >
      {askWord(asking)}
    </Button>
  );
}

export function Refusal({ error, head }: { error: unknown; head: string }) {
  if (error === null || error === undefined) return null;
  return (
    <Note kind="bad" icon="cross" head={head} alert>
      {errorText(error)}
      {error instanceof ApiError && error.requestId !== null && (
        <span className="t3 sm"> Request {error.requestId}.</span>
      )}
    </Note>
  );
}

/** The reason, which the approver reads first, and the button. */
export function AskPanel({
  asking,
  change,
  children,
}: {
  asking: Asking;
  change: Change | null;
  children?: ReactNode;
}) {
  return (
    <section className="ns-card cb stack" aria-label={asking.lab ? "Run" : "Ask for approval"}>
      <Textarea
        label={
          <>
            Why now?{" "}
            <span className="t3">{asking.lab ? "kept in the audit log" : "the approver reads this first"}</span>
          </>
        }
        autosize
        minRows={3}
        maxRows={10}
        maxLength={2000}
        value={asking.reason}
        onChange={(event) => asking.setReason(event.currentTarget.value)}
      />
      <Refusal error={asking.refusal} head="Not asked." />
      <div className="only-d">
        <AskButton asking={asking} fullWidth />
      </div>
      {asking.lab && (
        <Button
          variant="subtle"
          size="xs"
          disabled={asking.missing !== null}
          onClick={() => void asking.ask(undefined, true)}
        >
          Ask somebody else for approval instead
        </Button>
      )}
      <p className="xs t3">
        {asking.missing !== null && <>First: {asking.missing}. </>}
        {asking.lab ? "Lab devices only, so no other approver. " : "Your own change, so somebody else approves it. "}
        {change?.hash && (
          <>
            Plan <span className="ns-hash">{shortHash(change.hash)}</span> is asked for exactly; an edit or drift plans
            it again.
          </>
        )}
      </p>
      {children}
    </section>
  );
}

import { Button, Modal, Popover, TextInput, Textarea } from "@mantine/core";
import { useId, useState, type ReactNode } from "react";
import { ApiError } from "../lib/api.ts";
import { errorText } from "../lib/errors.ts";
import { Note } from "./states.tsx";

type Act = {
  title: string;
  /** What happens, to how many, and what stays. */
  children?: ReactNode;
  /** The button's word: what is done, not "OK". */
  confirm: string;
  danger?: boolean;
  /** `required`: cannot be left empty. `none`: not asked. */
  reason?: "required" | "optional" | "none";
  reasonLabel?: string;
  /** Must be typed letter by letter before something with a history goes. */
  typeName?: string;
  /** Resolves: the dialog closes. Throws: it stays, with the refusal. The reason is "" when none was given. */
  onConfirm: (reason: string) => Promise<unknown> | void;
  onClose: () => void;
};

function ActForm({
  children,
  confirm,
  danger = false,
  reason = "required",
  reasonLabel,
  typeName,
  onConfirm,
  onClose,
}: Omit<Act, "title">) {
  const [text, setText] = useState("");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const why =
    reason === "required" && text.trim() === ""
      ? "a reason first"
      : typeName !== undefined && typed !== typeName
        ? `type ${typeName} first`
        : null;
  const hint = useId();
  const submit = async (): Promise<void> => {
    if (why !== null || busy) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onConfirm(text.trim());
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      {reason !== "none" && (
        <Textarea
          label={reasonLabel ?? (reason === "required" ? "Reason" : "Reason, if there is one")}
          description="Kept in the audit log."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
          }}
        />
      )}
      {typeName !== undefined && (
        <TextInput
          label={`Type ${typeName} to confirm`}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          {...(reason === "none" ? { "data-autofocus": true } : {})}
        />
      )}
      {refusal !== null && (
        <Note kind="bad" icon="cross" head="Not done." alert>
          {errorText(refusal)}
          {refusal instanceof ApiError && refusal.requestId && (
            <span className="t3 sm"> Request {refusal.requestId}.</span>
          )}
        </Note>
      )}
      <div className="row g6 w">
        {why !== null && (
          <span id={hint} className="sm t3">
            {why}
          </span>
        )}
        <span className="row g6 end">
          <Button variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            {...(danger ? { color: "red" } : {})}
            loading={busy}
            disabled={why !== null}
            aria-describedby={why === null ? undefined : hint}
          >
            {confirm}
          </Button>
        </span>
      </div>
    </form>
  );
}

/** For what reaches devices or destroys: counts, a typed reason, a typed name where a history goes. */
export function ReasonDialog({ opened, title, ...act }: Act & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={act.onClose} title={title} size={460}>
      <ActForm {...act} />
    </Modal>
  );
}

/** A question without a reason. */
export function ConfirmDialog(props: Omit<Act, "reason"> & { opened: boolean }) {
  return <ReasonDialog {...props} reason="none" />;
}

/** For what stops something (cancel, skip, retry): at the button, with what stays applied and a reason. */
export function ReasonPopover({ opened, target, title, ...act }: Act & { opened: boolean; target: ReactNode }) {
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && act.onClose()}
      width={340}
      position="bottom-end"
      trapFocus
      withinPortal
      returnFocus
      shadow="md"
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown>
        <div className="stack">
          <b>{title}</b>
          <ActForm {...act} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

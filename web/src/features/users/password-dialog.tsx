import { Button, Modal, PasswordInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import type { User } from "../../../../domain/contract/user.ts";
import { Note } from "../../components/states.tsx";
import { api, seg } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";
import { toast } from "../../lib/toast.tsx";

/** An admin sets another's password. */
export function PasswordDialog({
  user,
  onClose,
  onDone,
}: {
  user: User;
  onClose: () => void;
  onDone: () => Promise<void>;
}) {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await api.put(`/users/${seg(user.username)}/password`, { new_password: password });
      await onDone();
      toast.ok(`The password of ${user.username} was set.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Set a password for ${user.username}`} size={420}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not set." alert>
            {errorText(refusal)}
          </Note>
        )}
        <PasswordInput
          label="New password"
          description="At least 10 characters. Their sessions end."
          data-autofocus
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" variant="filled" loading={busy} disabled={password.length < 10}>
            Set it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

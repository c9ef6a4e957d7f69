import { Button, Checkbox, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import type { Role, User } from "../../../../domain/contract/user.ts";
import { Note } from "../../components/states.tsx";
import { api, seg } from "../../lib/api.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { toast } from "../../lib/toast.tsx";

/** Each role in a sentence; whoever needs two things holds two roles. */
const ROLES: Record<Role, string> = {
  viewer: "sees everything but the audit log, changes nothing",
  operator: "keeps devices, plans changes, runs and steers them",
  approver: "decides on changes of others, accepts host keys, reads the audit log",
  admin: "all of this, and users and credentials",
};
const isRole = (text: string): text is Role => text in ROLES;

type UserDialogProps = { user?: User; onClose: () => void; onDone: () => Promise<void> };

export function UserDialog({ user, onClose, onDone }: UserDialogProps) {
  const [username, setUsername] = useState(user?.username ?? "");
  const [displayName, setDisplayName] = useState(user?.display_name ?? "");
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState<Role[]>(user?.roles ?? ["viewer"]);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const errors = fieldErrors(refusal);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      if (user) await api.put(`/users/${seg(user.username)}`, { display_name: displayName, roles });
      else await api.post("/users", { username: username.trim(), display_name: displayName, password, roles });
      await onDone();
      toast.ok(user ? `${user.username} saved.` : `${username.trim()} added.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={user ? `Edit ${user.username}` : "Add user"} size={460}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        {!user && (
          <TextInput
            label="Name"
            required
            data-autofocus
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            error={errors["username"]}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Shown name"
          autoComplete="off"
          value={displayName}
          error={errors["display_name"]}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
          {...(user ? { "data-autofocus": true } : {})}
        />
        {!user && (
          <PasswordInput
            label="First password"
            description="At least 10 characters. They choose their own at the first sign-in."
            required
            autoComplete="new-password"
            value={password}
            error={errors["password"]}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          />
        )}
        <Checkbox.Group
          label="Roles"
          value={roles}
          error={errors["roles"]}
          onChange={(values) => setRoles(values.filter(isRole))}
        >
          <div className="ns-roles">
            {Object.entries(ROLES).map(([role, what]) => (
              <Checkbox key={role} value={role} label={role} description={what} />
            ))}
          </div>
        </Checkbox.Group>
        {roles.includes("operator") && roles.includes("approver") && (
          <p className="sm t3">Holding both roles does not let anyone decide on their own change.</p>
        )}
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={roles.length === 0 || (!user && (username.trim() === "" || password.length < 10))}
          >
            {user ? "Save" : "Add user"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTitle } from "../../components/page.tsx";
import { Note } from "../../components/states.tsx";
import { Go } from "../../components/go.tsx";
import { api, seg } from "../../lib/api.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { useMe } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { afterSignIn, safeTarget } from "./after-sign-in.ts";

const SHORTEST = 10;

/** One's own password: forced at the first sign-in, or by choice. */
export function PasswordPage() {
  useTitle("Password");
  const { user } = useMe();
  const client = useQueryClient();
  const go = useGo();
  const [search] = useUrlState();
  const [forced] = useState(user.must_change_password);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const target = safeTarget(search["to"]);
  const errors = fieldErrors(refusal);
  const missing = Math.max(0, SHORTEST - next.length);
  const wrongAgain = again !== "" && again !== next;

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await api.put(`/users/${seg(user.username)}/password`, { current_password: current, new_password: next });
      const to = await afterSignIn(client, target);
      toast.ok("Your password was changed.");
      go(to, { replace: true });
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const toggle = (what: string) => ({ "aria-label": `Show the ${what}`, tabIndex: 0 });
  return (
    <AuthFrame
      title={forced ? "Choose a password" : "Change your password"}
      lead={
        forced
          ? "The one you signed in with was only for the first sign-in."
          : `For ${user.username}. Your other sessions end.`
      }
    >
      {refusal !== null && (
        <Note kind="bad" icon="cross" head="Not changed." alert>
          {errorText(refusal)}
        </Note>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          name="username"
          autoComplete="username"
          value={user.username}
          readOnly
          hidden
          aria-hidden="true"
          tabIndex={-1}
          styles={{ root: { display: "none" } }}
        />
        <PasswordInput
          size="md"
          label="Password now"
          autoComplete="current-password"
          autoFocus
          value={current}
          error={errors["current_password"]}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle("password now")}
        />
        <PasswordInput
          size="md"
          label="New password"
          description={
            missing > 0 && next !== "" ? `${missing} more` : `At least ${SHORTEST} characters. A sentence is fine.`
          }
          autoComplete="new-password"
          value={next}
          error={errors["new_password"]}
          onChange={(event) => setNext(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle("new password")}
        />
        <PasswordInput
          size="md"
          label="New password again"
          autoComplete="new-password"
          value={again}
          error={wrongAgain ? "is not the same yet" : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle("new password again")}
        />
        <Button
          type="submit"
          size="lg"
          variant="filled"
          loading={busy}
          disabled={current === "" || missing > 0 || again !== next}
        >
          {forced ? "Set it and go on" : "Change it"}
        </Button>
        {!forced && (
          <Button component={Go} href={target} size="md" variant="subtle">
            Back
          </Button>
        )}
      </form>
    </AuthFrame>
  );
}

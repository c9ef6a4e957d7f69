import { Button, Checkbox, PasswordInput, TextInput } from "@mantine/core";
import { IconArrowRight, IconChevronDown } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type SubmitEvent } from "react";
import { useTitle } from "../../components/page.tsx";
import { Note } from "../../components/states.tsx";
import { ApiError, api } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";
import { useNow } from "../../lib/time.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { AuthFrame } from "./auth-frame.tsx";
import { afterSignIn, pageWord, safeTarget } from "./after-sign-in.ts";
import { lastName, rememberName } from "./last-name.ts";

/** Never says which half was wrong; names the page one returns to. */
export function LoginPage() {
  useTitle("Sign in");
  const client = useQueryClient();
  const go = useGo();
  const [search] = useUrlState();
  const known = lastName();
  const [username, setUsername] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [waitUntil, setWaitUntil] = useState(0);
  const secret = useRef<HTMLInputElement>(null);
  const left = Math.ceil((waitUntil - useNow()) / 1000);
  const target = safeTarget(search["to"]);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy || left > 0) return;
    setBusy(true);
    try {
      await api.post("/auth/login", { username: username.trim(), password, remember_me: remember });
      rememberName(username.trim());
      client.clear();
      go(await afterSignIn(client, target), { replace: true });
    } catch (error) {
      setRefusal(error);
      setPassword("");
      secret.current?.focus();
      if (error instanceof ApiError && error.retryAfter !== null) setWaitUntil(Date.now() + error.retryAfter * 1000);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AuthFrame
      title="Sign in"
      lead={search["out"] === "1" ? "You were signed out." : "With your account of this installation."}
    >
      {target !== "/" && (
        <div className="ns-fm-next">
          <IconArrowRight aria-hidden="true" />
          <span className="ell">
            After this: <b>{pageWord(target)}</b>
          </span>
        </div>
      )}
      {refusal !== null && <Refusal error={refusal} />}
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          size="md"
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={known === null}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          ref={secret}
          size="md"
          label="Password"
          name="password"
          autoComplete="current-password"
          autoFocus={known !== null}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show the password", tabIndex: 0 }}
        />
        <Checkbox
          label="Stay signed in on this device for 30 days"
          checked={remember}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
        <Button
          type="submit"
          size="lg"
          variant="filled"
          loading={busy}
          disabled={left > 0 || username.trim() === "" || password === ""}
        >
          {left > 0 ? `Sign in, again in ${left} s` : "Sign in"}
        </Button>
      </form>
      <details className="ns-first" open={known === null}>
        <summary>
          <b>First start, or nobody can get in?</b>
          <IconChevronDown className="i14" aria-hidden="true" />
        </summary>
        <p>
          The name is <b>admin</b>. Its password was printed once, in the terminal where NetStacks first started, unless{" "}
          <code>NETSTACKS_ADMIN_PASSWORD</code> set it. A printed one is changed at the first sign-in.
        </p>
      </details>
    </AuthFrame>
  );
}

function Refusal({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.status === 401)
    return (
      <Note kind="bad" icon="cross" head="That did not work." alert>
        Name and password do not belong together, or the account may not sign in.
      </Note>
    );
  return (
    <Note
      kind="bad"
      icon="cross"
      head={error instanceof ApiError && error.status === 429 ? "Too many tries." : "Not signed in."}
      alert
    >
      {errorText(error)}
    </Note>
  );
}

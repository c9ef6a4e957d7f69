import { Button, Modal, NativeSelect, PasswordInput, TextInput, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { API_AUTHS, type ApiAuth, type ApiResource } from "../../../../domain/contract/api-resource.ts";
import { Note } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { api, seg } from "../../lib/api.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { toast } from "../../lib/toast.tsx";
import { AUTH_WORDS } from "./auth-words.ts";
import "../devices/devices.css";

/** `X-Org: 9`, one on each line. */
const headersText = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const colon = line.indexOf(":");
        return colon === -1 ? [line.trim(), ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
      }),
  );

/** Adds an external API, or changes it: a secret that is left empty stays. */
export function ApiDialog({ resource, onClose }: { resource?: ApiResource; onClose: () => void }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState({
    name: resource?.name ?? "",
    base_url: resource?.base_url ?? "",
    auth: resource?.auth ?? ("none" as ApiAuth),
    key_name: resource?.key_name ?? "",
    key_in: resource?.key_in ?? ("header" as const),
    username: resource?.username ?? "",
    headers: headersText(resource?.headers ?? {}),
    description: resource?.description ?? "",
    secret: "",
  });
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const errors = fieldErrors(refusal);
  const set = (patch: Partial<typeof draft>): void => setDraft((now) => ({ ...now, ...patch }));
  const { auth } = draft;
  const keeps = resource?.has_secret === true && auth === resource.auth && draft.base_url === resource.base_url;

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    const secret = draft.secret === "" ? {} : secretOf(auth, draft.secret);
    const fields = {
      name: draft.name.trim(),
      base_url: draft.base_url.trim(),
      auth,
      key_name: auth === "api_key" ? draft.key_name.trim() : null,
      key_in: auth === "api_key" ? draft.key_in : null,
      username: auth === "basic" ? draft.username : null,
      headers: headersOf(draft.headers),
      description: draft.description,
      ...secret,
    };
    try {
      await (resource
        ? api.put(`/settings/api-resources/${seg(resource.id)}`, fields)
        : api.post("/settings/api-resources", fields));
      await client.invalidateQueries({ queryKey: keys.apiResources });
      toast.ok(`${fields.name} saved. Test it to see whether it answers.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  const text = (field: "name" | "base_url" | "key_name" | "username" | "description", label: string) => ({
    label,
    value: draft[field],
    error: errors[field],
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => set({ [field]: event.currentTarget.value }),
  });
  const secretInput = {
    value: draft.secret,
    placeholder: keeps ? "set; empty keeps it" : "",
    error: errors["token"] ?? errors["password"] ?? errors["secret_headers"],
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={resource ? `Rotate or edit ${resource.name}` : "Add external API"}
      size={520}
    >
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        {resource?.secrets_set_at && (
          <p className="sm t3">
            Secret set <When at={resource.secrets_set_at} precise />. Another address or another authentication forgets
            it.
          </p>
        )}
        <TextInput {...text("name", "Name")} required data-autofocus />
        <TextInput
          {...text("base_url", "Base URL")}
          required
          placeholder="https://netbox.example.net/api"
          classNames={{ input: "mono" }}
        />
        <NativeSelect
          label="Authentication"
          data={API_AUTHS.map((value) => ({ value, label: AUTH_WORDS[value] }))}
          value={auth}
          onChange={(event) =>
            set({ auth: API_AUTHS.find((a) => a === event.currentTarget.value) ?? "none", secret: "" })
          }
        />
        {auth === "api_key" && (
          <div className="ns-form2">
            <NativeSelect
              label="Where"
              data={[
                { value: "header", label: "In a header" },
                { value: "query", label: "In the query" },
              ]}
              value={draft.key_in}
              onChange={(event) => set({ key_in: event.currentTarget.value === "query" ? "query" : "header" })}
            />
            <TextInput
              {...text("key_name", "Called")}
              required
              placeholder={draft.key_in === "query" ? "api_key" : "X-Api-Key"}
            />
          </div>
        )}
        {auth === "basic" && <TextInput {...text("username", "User name")} required />}
        {auth === "custom" ? (
          <Textarea
            {...secretInput}
            label="Secret headers"
            description="One on each line: X-Auth: value. All of them are replaced."
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: "mono" }}
            onChange={(event) => set({ secret: event.currentTarget.value })}
          />
        ) : (
          auth !== "none" && (
            <PasswordInput
              {...secretInput}
              label={auth === "basic" ? "Password" : auth === "bearer" ? "Token" : "Key"}
              autoComplete="new-password"
              onChange={(event) => set({ secret: event.currentTarget.value })}
              visibilityToggleButtonProps={{ "aria-label": "Show the secret" }}
            />
          )
        )}
        <Textarea
          label="Headers that are no secret"
          description="One on each line: Accept-Language: en"
          autosize
          minRows={1}
          maxRows={6}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: "mono" }}
          value={draft.headers}
          error={errors["headers"]}
          onChange={(event) => set({ headers: event.currentTarget.value })}
        />
        <TextInput {...text("description", "Description")} />
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={draft.name.trim() === "" || draft.base_url.trim() === ""}
          >
            {resource ? "Save" : "Add API"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const secretOf = (auth: ApiAuth, secret: string): object =>
  auth === "basic"
    ? { password: secret }
    : auth === "custom"
      ? { secret_headers: headersOf(secret) }
      : { token: secret };

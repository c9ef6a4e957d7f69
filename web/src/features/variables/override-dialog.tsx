import { Button, Checkbox, Modal, NativeSelect, NumberInput, PasswordInput, TextInput, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { PLATFORM_IDS, type Device } from "../../../../domain/contract/device.ts";
import type { DeviceOverride, OverridePatch } from "../../../../domain/contract/override.ts";
import { platformWord } from "../../components/bits.tsx";
import { Note } from "../../components/states.tsx";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { credentialsQuery } from "../devices/queries.ts";
import { putOverride } from "./variables-api.ts";

const PHASES = ["connect", "auth", "idle", "total"] as const;
const PHASE_WORDS: Record<(typeof PHASES)[number], string> = {
  connect: "Connect",
  auth: "Log in",
  idle: "Silence",
  total: "One command",
};
type Draft = {
  host: string;
  port: number | string;
  device_type: string;
  username: string;
  credential_id: string;
  password: string;
  enable_password: string;
  forget: boolean;
  timeouts: Record<(typeof PHASES)[number], number | string>;
  notes: string;
};

const draftOf = (o: DeviceOverride): Draft => ({
  host: o.host ?? "",
  port: o.port ?? "",
  device_type: o.device_type ?? "",
  username: o.username ?? "",
  credential_id: o.credential_id ?? "",
  password: "",
  enable_password: "",
  forget: false,
  timeouts: {
    connect: o.timeouts.connect ?? "",
    auth: o.timeouts.auth ?? "",
    idle: o.timeouts.idle ?? "",
    total: o.timeouts.total ?? "",
  },
  notes: o.notes,
});

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

function patchOf(draft: Draft, lab: boolean): OverridePatch {
  const secrets: OverridePatch = draft.forget
    ? { password: null, enable_password: null, private_key: null, passphrase: null }
    : {
        ...(draft.password === "" ? {} : { password: draft.password }),
        ...(draft.enable_password === "" ? {} : { enable_password: draft.enable_password }),
      };
  const where: OverridePatch = {
    host: orNull(draft.host),
    port: draft.port === "" ? null : Number(draft.port),
    device_type: PLATFORM_IDS.find((id) => id === draft.device_type) ?? null,
  };
  return {
    ...(lab ? {} : where),
    username: orNull(draft.username),
    credential_id: orNull(draft.credential_id),
    ...secrets,
    timeouts: Object.fromEntries(
      PHASES.flatMap((phase) => (draft.timeouts[phase] === "" ? [] : [[phase, Number(draft.timeouts[phase])]])),
    ),
    notes: draft.notes,
  };
}

/** What is left empty is the device's own, which stands there as the placeholder. */
export function OverrideDialog({
  device,
  override,
  onClose,
}: {
  device: Device;
  override: DeviceOverride;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const may = useCan();
  const credentials = useQuery({ ...credentialsQuery, enabled: may("credentials:read") }).data?.credentials ?? [];
  const [draft, setDraft] = useState(() => draftOf(override));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const errors = fieldErrors(refusal);
  const { own } = override;
  const set = (patch: Partial<Draft>): void => setDraft((now) => ({ ...now, ...patch }));
  const hasSecret = override.has_password || override.has_enable_password || override.has_private_key;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await putOverride(device.name, patchOf(draft, device.is_lab));
      await client.invalidateQueries({ queryKey: ["devices"] });
      toast.ok(`The override of ${device.name} is saved. What is planned for it now may not be valid any more.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Override ${device.name}`} size={560}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        <p className="sm t3">
          Holds for everything that reaches the device, until it is emptied. Approvals of changes that were planned for
          another address or type become void.
        </p>
        {device.is_lab ? (
          <p className="sm t3">It is a virtual router of the lab: its address and type are fixed.</p>
        ) : (
          <div className="ns-form2">
            <TextInput
              label="Address"
              placeholder={own.host}
              autoComplete="off"
              spellCheck={false}
              value={draft.host}
              error={errors["host"]}
              onChange={(event) => set({ host: event.currentTarget.value })}
            />
            <NumberInput
              label="Port"
              placeholder={String(own.port)}
              hideControls
              value={draft.port}
              error={errors["port"]}
              onChange={(port) => set({ port })}
            />
            <NativeSelect
              label="Type"
              value={draft.device_type}
              error={errors["device_type"]}
              data={[
                { value: "", label: `Its own: ${platformWord(own.device_type)}` },
                ...PLATFORM_IDS.map((id) => ({ value: id, label: platformWord(id) })),
              ]}
              onChange={(event) => set({ device_type: event.currentTarget.value })}
            />
          </div>
        )}
        <div className="ns-form2">
          {may("credentials:read") && (
            <NativeSelect
              label="Credential"
              value={draft.credential_id}
              error={errors["credential_id"]}
              data={[
                { value: "", label: "Its own" },
                ...credentials.map((credential) => ({ value: credential.id, label: credential.name })),
              ]}
              onChange={(event) => set({ credential_id: event.currentTarget.value })}
            />
          )}
          <TextInput
            label="User name"
            placeholder={own.username ?? "that of the credential"}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={draft.username}
            error={errors["username"]}
            onChange={(event) => set({ username: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            placeholder={override.has_password ? "set; empty keeps it" : ""}
            disabled={draft.forget}
            autoComplete="new-password"
            value={draft.password}
            error={errors["password"]}
            onChange={(event) => set({ password: event.currentTarget.value })}
            visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          />
          <PasswordInput
            label="Enable password"
            placeholder={override.has_enable_password ? "set; empty keeps it" : ""}
            disabled={draft.forget}
            autoComplete="new-password"
            value={draft.enable_password}
            error={errors["enable_password"]}
            onChange={(event) => set({ enable_password: event.currentTarget.value })}
            visibilityToggleButtonProps={{ "aria-label": "Show the enable password" }}
          />
        </div>
        {hasSecret && (
          <Checkbox
            label="Remove the override’s secrets"
            checked={draft.forget}
            onChange={(event) => set({ forget: event.currentTarget.checked })}
          />
        )}
        <fieldset className="ns-form4">
          <legend>Timeouts in seconds, empty for the device’s own</legend>
          {PHASES.map((phase) => (
            <NumberInput
              key={phase}
              label={PHASE_WORDS[phase]}
              hideControls
              min={1}
              placeholder={own.timeouts[phase] === undefined ? "" : String(own.timeouts[phase])}
              value={draft.timeouts[phase]}
              error={errors["timeouts"]}
              onChange={(value) => set({ timeouts: { ...draft.timeouts, [phase]: value } })}
            />
          ))}
        </fieldset>
        <Textarea
          label="Notes"
          description="Why, and until when."
          autosize
          minRows={1}
          maxRows={6}
          value={draft.notes}
          error={errors["notes"]}
          onChange={(event) => set({ notes: event.currentTarget.value })}
        />
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" variant="filled" loading={busy}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}

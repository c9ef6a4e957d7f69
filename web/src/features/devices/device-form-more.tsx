import { Checkbox, MultiSelect, NumberInput, PasswordInput, TextInput, Textarea } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Device, Timeouts, WeakAlgorithm } from "../../../../domain/contract/device.ts";
import { Note } from "../../components/states.tsx";
import type { DeviceDraft, SecretField } from "./device-draft.ts";

type PartProps = { draft: DeviceDraft; set: (patch: Partial<DeviceDraft>) => void; errors: Record<string, string> };

/** Opens by itself when it holds something, or when something in it was refused. */
function Fold({ title, note, open, children }: { title: string; note: string; open: boolean; children: ReactNode }) {
  return (
    <details className="ns-fold" open={open}>
      <summary>
        <b>{title}</b>
        <span className="t3 sm">{note}</span>
        <IconChevronDown className="i14" aria-hidden="true" />
      </summary>
      <div className="ns-form2">{children}</div>
    </details>
  );
}

const refused = (errors: Record<string, string>, ...fields: string[]): boolean =>
  fields.some((field) => errors[field] !== undefined);

/** A login of the device's own goes before its credential. Write-only: what is set is never shown. */
export function DeviceFormSecrets({ draft, set, errors, device }: PartProps & { device: Device | undefined }) {
  const has = {
    password: device?.has_password ?? false,
    enable_password: device?.has_enable_password ?? false,
    private_key: device?.has_private_key ?? false,
    passphrase: false,
  };
  const field = (name: SecretField, label: string, tall = false) => {
    const value = draft.secrets[name];
    const props = {
      label,
      value: value ?? "",
      error: errors[name],
      disabled: value === null,
      placeholder: value === null ? "is removed when you save" : has[name] ? "set; empty keeps it" : "",
      autoComplete: "off",
    };
    const change = (next: string): void => set({ secrets: { ...draft.secrets, [name]: next } });
    return (
      <div className={tall ? "all" : undefined}>
        {tall ? (
          <Textarea
            {...props}
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            classNames={{ input: "mono" }}
            onChange={(event) => change(event.currentTarget.value)}
          />
        ) : (
          <PasswordInput
            {...props}
            autoComplete="new-password"
            onChange={(event) => change(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": `Show ${label.toLowerCase()}` }}
          />
        )}
        {has[name] && (
          <Checkbox
            mt={6}
            label={`Remove the ${label.toLowerCase()}`}
            checked={value === null}
            onChange={(event) =>
              set({ secrets: { ...draft.secrets, [name]: event.currentTarget.checked ? null : "" } })
            }
          />
        )}
      </div>
    );
  };
  return (
    <Fold
      title="Own login"
      note="instead of a credential"
      open={
        draft.username !== "" ||
        Object.values(has).includes(true) ||
        refused(errors, "username", "password", "enable_password", "private_key", "passphrase")
      }
    >
      <TextInput
        label="User name"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={draft.username}
        error={errors["username"]}
        onChange={(event) => set({ username: event.currentTarget.value })}
      />
      {field("password", "Password")}
      {field("enable_password", "Enable password")}
      {field("passphrase", "Passphrase of the key")}
      {field("private_key", "Private key", true)}
    </Fold>
  );
}

/** Every name of the contract, so that a new one cannot be forgotten here. */
const WEAK: Record<WeakAlgorithm, true> = {
  "ssh-rsa": true,
  "ssh-dss": true,
  "diffie-hellman-group14-sha1": true,
  "diffie-hellman-group1-sha1": true,
  "diffie-hellman-group-exchange-sha1": true,
  "aes128-cbc": true,
  "aes256-cbc": true,
  "3des-cbc": true,
  "hmac-sha1": true,
  "hmac-md5": true,
};
const isWeak = (name: string): name is WeakAlgorithm => name in WEAK;
const PHASES: [keyof Timeouts, string][] = [
  ["connect", "Connect"],
  ["auth", "Log in"],
  ["idle", "Silence"],
  ["total", "One command"],
];

export function DeviceFormMore({ draft, set, errors }: PartProps) {
  const timeouts = Object.values(draft.timeouts).some((value) => value !== "");
  return (
    <Fold
      title="Connection"
      note="jump device, weak algorithms, timeouts"
      open={
        draft.jump_device !== "" ||
        draft.weak_algorithms.length > 0 ||
        timeouts ||
        refused(errors, "jump_device", "weak_algorithms", "timeouts")
      }
    >
      <TextInput
        label="Jump device"
        description="Connects through this device."
        autoComplete="off"
        spellCheck={false}
        value={draft.jump_device}
        error={errors["jump_device"]}
        onChange={(event) => set({ jump_device: event.currentTarget.value })}
      />
      <MultiSelect
        label="Weak algorithms"
        description="Off unless named here."
        data={Object.keys(WEAK)}
        value={draft.weak_algorithms}
        error={errors["weak_algorithms"]}
        onChange={(names) => set({ weak_algorithms: names.filter(isWeak) })}
      />
      {draft.weak_algorithms.length > 0 && (
        <div className="all">
          <Note kind="wait" icon="warn" head="Weak.">
            Who can reach the path to this device may read or change what is sent. This stays visible on its page and in
            the audit log.
          </Note>
        </div>
      )}
      <fieldset className="ns-form4 all">
        <legend>Timeouts in seconds, empty for the default</legend>
        {PHASES.map(([phase, label]) => (
          <NumberInput
            key={phase}
            label={label}
            hideControls
            min={1}
            value={draft.timeouts[phase]}
            error={errors[`timeouts.${phase}`]}
            onChange={(value) => set({ timeouts: { ...draft.timeouts, [phase]: value } })}
          />
        ))}
      </fieldset>
    </Fold>
  );
}

import { Autocomplete, Button, Modal, NumberInput, Select, TagsInput, TextInput, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import type { Device, PlatformId } from "../../../../domain/contract/device.ts";
import { Note } from "../../components/states.tsx";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { createDevice, patchDevice } from "./acts.ts";
import { draftOf, newDeviceOf, patchOf, type DeviceDraft } from "./device-draft.ts";
import { DeviceFormMore, DeviceFormSecrets } from "./device-form-more.tsx";
import { credentialsQuery, facetsQuery } from "./queries.ts";

/** The types there are, typed against the contract; the words are those that people use. */
const PLATFORMS: Record<PlatformId, string> = {
  cisco_ios: "Cisco IOS",
  cisco_xe: "Cisco IOS XE",
  cisco_xr: "Cisco IOS XR",
  cisco_nxos: "Cisco NX-OS",
  cisco_asa: "Cisco ASA (read only)",
  arista_eos: "Arista EOS",
  juniper_junos: "Juniper Junos",
  nokia_sros: "Nokia SR OS (read only)",
  huawei_vrp: "Huawei VRP",
  hp_comware: "HPE Comware, H3C",
  fortinet: "Fortinet FortiOS (read only)",
  mikrotik_routeros: "MikroTik RouterOS (read only)",
  vyos: "VyOS (read only)",
  frr: "FRRouting (vtysh)",
  linux: "Linux",
  aruba_aoscx: "Aruba AOS-CX (read only)",
};

type DeviceFormProps = { device?: Device; onClose: () => void; onDone: (device: Device) => void };

/** Adds a device, or edits one. The API checks every field and names the wrong ones. */
export default function DeviceForm({ device, onClose, onDone }: DeviceFormProps) {
  const may = useCan();
  const client = useQueryClient();
  const [draft, setDraft] = useState<DeviceDraft>(() => draftOf(device));
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const facets = useQuery(facetsQuery).data;
  const credentials = useQuery({ ...credentialsQuery, enabled: may("credentials:read") }).data?.credentials ?? [];
  const errors = fieldErrors(refusal);
  const set = (patch: Partial<DeviceDraft>): void => setDraft((now) => ({ ...now, ...patch }));
  const fallback = credentials.find((credential) => credential.is_default)?.name;

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fresh = newDeviceOf(draft);
    if (fresh === null) return;
    setBusy(true);
    setRefusal(null);
    try {
      const saved = device ? await patchDevice(device.name, patchOf(draft)) : await createDevice(fresh);
      await client.invalidateQueries({ queryKey: ["devices"] });
      toast.ok(device ? `${saved.name} saved.` : `${saved.name} added. Test it to see the host key it shows.`);
      onDone(saved);
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  const text = (field: "name" | "host" | "site") => ({
    value: draft[field],
    error: errors[field === "host" ? (errors["host"] ? "host" : "ip_address") : field],
  });
  return (
    <Modal opened onClose={onClose} title={device ? `Edit ${device.name}` : "Add device"} size={620}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        <div className="ns-form2">
          <TextInput
            label="Name"
            required
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            placeholder="ams-core-01"
            {...text("name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Select
            label="Type"
            required
            searchable
            value={draft.device_type}
            error={errors["device_type"]}
            data={Object.entries(PLATFORMS).map(([value, label]) => ({ value, label }))}
            onChange={(value) => set({ device_type: isPlatform(value) ? value : null })}
          />
          <TextInput
            label="Address"
            required
            autoComplete="off"
            spellCheck={false}
            placeholder="10.255.0.11 or a host name"
            {...text("host")}
            onChange={(event) => set({ host: event.currentTarget.value })}
          />
          <NumberInput
            label="Port"
            hideControls
            min={1}
            max={65535}
            value={draft.port}
            error={errors["port"]}
            onChange={(port) => set({ port })}
          />
          <Autocomplete
            label="Site"
            data={(facets?.sites ?? []).map((site) => site.value)}
            {...text("site")}
            onChange={(site) => set({ site })}
          />
          <TagsInput
            label="Tags"
            data={(facets?.tags ?? []).map((tag) => tag.value)}
            value={draft.tags}
            error={errors["tags"]}
            onChange={(tags) => set({ tags })}
            clearable={false}
          />
          {may("credentials:read") && (
            <Select
              className="all"
              label="Credential"
              clearable
              placeholder={fallback ? `${fallback} (the default)` : "none"}
              value={draft.credential_id}
              error={errors["credential_id"]}
              data={credentials.map((credential) => ({
                value: credential.id,
                label: `${credential.name}, as ${credential.username}`,
              }))}
              onChange={(credential_id) => set({ credential_id })}
            />
          )}
          <Textarea
            className="all"
            label="Description"
            autosize
            minRows={1}
            maxRows={6}
            value={draft.description}
            error={errors["description"]}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
        </div>
        <DeviceFormSecrets draft={draft} set={set} device={device} errors={errors} />
        <DeviceFormMore draft={draft} set={set} errors={errors} />
        <div className="row g6 ns-form-foot">
          <Button variant="subtle" onClick={onClose} className="end">
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={draft.name.trim() === "" || draft.host.trim() === "" || draft.device_type === null}
          >
            {device ? "Save" : "Add device"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const isPlatform = (value: string | null): value is PlatformId => value !== null && value in PLATFORMS;

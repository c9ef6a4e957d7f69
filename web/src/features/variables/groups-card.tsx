import { ActionIcon, Button, Menu, Modal, NumberInput, TagsInput, TextInput } from "@mantine/core";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import type { DeviceGroup } from "../../../../domain/contract/variables.ts";
import { count } from "../../components/bits.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { Empty, Loaded, Note } from "../../components/states.tsx";
import { api, seg } from "../../lib/api.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { devicesQuery } from "../devices/queries.ts";
import { groupsQuery } from "./variables-api.ts";

type Asking = { what: "edit"; group?: DeviceGroup } | { what: "delete"; group: DeviceGroup } | null;

/** Lists of devices that share variables across sites and tags. */
export function GroupsCard() {
  const may = useCan();
  const client = useQueryClient();
  const groups = useQuery(groupsQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const write = may("variables:write");
  const add = write && (
    <Button size="xs" leftSection={<IconPlus />} onClick={() => setAsking({ what: "edit" })}>
      Group
    </Button>
  );
  const menu = (group: DeviceGroup) =>
    write && (
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Acts on the group ${group.name}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking({ what: "edit", group })}>Edit…</Menu.Item>
          <Menu.Item onClick={() => setAsking({ what: "delete", group })}>Delete…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    );
  return (
    <Card title="Groups of devices" note="of two groups, the higher priority wins" actions={add}>
      <Loaded query={groups} what="The groups could not be read.">
        {(rows) => (
          <DataTable
            label="Groups of devices"
            quiet
            rows={rows}
            rowId={(group) => group.id}
            version={(group) => group.updated_at}
            name={{ head: "Name", text: (group) => group.name }}
            columns={[
              { id: "devices", head: "Devices", align: "right", cell: (group) => group.devices.length },
              { id: "variables", head: "Variables", align: "right", cell: (group) => group.variables },
              { id: "priority", head: "Priority", align: "right", cell: (group) => group.priority },
              {
                id: "acts",
                head: <span className="vh">Acts</span>,
                cell: (group) => <span className="ns-acts">{menu(group)}</span>,
              },
            ]}
            card={(group) => ({
              title: <span className="ell">{group.name}</span>,
              line: `${count(group.devices.length, "device")} · ${count(group.variables, "variable")} · priority ${group.priority}`,
              aside: menu(group),
            })}
            empty={
              <Empty icon={null} title="No groups" actions={add}>
                For devices that have something in common which neither their site nor a tag says.
              </Empty>
            }
          />
        )}
      </Loaded>
      {asking?.what === "edit" && <GroupDialog {...(asking.group ? { group: asking.group } : {})} onClose={close} />}
      {asking?.what === "delete" && (
        <ConfirmDialog
          opened
          title={`Delete the group ${asking.group.name}?`}
          confirm="Delete it"
          danger
          {...(asking.group.variables > 0 ? { typeName: asking.group.name } : {})}
          onConfirm={async () => {
            await api.delete(`/device-groups/${seg(asking.group.id)}`);
            await client.invalidateQueries({ queryKey: ["variables"] });
            toast.ok(`${asking.group.name} deleted.`);
          }}
          onClose={close}
        >
          <p className="t2">
            {count(asking.group.devices.length, "device")} stay as they are, without the group’s{" "}
            {count(asking.group.variables, "variable")}.
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function GroupDialog({ group, onClose }: { group?: DeviceGroup; onClose: () => void }) {
  const client = useQueryClient();
  const known = useQuery(devicesQuery({ limit: 500 })).data?.devices ?? [];
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const [priority, setPriority] = useState<number | string>(group?.priority ?? 0);
  const [devices, setDevices] = useState(group?.devices ?? []);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const errors = fieldErrors(refusal);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    const fields = { name: name.trim(), description, priority: Number(priority), devices };
    try {
      await (group ? api.put(`/device-groups/${seg(group.id)}`, fields) : api.post("/device-groups", fields));
      await client.invalidateQueries({ queryKey: ["variables"] });
      toast.ok(`${fields.name} saved.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={group ? `Edit ${group.name}` : "Add group"} size={480}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        <TextInput
          label="Name"
          required
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={errors["name"]}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TagsInput
          label="Devices"
          data={known.map((device) => device.name)}
          value={devices}
          error={errors["devices"]}
          onChange={setDevices}
        />
        <NumberInput
          label="Priority"
          description="Of two groups of a device, the higher one wins; of equal ones the first by name."
          value={priority}
          error={errors["priority"]}
          onChange={setPriority}
        />
        <TextInput
          label="Description"
          autoComplete="off"
          value={description}
          error={errors["description"]}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" variant="filled" loading={busy} disabled={name.trim() === ""}>
            {group ? "Save" : "Add group"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

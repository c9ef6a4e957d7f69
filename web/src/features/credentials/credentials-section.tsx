import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconKey, IconPlus } from "@tabler/icons-react";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Credential } from "../../../../domain/contract/device.ts";
import { Tag, count } from "../../components/bits.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { Countdown, When } from "../../components/times.tsx";
import { api, seg } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { useCan } from "../../lib/session.ts";
import { serverNow } from "../../lib/time.ts";
import { toast } from "../../lib/toast.tsx";
import { CredentialDialog } from "./credential-dialog.tsx";

const credentialsQuery = queryOptions({
  queryKey: keys.credentials.list,
  queryFn: ({ signal }) =>
    api.get<{ credentials: Credential[]; total: number }>("/credentials", { limit: 500 }, signal),
});

type Asking = { what: "add" } | { what: "edit" | "delete"; credential: Credential } | null;
const kindOf = (c: Credential): string =>
  [c.has_password && "password", c.has_private_key && "SSH key", c.has_enable_password && "enable"]
    .filter(Boolean)
    .join(", ") || "no secret";
const paused = (c: Credential): boolean => c.paused_until !== null && Date.parse(c.paused_until) > serverNow();

function State({ credential }: { credential: Credential }) {
  if (paused(credential) && credential.paused_until)
    return (
      <StatusText status="warning">
        Refused twice, paused <Countdown to={credential.paused_until} done="" />
      </StatusText>
    );
  if (!credential.has_password && !credential.has_private_key)
    return <StatusText status="warning">No secret set</StatusText>;
  return credential.devices === 0 ? (
    <StatusText status="unknown">Unused</StatusText>
  ) : (
    <StatusText status="ok">In use</StatusText>
  );
}

/** Write-only: nobody can read one back. */
export function CredentialsSection() {
  const client = useQueryClient();
  const may = useCan();
  const list = useQuery(credentialsQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ["credentials"] });
  const mayWrite = may("credentials:write");
  const makeDefault = async (credential: Credential): Promise<void> => {
    try {
      await api.post(`/credentials/${seg(credential.id)}/default`);
      await refresh();
      toast.ok(`${credential.name} is the default: devices without a login of their own use it.`);
    } catch (error) {
      toast.error(error);
    }
  };
  const menu = (credential: Credential) =>
    mayWrite && (
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Acts on ${credential.name}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking({ what: "edit", credential })}>Rotate or edit…</Menu.Item>
          <Menu.Item disabled={credential.is_default} onClick={() => void makeDefault(credential)}>
            Make it the default
          </Menu.Item>
          <Menu.Item disabled={credential.devices > 0} onClick={() => setAsking({ what: "delete", credential })}>
            Delete…{credential.devices > 0 && <span className="xs t3"> in use</span>}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    );
  const add = mayWrite && (
    <Button size="xs" leftSection={<IconPlus />} onClick={() => setAsking({ what: "add" })}>
      Credential
    </Button>
  );
  return (
    <Card title="Credentials" note="write-only, nobody can read one back" actions={add}>
      <Loaded query={list} what="The credentials could not be read.">
        {({ credentials }) => (
          <DataTable
            label="Credentials"
            rows={credentials}
            rowId={(credential) => credential.id}
            version={(credential) => credential.updated_at}
            name={{
              head: "Name",
              text: (credential) => credential.name,
              beside: (credential) => credential.is_default && <Tag>default</Tag>,
            }}
            columns={[
              { id: "as", head: "As", cell: (credential) => <span className="mono">{credential.username}</span> },
              { id: "kind", head: "Kind", cell: kindOf },
              {
                id: "set",
                head: "Set",
                align: "right",
                cell: (credential) => <When at={credential.secrets_set_at} precise />,
              },
              {
                id: "devices",
                head: "Used by",
                align: "right",
                cell: (credential) => count(credential.devices, "device"),
              },
              { id: "state", head: "State", cell: (credential) => <State credential={credential} /> },
              {
                id: "acts",
                head: <span className="vh">Acts</span>,
                cell: (credential) => <span className="ns-acts">{menu(credential)}</span>,
              },
            ]}
            card={(credential) => ({
              title: (
                <>
                  <span className="ell">{credential.name}</span>
                  {credential.is_default && <Tag>default</Tag>}
                </>
              ),
              line: `${kindOf(credential)} · ${count(credential.devices, "device")}`,
              aside: (
                <span className="row g4">
                  <State credential={credential} />
                  {menu(credential)}
                </span>
              ),
            })}
            empty={
              <Empty icon={<IconKey className="i28 t3" aria-hidden="true" />} title="No credentials yet" actions={add}>
                A user name with a password or a key, for the devices that name it. One of them can be the default.
              </Empty>
            }
          />
        )}
      </Loaded>
      {asking?.what === "add" && <CredentialDialog onClose={close} onDone={refresh} />}
      {asking?.what === "edit" && <CredentialDialog credential={asking.credential} onClose={close} onDone={refresh} />}
      {asking?.what === "delete" && (
        <ConfirmDialog
          opened
          title={`Delete ${asking.credential.name}?`}
          confirm="Delete it"
          danger
          typeName={asking.credential.name}
          onConfirm={async () => {
            await api.delete(`/credentials/${seg(asking.credential.id)}`);
            await refresh();
            toast.ok(`${asking.credential.name} deleted.`);
          }}
          onClose={close}
        >
          <p className="t2">No device uses it. Its secrets are destroyed; nobody can bring them back.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

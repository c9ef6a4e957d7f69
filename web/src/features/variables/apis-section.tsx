import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiResource } from "../../../../domain/contract/api-resource.ts";
import { DataTable } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { api, seg } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { ApiDialog } from "./api-dialog.tsx";
import { ApiTestDialog } from "./api-test-dialog.tsx";
import { AUTH_WORDS } from "./auth-words.ts";
import { EgressCard } from "./egress-card.tsx";
import { apiResourcesQuery } from "./variables-api.ts";
import "./variables.css";

type Asking = { what: "add" } | { what: "edit" | "test" | "delete"; resource: ApiResource } | null;

function LastTest({ resource: { last_test: last } }: { resource: ApiResource }) {
  if (!last) return <StatusText status="unknown">Not tested</StatusText>;
  return (
    <span title={last.error?.message}>
      <StatusText status={last.ok ? "ok" : "failed"}>
        {last.ok ? `Answered ${last.status ?? ""}` : (last.error?.code ?? "failed")} <When at={last.at} />
      </StatusText>
    </span>
  );
}

/** Where variables may be fetched from when a plan is made. */
export function ApisSection() {
  const may = useCan();
  const client = useQueryClient();
  const list = useQuery(apiResourcesQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const write = may("settings:write");
  const add = write && (
    <Button size="xs" leftSection={<IconPlus />} onClick={() => setAsking({ what: "add" })}>
      API
    </Button>
  );
  const acts = (resource: ApiResource) =>
    write && (
      <>
        <Button size="xs" onClick={() => setAsking({ what: "test", resource })} aria-label={`Test ${resource.name}`}>
          Test…
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`Acts on ${resource.name}`}>
              <IconDots />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsking({ what: "edit", resource })}>Rotate or edit…</Menu.Item>
            <Menu.Item onClick={() => setAsking({ what: "delete", resource })}>Delete…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </>
    );
  return (
    <>
      <Card title="External APIs" note="variables are fetched from them when a plan is made" actions={add}>
        <Loaded query={list} what="The external APIs could not be read.">
          {(resources) => (
            <DataTable
              label="External APIs"
              rows={resources}
              rowId={(resource) => resource.id}
              version={(resource) => `${resource.updated_at} ${resource.last_test?.at ?? ""}`}
              name={{ head: "Name", text: (resource) => resource.name }}
              columns={[
                {
                  id: "url",
                  head: "Base URL",
                  cell: (resource) => (
                    <span className="mono ns-var-value" title={resource.base_url}>
                      {resource.base_url}
                    </span>
                  ),
                },
                { id: "auth", head: "Authentication", wide: true, cell: (resource) => AUTH_WORDS[resource.auth] },
                { id: "test", head: "Last test", cell: (resource) => <LastTest resource={resource} /> },
                {
                  id: "acts",
                  head: <span className="vh">Acts</span>,
                  cell: (resource) => <span className="ns-acts">{acts(resource)}</span>,
                },
              ]}
              card={(resource) => ({
                title: <span className="ell">{resource.name}</span>,
                line: (
                  <>
                    <span className="mono ns-var-value">{resource.base_url}</span> <LastTest resource={resource} />
                  </>
                ),
                aside: <span className="row g4">{acts(resource)}</span>,
              })}
              empty={
                <Empty
                  icon={<IconPlugConnected className="i28 t3" aria-hidden="true" />}
                  title="No external APIs"
                  actions={add}
                >
                  An inventory or an address management, such as NetBox. A stack names what it needs from it; the plan
                  keeps the value and where it is from.
                </Empty>
              }
            />
          )}
        </Loaded>
      </Card>
      <EgressCard />
      {asking?.what === "add" && <ApiDialog onClose={close} />}
      {asking?.what === "edit" && <ApiDialog resource={asking.resource} onClose={close} />}
      {asking?.what === "test" && <ApiTestDialog resource={asking.resource} onClose={close} />}
      {asking?.what === "delete" && (
        <ConfirmDialog
          opened
          title={`Delete ${asking.resource.name}?`}
          confirm="Delete it"
          danger
          typeName={asking.resource.name}
          onConfirm={async () => {
            await api.delete(`/settings/api-resources/${seg(asking.resource.id)}`);
            await client.invalidateQueries({ queryKey: keys.apiResources });
            toast.ok(`${asking.resource.name} deleted.`);
          }}
          onClose={close}
        >
          <p className="t2">
            Stacks that fetch variables from it cannot be planned any more. What was planned keeps its values. Its
            secrets are destroyed.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

import { ActionIcon, Button, Menu, NativeSelect, TextInput } from "@mantine/core";
import { IconDots, IconPlus, IconSearch, IconVariable } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment, useEffect, useState } from "react";
import { VARIABLE_SCOPES, type Variable } from "../../../../domain/contract/variables.ts";
import { KINDS_IN_ORDER, ORDER } from "../../../../domain/variables/order.ts";
import { DataTable } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { PAGE_SIZE, Pager } from "../../components/pager.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useUrlState } from "../../lib/url-state.ts";
import { facetsQuery } from "../devices/queries.ts";
import { GroupsCard } from "./groups-card.tsx";
import { OriginChip, originOf } from "./origin.tsx";
import { Value } from "./value.tsx";
import { VariableDialog, type Editing } from "./variable-dialog.tsx";
import { deleteVariable, groupsQuery, variablesQuery, type Place } from "./variables-api.ts";
import "./variables.css";

type Asking = { what: "set"; at?: Place; editing?: Editing } | { what: "remove"; variable: Variable } | null;
const placeOf = (variable: Variable): Place => ({ scope: variable.scope, owner: variable.owner });

/** Everything that is stored, by whose it is; and the groups that variables may belong to. */
export function VariablesSection() {
  const may = useCan();
  const client = useQueryClient();
  const [search, set] = useUrlState();
  const [asking, setAsking] = useState<Asking>(null);
  const offset = Number(search["offset"] ?? 0) || 0;
  const list = useQuery(
    variablesQuery({
      scope: search["scope"],
      owner: search["owner"],
      search: search["search"],
      limit: PAGE_SIZE,
      offset,
    }),
  );
  const facets = useQuery(facetsQuery).data;
  const groups = useQuery(groupsQuery).data ?? [];
  const write = may("variables:write");
  const close = (): void => setAsking(null);
  const places: Place[] = [
    { scope: "global", owner: "all" },
    ...(facets?.sites ?? []).map((site): Place => ({ scope: "site", owner: site.value })),
    ...(facets?.tags ?? []).map((tag): Place => ({ scope: "tag", owner: tag.value })),
    ...groups.map((group): Place => ({ scope: "group", owner: group.name })),
  ];
  const filtered = ["scope", "owner", "search"].some((key) => search[key] !== undefined);
  const add = write && (
    <Button size="xs" leftSection={<IconPlus />} onClick={() => setAsking({ what: "set" })}>
      Variable
    </Button>
  );
  const menu = (variable: Variable) =>
    write && (
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Acts on ${variable.name} of ${variable.owner}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking({ what: "set", at: placeOf(variable), editing: variable })}>
            Edit…
          </Menu.Item>
          <Menu.Item onClick={() => setAsking({ what: "remove", variable })}>Remove…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    );
  return (
    <>
      <Card title="Variables" note="what templates know of devices" actions={add}>
        <div className="cb stack">
          <p className="sm t2 ns-order">
            Which value wins:{" "}
            {KINDS_IN_ORDER.map((kind, i) => (
              <Fragment key={kind}>
                {i > 0 && <span aria-hidden="true">›</span>}
                <span className="ns-tag" title={ORDER[kind].what}>
                  {ORDER[kind].label}
                </span>
              </Fragment>
            ))}{" "}
            <span className="t3">A value replaces the other whole.</span>
          </p>
          <div className="row g6 w">
            <Search value={search["search"] ?? ""} onChange={(text) => set({ search: text, offset: undefined })} />
            <NativeSelect
              size="xs"
              aria-label="Of which level"
              value={search["scope"] ?? ""}
              data={[
                { value: "", label: "All levels" },
                ...VARIABLE_SCOPES.toReversed().map((scope) => ({ value: scope, label: ORDER[scope].label })),
              ]}
              onChange={(event) => set({ scope: event.currentTarget.value, owner: undefined, offset: undefined })}
            />
            {search["owner"] !== undefined && (
              <Button size="xs" variant="subtle" onClick={() => set({ owner: undefined, offset: undefined })}>
                <span className="ell">Only {search["owner"]}</span>&nbsp;×
              </Button>
            )}
          </div>
        </div>
        <Loaded query={list} what="The variables could not be read.">
          {({ variables, total }) => (
            <DataTable
              label="Variables"
              rows={variables}
              rowId={(variable) => variable.id}
              version={(variable) => variable.updated_at}
              name={{
                head: "Variable",
                text: (variable) => variable.name,
                shown: (variable) => (
                  <span className="mono ell" title={variable.description}>
                    {variable.name}
                  </span>
                ),
              }}
              columns={[
                {
                  id: "of",
                  head: "Of",
                  cell: (variable) => <OriginChip origin={originOf(variable.scope, variable.owner)} />,
                },
                {
                  id: "value",
                  head: "Value",
                  cell: (variable) => <Value value={variable.value} secret={variable.is_secret} />,
                },
                {
                  id: "set",
                  head: "Set",
                  align: "right",
                  wide: true,
                  cell: (variable) => (
                    <span className="t3">
                      {variable.updated_by} <When at={variable.updated_at} />
                    </span>
                  ),
                },
                {
                  id: "acts",
                  head: <span className="vh">Acts</span>,
                  cell: (variable) => <span className="ns-acts">{menu(variable)}</span>,
                },
              ]}
              card={(variable) => ({
                title: <span className="mono ell">{variable.name}</span>,
                line: (
                  <>
                    <Value value={variable.value} secret={variable.is_secret} />{" "}
                    <OriginChip origin={originOf(variable.scope, variable.owner)} />
                  </>
                ),
                aside: menu(variable),
              })}
              empty={
                filtered ? (
                  <Empty
                    icon={null}
                    title="None of them fits"
                    actions={
                      <Button
                        onClick={() =>
                          set({ scope: undefined, owner: undefined, search: undefined, offset: undefined })
                        }
                      >
                        Show all
                      </Button>
                    }
                  />
                ) : (
                  <Empty
                    icon={<IconVariable className="i28 t3" aria-hidden="true" />}
                    title="No variables yet"
                    actions={add}
                  >
                    Give a value once for all devices, a site, a tag or a group, and another where it differs. Those of
                    one device are on its own page.
                  </Empty>
                )
              }
              footer={<Pager total={total} offset={offset} onOffset={(next) => set({ offset: String(next) })} />}
            />
          )}
        </Loaded>
      </Card>
      <GroupsCard />
      {asking?.what === "set" && (
        <VariableDialog
          places={asking.at ? [asking.at] : places}
          at={asking.at}
          editing={asking.editing}
          onClose={close}
        />
      )}
      {asking?.what === "remove" && (
        <ConfirmDialog
          opened
          title={`Remove ${asking.variable.name}?`}
          confirm="Remove it"
          danger
          onConfirm={async () => {
            await deleteVariable(placeOf(asking.variable), asking.variable.name);
            await client.invalidateQueries({ queryKey: ["variables"] });
            toast.ok(`${asking.variable.name} removed.`);
          }}
          onClose={close}
        >
          <p className="t2">
            Devices that have it from here get the next weaker value, or none. Plans that stand keep what they were made
            with.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onChange(text), 250);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      size="xs"
      aria-label="Search variables"
      placeholder="Name, value, owner"
      leftSection={<IconSearch />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

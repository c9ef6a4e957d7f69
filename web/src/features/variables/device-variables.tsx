import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { IconDots, IconPlus, IconSearch, IconVariable } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Device } from "../../../../domain/contract/device.ts";
import type { EffectiveVariable, Origin, VariableScope } from "../../../../domain/contract/variables.ts";
import { VARIABLE_SCOPES } from "../../../../domain/contract/variables.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { OriginChip } from "./origin.tsx";
import { Value } from "./value.tsx";
import { VariableDialog, type Editing } from "./variable-dialog.tsx";
import { deleteVariable, deviceVariablesQuery, groupsQuery, type Place } from "./variables-api.ts";
import "./variables.css";

const scopeOf = (origin: Origin): VariableScope | undefined => VARIABLE_SCOPES.find((scope) => scope === origin.kind);
const placeOf = (origin: Origin): Place | undefined => {
  const scope = scopeOf(origin);
  return scope && { scope, owner: origin.name };
};

/** What holds for this device, where each value is from, and what it hides. */
export function DeviceVariables({ device }: { device: Device }) {
  const may = useCan();
  const client = useQueryClient();
  const variables = useQuery(deviceVariablesQuery(device.name));
  const groups = useQuery(groupsQuery).data ?? [];
  const [words, setWords] = useState("");
  const [asking, setAsking] = useState<{ at?: Place | undefined; editing?: Editing } | null>(null);
  const write = may("variables:write");
  const places: Place[] = [
    { scope: "device", owner: device.name },
    ...groups
      .filter((group) => group.devices.includes(device.name))
      .toSorted((a, b) => b.priority - a.priority)
      .map((group): Place => ({ scope: "group", owner: group.name })),
    ...device.tags.toSorted().map((tag): Place => ({ scope: "tag", owner: tag })),
    ...(device.site ? [{ scope: "site", owner: device.site } as const] : []),
    { scope: "global", owner: "all" },
  ];
  const remove = async (variable: EffectiveVariable, place: Place): Promise<void> => {
    try {
      await deleteVariable(place, variable.name);
      await client.invalidateQueries({ queryKey: ["variables"] });
      const below = variable.hides[0];
      toast.ok(
        below
          ? `${variable.name} removed; the value of ${below.origin.kind === "global" ? "all devices" : below.origin.name} holds now.`
          : `${variable.name} removed.`,
      );
    } catch (error) {
      toast.error(error);
    }
  };
  const add = write && (
    <Button size="xs" leftSection={<IconPlus />} onClick={() => setAsking({})}>
      Variable
    </Button>
  );
  const menu = (variable: EffectiveVariable) => {
    const place = placeOf(variable.origin);
    if (!write || !place) return null;
    const here = place.scope === "device";
    return (
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Acts on ${variable.name}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking({ at: places[0], editing: variable })}>
            {here ? "Edit…" : "Set another value…"}
          </Menu.Item>
          {!here && (
            <Menu.Item onClick={() => setAsking({ at: place, editing: variable })}>Edit it where it is from…</Menu.Item>
          )}
          {here && (
            <Menu.Item onClick={() => void remove(variable, place)}>
              {variable.hides[0] ? "Remove, the next one holds" : "Remove"}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    );
  };
  return (
    <>
      <div className="row g6 ns-var-head">
        <TextInput
          size="xs"
          aria-label="Search variables"
          placeholder="Search"
          leftSection={<IconSearch />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <span className="end">{add}</span>
      </div>
      <Loaded query={variables} what="The variables could not be read.">
        {(all) => (
          <DataTable
            label="Variables"
            fill
            rows={all.filter((variable) => fits(variable, words))}
            rowId={(variable) => variable.name}
            version={(variable) => JSON.stringify([variable.value, variable.origin])}
            name={{
              head: "Variable",
              text: (variable) => variable.name,
              shown: (variable) => <span className="mono ell">{variable.name}</span>,
            }}
            columns={[
              {
                id: "from",
                head: "From",
                cell: (variable) => <OriginChip origin={variable.origin} here={device.name} />,
              },
              { id: "value", head: "Value, and what it hides", cell: (variable) => <Shown variable={variable} /> },
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
                  <OriginChip origin={variable.origin} here={device.name} /> <Shown variable={variable} />
                </>
              ),
              aside: menu(variable),
            })}
            empty={
              all.length === 0 ? (
                <Empty
                  icon={<IconVariable className="i28 t3" aria-hidden="true" />}
                  title="No variables reach this device"
                  actions={add}
                >
                  What templates need to know of it, such as <code>ntp_servers</code>: given here, or once for its
                  group, its tags, its site or all devices.
                </Empty>
              ) : (
                <Empty icon={null} title="None of them fits" />
              )
            }
          />
        )}
      </Loaded>
      {asking && (
        <VariableDialog places={places} at={asking.at} editing={asking.editing} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

const fits = ({ name, value, is_secret, origin }: EffectiveVariable, words: string): boolean =>
  `${name} ${is_secret ? "" : JSON.stringify(value)} ${origin.kind} ${origin.name}`
    .toLowerCase()
    .includes(words.trim().toLowerCase());

function Shown({ variable }: { variable: EffectiveVariable }) {
  return (
    <span className="ns-var-hides">
      <Value value={variable.value} secret={variable.is_secret} />
      {variable.hides.map(({ origin, value, is_secret }) => (
        <span key={`${origin.kind} ${origin.name}`} className="row g6 ns-var-hidden">
          <span className="vh">hides</span>
          <OriginChip origin={origin} />
          <Value value={value} secret={is_secret} />
        </span>
      ))}
    </span>
  );
}

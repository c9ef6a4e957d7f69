import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconPlus } from "@tabler/icons-react";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { User } from "../../../../domain/contract/user.ts";
import { Tag, count } from "../../components/bits.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { Loaded } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { api, seg } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { useMe } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { useCommands } from "../../lib/commands.ts";
import { PasswordDialog } from "./password-dialog.tsx";
import { UserDialog } from "./user-dialog.tsx";

const usersQuery = queryOptions({
  queryKey: keys.users.list,
  queryFn: ({ signal }) =>
    api.get<{ users: User[]; total: number }>("/users", { limit: 500, sort: "username" }, signal),
});

type Asking = { what: "add" } | { what: "edit" | "password" | "delete"; user: User } | null;
const stateOf = (user: User) => (
  <StatusText status={user.disabled ? "disabled" : "ok"}>
    {user.disabled ? "Disabled" : user.must_change_password ? "Must choose a password" : "Active"}
  </StatusText>
);

/** Who may sign in, as what. */
export function UsersSection() {
  const client = useQueryClient();
  const me = useMe();
  const users = useQuery(usersQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ["users"] });
  useCommands([{ id: "add-user", label: "Add a user", group: "Settings", run: () => setAsking({ what: "add" }) }]);

  const setDisabled = async (user: User, disabled: boolean, undo = true): Promise<void> => {
    try {
      await api.put(`/users/${seg(user.username)}`, { disabled });
      await refresh();
      toast.ok(
        `${user.username} ${disabled ? "disabled; their sessions have ended" : "enabled"}.`,
        undo ? { undo: () => void setDisabled(user, !disabled, false) } : {},
      );
    } catch (error) {
      toast.error(error);
    }
  };
  const menu = (user: User) => (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`Acts on ${user.username}`}>
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => setAsking({ what: "edit", user })}>Name and roles…</Menu.Item>
        <Menu.Item onClick={() => setAsking({ what: "password", user })}>Set a password…</Menu.Item>
        <Menu.Item disabled={user.username === me.user.username} onClick={() => void setDisabled(user, !user.disabled)}>
          {user.disabled ? "Enable" : "Disable"}
        </Menu.Item>
        <Menu.Item disabled={user.username === me.user.username} onClick={() => setAsking({ what: "delete", user })}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
  return (
    <Card
      title="Users"
      note={users.data && count(users.data.total, "account")}
      actions={
        <Button size="xs" leftSection={<IconPlus />} onClick={() => setAsking({ what: "add" })}>
          User
        </Button>
      }
    >
      <Loaded query={users} what="The users could not be read.">
        {(data) => (
          <DataTable
            label="Users"
            rows={data.users}
            rowId={(user) => user.username}
            version={(user) => [user.roles, user.disabled, user.display_name].join()}
            name={{
              head: "Name",
              text: (user) => user.username,
              beside: (user) => <span className="t3 ell">{user.display_name}</span>,
            }}
            columns={[
              {
                id: "roles",
                head: "Roles",
                cell: (user) => (
                  <span className="row g4">
                    {user.roles.map((role) => (
                      <Tag key={role}>{role}</Tag>
                    ))}
                  </span>
                ),
              },
              { id: "state", head: "State", cell: stateOf },
              {
                id: "login",
                head: "Last sign-in",
                align: "right",
                cell: (user) =>
                  user.last_login_at ? <When at={user.last_login_at} precise /> : <span className="t3">never</span>,
              },
              {
                id: "created",
                head: "Since",
                align: "right",
                wide: true,
                cell: (user) => <When at={user.created_at} />,
              },
              {
                id: "acts",
                head: <span className="vh">Acts</span>,
                cell: (user) => <span className="ns-acts">{menu(user)}</span>,
              },
            ]}
            card={(user) => ({
              title: <span className="ell">{user.username}</span>,
              line: user.roles.join(", "),
              aside: (
                <span className="row g4">
                  {stateOf(user)}
                  {menu(user)}
                </span>
              ),
            })}
            dim={(user) => user.disabled}
          />
        )}
      </Loaded>
      {asking?.what === "add" && <UserDialog onClose={close} onDone={refresh} />}
      {asking?.what === "edit" && <UserDialog user={asking.user} onClose={close} onDone={refresh} />}
      {asking?.what === "password" && <PasswordDialog user={asking.user} onClose={close} onDone={refresh} />}
      {asking?.what === "delete" && (
        <ConfirmDialog
          opened
          title={`Delete ${asking.user.username}?`}
          confirm="Delete the account"
          danger
          typeName={asking.user.username}
          onConfirm={async () => {
            await api.delete(`/users/${seg(asking.user.username)}`);
            await refresh();
            toast.ok(`${asking.user.username} deleted.`);
          }}
          onClose={close}
        >
          <p className="t2">
            Their sessions and API tokens end at once. What they did stays in the audit log, under their name.
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

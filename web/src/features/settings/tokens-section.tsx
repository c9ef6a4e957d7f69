import { Button } from "@mantine/core";
import { IconApi, IconPlus } from "@tabler/icons-react";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiToken } from "../../../../domain/contract/user.ts";
import { DataTable } from "../../components/data-table.tsx";
import { ConfirmDialog } from "../../components/dialogs.tsx";
import { Card } from "../../components/page.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { api, seg } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { toast } from "../../lib/toast.tsx";
import { TokenDialog } from "./token-dialog.tsx";

const tokensQuery = queryOptions({
  queryKey: keys.tokens,
  queryFn: ({ signal }) => api.get<{ tokens: ApiToken[] }>("/auth/tokens", {}, signal),
});

/** For programs that act as this person, within chosen rights. */
export function TokensSection() {
  const client = useQueryClient();
  const list = useQuery(tokensQuery);
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<ApiToken | null>(null);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: keys.tokens });
  const add = (
    <Button size="xs" leftSection={<IconPlus />} onClick={() => setAdding(true)}>
      Token
    </Button>
  );
  const end = (token: ApiToken) => (
    <Button size="xs" onClick={() => setEnding(token)} aria-label={`End ${token.name}`}>
      End…
    </Button>
  );
  return (
    <Card title="Your API tokens" note="shown once, act as you" actions={add}>
      <Loaded query={list} what="The tokens could not be read.">
        {({ tokens }) => (
          <DataTable
            label="API tokens"
            rows={tokens}
            rowId={(token) => token.id}
            name={{ head: "Name", text: (token) => token.name }}
            columns={[
              {
                id: "scopes",
                head: "May",
                cell: (token) => (
                  <span className="mono xs ell ns-scope" title={token.scopes.join(", ")}>
                    {token.scopes.join(" ")}
                  </span>
                ),
              },
              {
                id: "used",
                head: "Last use",
                align: "right",
                cell: (token) =>
                  token.last_used_at ? <When at={token.last_used_at} precise /> : <span className="t3">never</span>,
              },
              { id: "ends", head: "Ends", align: "right", cell: (token) => <When at={token.expires_at} precise /> },
              {
                id: "acts",
                head: <span className="vh">Acts</span>,
                cell: (token) => <span className="ns-acts">{end(token)}</span>,
              },
            ]}
            card={(token) => ({
              title: <span className="ell">{token.name}</span>,
              line: (
                <>
                  ends <When at={token.expires_at} precise />
                </>
              ),
              aside: end(token),
            })}
            empty={
              <Empty icon={<IconApi className="i28 t3" aria-hidden="true" />} title="No API tokens" actions={add}>
                A CI job or a script signs in with one: <code>Authorization: Bearer …</code>. It can do what you choose
                here, and nothing that you cannot.
              </Empty>
            }
          />
        )}
      </Loaded>
      {adding && <TokenDialog onClose={() => setAdding(false)} onDone={refresh} />}
      {ending && (
        <ConfirmDialog
          opened
          title={`End the token ${ending.name}?`}
          confirm="End it"
          danger
          onConfirm={async () => {
            await api.delete(`/auth/tokens/${seg(ending.id)}`);
            await refresh();
            toast.ok(`${ending.name} ended.`);
          }}
          onClose={() => setEnding(null)}
        >
          <p className="t2">Whatever signs in with it is refused from now on.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

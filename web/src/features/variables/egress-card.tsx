import { Button, TagsInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Card } from "../../components/page.tsx";
import { Loaded, Note } from "../../components/states.tsx";
import { api } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { useCan } from "../../lib/session.ts";
import { toast } from "../../lib/toast.tsx";
import { egressQuery } from "./variables-api.ts";

/** Nothing is open until it stands here. */
export function EgressCard() {
  const egress = useQuery(egressQuery);
  return (
    <Card title="Where NetStacks may connect to" note="by itself, to fetch variables">
      <Loaded query={egress} what="The allow-list could not be read.">
        {({ allow }) => <EgressForm key={allow.join(" ")} allow={allow} />}
      </Loaded>
    </Card>
  );
}

function EgressForm({ allow }: { allow: string[] }) {
  const may = useCan();
  const client = useQueryClient();
  const [entries, setEntries] = useState(allow);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const changed = entries.join(" ") !== allow.join(" ");
  const save = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      await api.put("/settings/egress", { allow: entries });
      await client.invalidateQueries({ queryKey: keys.egress });
      toast.ok("The allow-list is saved. It holds from the next request on.");
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="cb stack">
      {refusal !== null && (
        <Note kind="bad" icon="cross" head="Not saved." alert>
          {errorText(refusal)}
        </Note>
      )}
      <TagsInput
        label="Allow-list"
        description="Host names (netbox.example.net, *.example.net) open public addresses. Private ones and this machine itself open only by their address or network (10.1.0.0/16)."
        placeholder={entries.length === 0 ? "empty: nothing is open" : ""}
        readOnly={!may("settings:write")}
        value={entries}
        onChange={setEntries}
      />
      {may("settings:write") && (
        <div className="row g6">
          <Button className="end" disabled={!changed} loading={busy} onClick={() => void save()}>
            Save
          </Button>
        </div>
      )}
    </div>
  );
}

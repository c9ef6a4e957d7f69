import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Page } from "../../components/page.tsx";
import { Empty, Note, SkeletonCards } from "../../components/states.tsx";
import { api } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import type { Change } from "../../../../domain/contract/change.ts";
import type { Device } from "../../../../domain/contract/device.ts";
import { changeQuery } from "./changes-api.ts";
import { EMPTY_DRAFT, chooseDevices, draftOf, signatureOf } from "./draft.ts";
import { NewChange } from "./new-change.tsx";
import { PageLoaded } from "./page-loaded.tsx";

/** A draft that is there goes on where it stood; devices that were chosen elsewhere come along. */
export function NewChangePage() {
  const [search] = useUrlState();
  const may = useCan();
  const [made, setMade] = useState<string | null>(null);
  const [session, setSession] = useState(0);
  if (!may("changes:write"))
    return (
      <Page title="New change">
        <Empty title="Making a change needs the role operator">
          Everybody who signs in may read changes; an admin gives roles under Settings.
        </Empty>
      </Page>
    );
  const draft = search["draft"];
  if (draft === undefined && made !== null) {
    // "New change" was chosen again while one was open: begin another.
    setMade(null);
    setSession(session + 1);
  }
  // The draft that this page has just made goes on as it is; only another one is read from the server.
  if (draft !== undefined && draft !== made) return <StandingDraft key={draft} id={draft} />;
  return (
    <Fresh
      key={session}
      names={(search["devices"] ?? search["device"] ?? "").split(",").filter((name) => name !== "")}
      from={search["from"] ?? null}
      onMade={setMade}
    />
  );
}

/** What it began with stays, though the address changes once the draft is there. */
function Fresh({ names, from, onMade }: { names: string[]; from: string | null; onMade: (id: string) => void }) {
  const [start] = useState({ names, from });
  if (start.from !== null) return <Copied id={start.from} onMade={onMade} />;
  return start.names.length > 0 ? (
    <FromDevices names={start.names} onMade={onMade} />
  ) : (
    <NewChange draft={EMPTY_DRAFT} changeId={null} planned={null} onMade={onMade} />
  );
}

/** The lines of a change that is over, as a new one. */
function Copied({ id, onMade }: { id: string; onMade: (id: string) => void }) {
  const query = useQuery(changeQuery(id));
  return (
    <PageLoaded
      title="New change"
      query={query}
      what="The change could not be read."
      touched="Nothing reached a device. Reading a change only reads."
    >
      {(change) => <NewChange draft={draftOf(change)} changeId={null} planned={null} onMade={onMade} />}
    </PageLoaded>
  );
}

function StandingDraft({ id }: { id: string }) {
  const query = useQuery(changeQuery(id));
  return (
    <PageLoaded
      title="New change"
      query={query}
      what="The draft could not be read."
      touched="Nothing reached a device. A draft only reads."
    >
      {(change) => <OpenDraft change={change} />}
    </PageLoaded>
  );
}

const EDITABLE: readonly Change["status"][] = ["draft", "stale"];

/** What was opened stays open: planning it again must not take the editor away. */
function OpenDraft({ change }: { change: Change }) {
  const go = useGo();
  const [start, setStart] = useState<Change | null>(null);
  if (start === null && EDITABLE.includes(change.status)) setStart(change);
  if (start !== null) {
    const draft = draftOf(start);
    return (
      <NewChange
        draft={draft}
        changeId={start.id}
        planned={signatureOf(draft)}
        reason={start.reason ?? ""}
        onMade={() => undefined}
      />
    );
  }
  return (
    <Page title="New change">
      {change.status === "planning" ? (
        <SkeletonCards />
      ) : (
        <Note
          kind="wait"
          icon="warn"
          head="This is no draft any more."
          actions={
            <Button size="xs" onClick={() => go(links.change(change.id))}>
              Open the change
            </Button>
          }
        >
          It was asked for or discarded; what it sends stands.
        </Note>
      )}
    </Page>
  );
}

function FromDevices({ names, onMade }: { names: string[]; onMade: (id: string) => void }) {
  const query = useQuery({
    queryKey: [...keys.devices.list({ names: names.join(",") })],
    queryFn: async () =>
      Promise.all(
        names
          .slice(0, 200)
          .map(async (name) => (await api.get<{ device: Device }>(`/devices/${encodeURIComponent(name)}`)).device),
      ),
  });
  return (
    <PageLoaded
      title="New change"
      query={query}
      what="The devices could not be read."
      touched="Nothing reached a device."
    >
      {(found) => {
        const devices = found.map((d) => ({
          name: d.name,
          device_type: d.device_type,
          os: d.facts?.os_version ?? null,
          is_lab: d.is_lab,
        }));
        return <NewChange draft={chooseDevices(EMPTY_DRAFT, devices)} changeId={null} planned={null} onMade={onMade} />;
      }}
    </PageLoaded>
  );
}

import { useQuery } from "@tanstack/react-query";
import { links } from "../../lib/links.ts";
import { useParam } from "../../lib/url-state.ts";
import { ChangeView } from "./change-view.tsx";
import { changeQuery } from "./changes-api.ts";
import { PageLoaded } from "./page-loaded.tsx";

export function ChangePage() {
  const query = useQuery(changeQuery(useParam("id")));
  return (
    <PageLoaded
      title="Change"
      crumbs={[{ label: "Changes", href: links.changes() }]}
      query={query}
      what="The change could not be read."
      touched="Nothing reached a device. Reading a change only reads."
    >
      {(change) => <ChangeView key={change.id} change={change} />}
    </PageLoaded>
  );
}

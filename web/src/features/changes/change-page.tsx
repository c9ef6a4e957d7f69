import { useQuery } from "@tanstack/react-query";
import { Page } from "../../components/page.tsx";
import { Loaded, SkeletonCards } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";
import { useParam } from "../../lib/url-state.ts";
import { ChangeView } from "./change-view.tsx";
import { changeQuery } from "./changes-api.ts";

export function ChangePage() {
  const query = useQuery(changeQuery(useParam("id")));
  const waiting = (
    <Page title="Change" crumbs={[{ label: "Changes", href: links.changes() }]}>
      <SkeletonCards cards={2} rows={4} />
    </Page>
  );
  return (
    <Loaded query={query} what="The change could not be read." skeleton={waiting} touched="Nothing reached a device. Reading a change only reads.">
      {(change) => <ChangeView key={change.id} change={change} />}
    </Loaded>
  );
}

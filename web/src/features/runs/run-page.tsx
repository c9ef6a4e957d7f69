import { useQuery } from "@tanstack/react-query";
import { Page } from "../../components/page.tsx";
import { Loaded, SkeletonCards } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";
import { useParam } from "../../lib/url-state.ts";
import { RunView } from "./run-view.tsx";
import { runQuery } from "./runs-api.ts";

export function RunPage() {
  const id = useParam("id");
  const query = useQuery(runQuery(id));
  const waiting = (
    <Page title="Run" crumbs={[{ label: "Runs", href: links.runs() }]}>
      <SkeletonCards cards={2} rows={5} />
    </Page>
  );
  return (
    <Loaded query={query} what="The run could not be read." skeleton={waiting} touched="Showing a run only reads; the run itself goes on.">
      {(run) => <RunView key={run.id} run={run} />}
    </Loaded>
  );
}

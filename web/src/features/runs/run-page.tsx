import { useQuery } from "@tanstack/react-query";
import { links } from "../../lib/links.ts";
import { useParam } from "../../lib/url-state.ts";
import { PageLoaded } from "../changes/page-loaded.tsx";
import { BackupRun } from "./backup-run.tsx";
import { RunView } from "./run-view.tsx";
import { runQuery } from "./runs-api.ts";

export function RunPage() {
  const query = useQuery(runQuery(useParam("id")));
  return (
    <PageLoaded
      title="Run"
      crumbs={[{ label: "Runs", href: links.runs() }]}
      query={query}
      what="The run could not be read."
      touched="Showing a run only reads; the run itself goes on."
    >
      {(run) => (run.kind === "backup" ? <BackupRun key={run.id} run={run} /> : <RunView key={run.id} run={run} />)}
    </PageLoaded>
  );
}

import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Run } from "../../../../domain/contract/run.ts";
import { LinesView } from "../../components/diff/lines-view.tsx";
import { TextLink } from "../../components/go.tsx";
import { StatusText } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { Refusal } from "../changes/ask-panel.tsx";
import { runInLab } from "../changes/changes-api.ts";
import { ChoicePanel } from "../runs/choice-panel.tsx";
import { interruptedSteps } from "../runs/matrix.ts";
import { hasEnded, verdictOf } from "../runs/run-words.ts";
import { linesQuery, runQuery } from "../runs/runs-api.ts";
import { useRunLive } from "../runs/use-run-live.ts";
import { startCut, type LabRouter } from "./welcome-api.ts";

type Cut = { runId: string; device: string; line: number };

/** A change whose session breaks in the middle: a line in doubt, read back, and only what is missing sent. */
export function CutCard({ routers }: { routers: readonly LabRouter[] }) {
  const may = useCan()("lab:use");
  const [cut, setCut] = useState<Cut | null>(null);
  const router = routers.find((r) => r.device_type === "cisco_ios");
  const begin = useMutation({
    mutationFn: async (): Promise<Cut> => {
      const started = await startCut();
      await runInLab(started.change, "to see a line in doubt");
      return { runId: started.run.id, device: started.device, line: started.line };
    },
    onSuccess: setCut,
  });
  if (!router) return null;
  return (
    <section className="ns-card cutc" aria-labelledby="welcome-cut">
      <div className="ns-ch">
        <h2 id="welcome-cut">2&ensp;Cut the cable at line 3</h2>
        <span className="t3 ell only-d">see what happens to a line in doubt</span>
      </div>
      <div className="cut">
        <div className="l">
          <p>
            The lab cuts the session of <b>{cut?.device ?? router.name}</b> just after line {cut?.line ?? 3} of 5 is
            sent. Nobody can know if it arrived.
          </p>
          <p>
            NetStacks says so, waits, and lets you choose: it reads the config back, and sends only what is missing.
          </p>
          {begin.isError && <Refusal error={begin.error} head="Not cut." />}
          {may ? (
            <Button leftSection={<IconPlugConnectedX />} loading={begin.isPending} onClick={() => begin.mutate()}>
              {cut === null ? "Cut it" : "Cut it again"}
            </Button>
          ) : (
            <p className="t3">This needs the role operator.</p>
          )}
          <p className="sm t3">Works at any time. A loopback interface of the virtual router is all it leaves.</p>
        </div>
        <div className="r">
          {cut === null ? (
            <p className="cb sm t3">
              {begin.isPending
                ? "Planning and sending five lines…"
                : "The five lines stand here, with what is known of each."}
            </p>
          ) : (
            <CutRun key={cut.runId} cut={cut} />
          )}
        </div>
      </div>
    </section>
  );
}

function CutRun({ cut }: { cut: Cut }) {
  const run = useQuery(runQuery(cut.runId)).data;
  const lines = useQuery(linesQuery(cut.runId, cut.device)).data ?? [];
  useRunLive(cut.runId);
  const step = run ? interruptedSteps(run).find((s) => s.device === cut.device) : undefined;
  return (
    <>
      {step && <ChoicePanel key={step.attempt} runId={cut.runId} step={step} device={cut.device} lines={lines} />}
      {lines.length > 0 && <LinesView lines={lines} label={`Lines of ${cut.device}`} className="cutlines" />}
      {run && <After run={run} />}
    </>
  );
}

function After({ run }: { run: Run }) {
  return (
    <p className="cb sm row g6 w" role="status">
      {hasEnded(run) ? (
        <StatusText status={run.status}>{verdictOf(run).head}</StatusText>
      ) : (
        <span className="t3">{run.message}</span>
      )}
      <TextLink href={links.run(run.id)}>Open the run</TextLink>
    </p>
  );
}

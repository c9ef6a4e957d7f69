import { IconClock, IconGitPullRequest, IconHash, IconUser } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { TextLink } from "../../components/go.tsx";
import { StatusPill } from "../../components/status.tsx";
import { Elapsed, When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { statusOf } from "../../lib/status-of.ts";
import { shortHash } from "../changes/plan-words.ts";
import { hasEnded } from "./run-words.ts";

/** Its state in a word; a pause or a cancel that was asked for shows at once. */
export function RunPill({ run }: { run: Run }) {
  return (
    <StatusPill status={run.pause_requested && run.status === "running" ? "paused" : run.status} large>
      {wordOf(run)}
    </StatusPill>
  );
}

function wordOf(run: Run): string {
  if (run.cancel_requested && !hasEnded(run)) return "Cancelling";
  if (run.pause_requested && run.status === "running") return "Pausing";
  return statusOf(run.status).word;
}

/** What it is about, how long it takes, who started it. */
export function RunFacts({ run, change }: { run: Run; change: Change | undefined }) {
  return (
    <div className="ns-subfacts">
      {run.change_id && (
        <span>
          <IconGitPullRequest aria-hidden />
          <TextLink href={links.change(run.change_id)}>The change</TextLink>
        </span>
      )}
      {change?.hash && (
        <span>
          <IconHash aria-hidden /> Plan <span className="ns-hash">{shortHash(change.hash)}</span>
        </span>
      )}
      {run.started_at && (
        <span>
          <IconClock aria-hidden />
          <span>
            <b>
              <Elapsed from={run.started_at} to={run.completed_at} />
            </b>{" "}
            {run.completed_at ? (
              <>
                long, ended <When at={run.completed_at} precise />
              </>
            ) : (
              "in"
            )}
          </span>
        </span>
      )}
      <span>
        <IconUser aria-hidden />
        <span>
          Started by <b>{run.started_by}</b> <When at={run.created_at} precise />
        </span>
      </span>
      {run.message && run.status === "running" && (
        <span className="say">
          <span className="break">{run.message}</span>
        </span>
      )}
    </div>
  );
}

const EVERY_MS = 10_000;
/** A summary for screen readers, at most every 10 s. */
export function Spoken({ text }: { text: string }) {
  const [said, setSaid] = useState(text);
  const last = useRef(0);
  useEffect(() => {
    if (text === said) return;
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setSaid(text);
      },
      Math.max(0, last.current + EVERY_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [text, said]);
  return (
    <p className="vh" role="status" aria-live="polite">
      {said}
    </p>
  );
}

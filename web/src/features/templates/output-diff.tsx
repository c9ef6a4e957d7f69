import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Counts } from "../../components/diff/counts.tsx";
import { DiffView } from "../../components/diff/diff-view.tsx";
import { TextLink } from "../../components/go.tsx";
import { Empty, ErrorState, Loaded, Note, SkeletonRows } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { ApiError } from "../../lib/api.ts";
import { links } from "../../lib/links.ts";
import { deviceQueryOf } from "../devices/queries.ts";
import { Overtaken, type Background } from "./background.ts";
import type { DiffAnswer } from "./render-messages.ts";
import { runningQuery } from "./templates-api.ts";

type Props = { device: string; rendered: string | null; background: Background };

/** What these lines would do to the config that was last read from the device. */
export function OutputDiff({ device, rendered, background }: Props) {
  const query = useQuery(runningQuery(device));
  const platform = useQuery(deviceQueryOf(device)).data?.device_type;
  const [answer, setAnswer] = useState<DiffAnswer | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const running = query.data?.content;
  useEffect(() => {
    if (rendered === null || running === undefined || platform === undefined) return;
    background.ask({ op: "diff", platform, running, rendered }).then(
      (found) => {
        if (found.op === "diff") setAnswer(found);
        setFailure(null);
      },
      (error: unknown) => {
        if (!(error instanceof Overtaken)) setFailure(error);
      },
    );
  }, [background, rendered, running, platform]);
  if (query.error instanceof ApiError && query.error.status === 404)
    return (
      <Empty icon={null} title={`No config of ${device} is stored`}>
        What the lines would change is told against its last backup.{" "}
        <TextLink href={links.device(device, "versions")}>Back it up</TextLink> first.
      </Empty>
    );
  if (rendered === null) return <p className="cb t3 sm">Nothing to compare before it renders.</p>;
  if (failure !== null) return <ErrorState error={failure} what="The two could not be compared." />;
  return (
    <Loaded query={query} what="The stored config could not be read." skeleton={<SkeletonRows rows={8} columns={1} />}>
      {(backup) => (
        <div className="ns-tp-running">
          <p className="ns-tp-diffbar t3 sm">
            {answer && <Counts added={answer.added} removed={answer.removed} />}
            <span>
              against the config of <When at={backup.last_seen_at} precise />, secrets hidden
            </span>
          </p>
          {answer?.problems.map((problem) => (
            <Note key={problem} kind="bad" icon="cross" head="Could not be sent.">
              {problem}
            </Note>
          ))}
          {answer && answer.problems.length === 0 && answer.hunks.length === 0 && (
            <Note kind="ok" icon="tick" head="Nothing would change.">
              The device has all of these lines.
            </Note>
          )}
          {answer && answer.hunks.length > 0 && (
            <DiffView
              hunks={answer.hunks}
              platform={backup.device_type}
              label={`What would change on ${device}`}
              narrow
            />
          )}
          {answer?.notes.map((note) => (
            <p key={note} className="ns-tp-note t3 sm break">
              {note}
            </p>
          ))}
        </div>
      )}
    </Loaded>
  );
}

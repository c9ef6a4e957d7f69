import { Button } from "@mantine/core";
import { Note } from "../../components/states.tsx";
import { formatClock, useNow } from "../../lib/time.ts";
import type { RunLive } from "./use-run-live.ts";

/** Quiet for some seconds: says so small. Quiet for longer: what is shown is old, and from when. */
export function NotLive({ stream }: { stream: RunLive["stream"] }) {
  if (stream.status === "reconnecting") return <span className="ns-pill k-idle">Reconnecting</span>;
  return null;
}

export function NotLiveNote({ stream }: { stream: RunLive["stream"] }) {
  if (stream.status !== "not_live") return null;
  return (
    <Note
      kind="wait"
      icon="warn"
      head={stream.lastAt === null ? "Not live." : `Not live since ${formatClock(stream.lastAt)}.`}
      actions={
        <Button size="xs" onClick={stream.reconnect}>
          Connect now
        </Button>
      }
      alert
    >
      The run goes on; missed events are fetched, none twice. <NextTry at={stream.nextTryAt} />
    </Note>
  );
}

function NextTry({ at }: { at: number | null }) {
  useNow();
  if (at === null) return null;
  const left = Math.ceil((at - Date.now()) / 1000);
  return left > 0 ? <span className="t3 num">Next try in {left} s.</span> : null;
}

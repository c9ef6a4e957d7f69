import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Run, RunEvent } from "../../../../domain/contract/run.ts";
import { seg, url } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { parse, useStream } from "../../lib/live.ts";
import type { SseMessage, StreamState } from "../../lib/sse.ts";
import { mergeEvents } from "./run-events.ts";
import { progressKey, type Progress, type ProgressMap } from "./matrix.ts";

export type RunLive = { stream: StreamState & { reconnect: () => void }; progress: ProgressMap };

type Pending = { run: Run | null; events: RunEvent[]; progress: Progress[] };
const NONE = (): Pending => ({ run: null, events: [], progress: [] });

/** Follows one run. What arrives within a frame lands together; nothing shows that the server has not said. */
export function useRunLive(id: string): RunLive {
  const client = useQueryClient();
  const [progress, setProgress] = useState<ProgressMap>(new Map());
  const pending = useRef<Pending>(NONE());
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const flush = (): void => {
    frame.current = 0;
    const { run, events, progress: moved } = pending.current;
    pending.current = NONE();
    if (run) {
      // A hint may be late or lost; where the run moved, its change has moved as well.
      const moved = client.getQueryData<Run>(keys.run(id))?.status !== run.status;
      client.setQueryData<Run>(keys.run(id), run);
      if (moved && run.change_id !== null) void client.invalidateQueries({ queryKey: keys.changes.one(run.change_id) });
    }
    if (events.length > 0)
      client.setQueryData<RunEvent[]>(keys.runHistory(id), (known) => (known ? mergeEvents(known, events) : known));
    if (moved.length > 0)
      setProgress(
        (known) =>
          new Map([...known, ...moved.map((p): [string, Progress] => [progressKey(p.device, p.direction), p])]),
      );
    const devices = new Set([
      ...moved.map((p) => p.device),
      ...events.flatMap((e) => (e.device === null ? [] : [e.device])),
    ]);
    for (const device of devices) void client.invalidateQueries({ queryKey: keys.runLines(id, device) });
  };
  const take = (message: SseMessage): void => {
    const { current } = pending;
    if (message.event === "run") current.run = parse<Run>(message.data) ?? current.run;
    else if (message.event === "event")
      current.events.push(...[parse<RunEvent>(message.data)].filter((e) => e !== null));
    else if (message.event === "lines")
      current.progress.push(...[parse<Progress>(message.data)].filter((p) => p !== null));
    else return;
    // A hidden tab gets no frames: it keeps up by a timer.
    if (frame.current === 0)
      frame.current = document.hidden ? window.setTimeout(flush, 250) : requestAnimationFrame(flush);
  };
  const stream = useStream(
    url(`/runs/${seg(id)}/events`),
    take,
    () => void client.invalidateQueries({ queryKey: keys.run(id) }),
  );
  return { stream, progress };
}

import { ActionIcon } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { ConfigLine } from "../../components/diff/config-line.tsx";
import { Windowed } from "../../components/diff/windowed.tsx";
import { errorText } from "../../lib/errors.ts";
import { formatWhen } from "../../lib/time.ts";
import { keys } from "../../lib/keys.ts";
import { readTranscript } from "./runs-api.ts";
import { findRows, transcriptRows, type TranscriptRow } from "./transcript.ts";

const POLL_MS = 2000;

/** Everything said on the sessions with one device, page after page, and what comes while it runs. */
function useTranscript(runId: string, device: string, live: boolean) {
  const query = useInfiniteQuery({
    queryKey: [...keys.run(runId), "transcript", device],
    queryFn: ({ pageParam, signal }) => readTranscript(runId, device, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const have = pages.reduce((n, p) => n + p.entries.length, 0);
      return have < last.total ? have : undefined;
    },
    staleTime: 0,
  });
  const { hasNextPage, isFetching, fetchNextPage, refetch } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  useEffect(() => {
    if (!live || hasNextPage) return;
    const timer = setInterval(() => void refetch(), POLL_MS);
    return () => clearInterval(timer);
  }, [live, hasNextPage, refetch]);
  return query;
}

export function TranscriptView({ runId, device, live }: { runId: string; device: string; live: boolean }) {
  const query = useTranscript(runId, device, live);
  const pages = query.data?.pages;
  const rows = useMemo(() => transcriptRows((pages ?? []).flatMap((p) => p.entries)), [pages]);
  const [follow, setFollow] = useState(true);
  const [words, setWords] = useState("");
  const [hit, setHit] = useState(0);
  const hits = useMemo(() => findRows(rows, words), [rows, words]);
  const at = hits[hit] ?? null;
  const step = (by: number): void => {
    setFollow(false);
    setHit(hits.length === 0 ? 0 : (hit + by + hits.length) % hits.length);
  };
  if (query.isError && rows.length === 0) return <p className="cb sm k-bad k-text">{errorText(query.error)}</p>;
  return (
    <>
      <div className="ns-run-find i14">
        <IconSearch aria-hidden />
        <input
          aria-label="Find in the transcript"
          placeholder="Find"
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setHit(0);
            setFollow(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
          }}
        />
        {words.trim() !== "" && (
          <span className="xs t3 num nowrap">{hits.length === 0 ? "none" : `${hit + 1} of ${hits.length}`}</span>
        )}
        <ActionIcon size={24} aria-label="Previous find" disabled={hits.length === 0} onClick={() => step(-1)}>
          <IconArrowUp />
        </ActionIcon>
        <ActionIcon size={24} aria-label="Next find" disabled={hits.length === 0} onClick={() => step(1)}>
          <IconArrowDown />
        </ActionIcon>
        <label className="row g4 xs nowrap">
          <input type="checkbox" checked={follow} onChange={() => setFollow(!follow)} /> Follow
        </label>
      </div>
      {rows.length === 0 ? (
        <p className="cb sm t3">
          {query.isPending ? "Reading…" : "Nothing was said on a session with this device yet."}
        </p>
      ) : (
        <Windowed
          label={`Transcript of ${device}`}
          className="tx"
          count={rows.length}
          estimate={19}
          maxHeight="none"
          scrollTo={follow ? rows.length - 1 : at}
        >
          {(index) => {
            const row = rows[index];
            return row ? <Line row={row} hit={index === at} /> : null;
          }}
        </Windowed>
      )}
    </>
  );
}

const MARK = { sent: "›", received: "", note: "·" } as const;

function Line({ row, hit }: { row: TranscriptRow; hit: boolean }) {
  return (
    <div className={`ns-run-tl ${row.direction}${hit ? " hit" : ""}`}>
      <span className="n">{row.first ? formatWhen(row.at) : ""}</span>
      <span className="m" aria-hidden="true">
        {row.first ? MARK[row.direction] : ""}
      </span>
      <span className="x">
        {row.text === "" ? "\u00a0" : row.direction === "note" ? row.text : <ConfigLine text={row.text} />}
      </span>
    </div>
  );
}

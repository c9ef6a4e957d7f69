import { ActionIcon, SegmentedControl } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { BackupDiff } from "../../../../domain/contract/backup.ts";
import { count } from "../../components/bits.tsx";
import { Counts } from "../../components/diff/counts.tsx";
import {
  changeStarts,
  foldKey,
  hiddenIn,
  ignoredIn,
  stanzasOf,
  twoRows,
  unified,
  type Opened,
} from "../../components/diff/side-rows.ts";
import { SideView } from "../../components/diff/side-view.tsx";
import { Empty, Loaded, SkeletonRows } from "../../components/states.tsx";
import { useCommands } from "../../lib/commands.ts";
import { usePhone } from "../../lib/use-phone.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { contentQuery, diffQuery } from "./backups-api.ts";

/** What differs between two versions. `narrow`: one column at first, since the place is small. */
export function DiffOf({ a, b, narrow = false }: { a: string; b: string; narrow?: boolean }) {
  const query = useQuery(diffQuery(a, b));
  return (
    <Loaded
      query={query}
      what="The two versions could not be compared."
      touched="Comparing reads what is stored; no device was asked."
      skeleton={<SkeletonRows rows={12} columns={2} />}
    >
      {(diff) => <Diff key={`${diff.before.id} ${diff.after.id}`} diff={diff} narrow={narrow} />}
    </Loaded>
  );
}

const CLOSED: Opened = { folds: new Set(), ignored: false };

function Diff({ diff, narrow }: { diff: BackupDiff; narrow: boolean }) {
  const [search, set] = useUrlState();
  const phone = usePhone();
  const view = search["view"] ?? (narrow ? "one" : "split");
  const split = !phone && view === "split";
  const [open, setOpen] = useState(CLOSED);
  const [at, setAt] = useState<number | null>(null);
  const wanted = open.ignored || open.folds.size > 0;
  const older = useQuery({ ...contentQuery(diff.before.id), enabled: wanted }).data?.content;
  const newer = useQuery({ ...contentQuery(diff.after.id), enabled: wanted }).data?.content;
  const texts = useMemo(
    () => (older === undefined || newer === undefined ? null : { before: older.split("\n"), after: newer.split("\n") }),
    [older, newer],
  );
  const stanzas = useMemo(() => stanzasOf(diff.hunks, diff.after.device_type), [diff]);
  const rows = useMemo(() => {
    const both = twoRows(diff, stanzas, open, texts);
    return split ? both : unified(both);
  }, [diff, stanzas, open, texts, split]);
  const starts = useMemo(() => changeStarts(rows), [rows]);
  const ignored = useMemo(() => ignoredIn(diff), [diff]);
  const hidden = useMemo(() => hiddenIn(diff.rows), [diff]);
  const go = (step: number): void =>
    setAt((now) => (starts.length === 0 ? null : now === null ? 0 : (now + step + starts.length) % starts.length));
  useCommands(
    diff.same
      ? []
      : [
          { id: "next-change", label: "Next difference", key: "n", group: "Diff", keyOnly: true, run: () => go(1) },
          { id: "prev-change", label: "Difference before", key: "p", group: "Diff", keyOnly: true, run: () => go(-1) },
        ],
  );
  if (diff.same)
    return (
      <Empty title="The two are the same">
        At most lines that do not count differ: comments, and what changes from read to read, such as the time.
      </Empty>
    );
  return (
    <>
      <div className="ns-bk-diffbar">
        <Counts added={diff.added} removed={diff.removed} />
        <span className="sm t3 num nowrap" role="status">
          {at === null
            ? `${starts.length} ${starts.length === 1 ? "place" : "places"}`
            : `${at + 1} of ${starts.length}`}
        </span>
        <span className="row g4">
          <ActionIcon variant="default" aria-label="Difference before" onClick={() => go(-1)}>
            <IconArrowUp className="i14" />
          </ActionIcon>
          <ActionIcon variant="default" aria-label="Next difference" onClick={() => go(1)}>
            <IconArrowDown className="i14" />
          </ActionIcon>
        </span>
        {ignored > 0 && (
          <button
            type="button"
            className="lk sm"
            title="Comments, and what changes from read to read, such as the time it was printed"
            onClick={() => setOpen((before) => ({ ...before, ignored: !before.ignored }))}
          >
            {open.ignored ? "Hide" : "Show"} {count(ignored, "line")} that {ignored === 1 ? "does" : "do"} not count
          </button>
        )}
        <SegmentedControl
          className="end only-wide"
          size="xs"
          aria-label="How to show it"
          value={split ? "split" : "one"}
          onChange={(next) => set({ view: next === (narrow ? "one" : "split") ? undefined : next })}
          data={[
            { value: "split", label: "Side by side" },
            { value: "one", label: "Unified" },
          ]}
        />
      </div>
      <SideView
        rows={rows}
        split={split}
        hidden={hidden}
        label={`What changed on ${diff.after.device_name}`}
        onUnfold={(fold) => setOpen((before) => ({ ...before, folds: new Set(before.folds).add(foldKey(fold)) }))}
        scrollTo={at === null ? null : (starts[at] ?? null)}
        current={at}
      />
    </>
  );
}

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Kbd } from "../../components/bits.tsx";
import { Go } from "../../components/go.tsx";
import { Card, Page } from "../../components/page.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useCan, useMe } from "../../lib/session.ts";
import { statsQuery } from "../../lib/stats.ts";
import { useGo } from "../../lib/url-state.ts";
import { Broke, brokenSince } from "./broke.tsx";
import { DaysChart } from "./days-chart.tsx";
import { Fleet } from "./fleet.tsx";
import { activeRuns, brokenRuns, fleet, pendingApprovals } from "./queries.ts";
import { RunningNow } from "./running-now.tsx";
import { Sentence } from "./sentence.tsx";
import { Waits, waitsOf } from "./waits.tsx";
import "./now.css";

/** What needs me, what runs, what broke? */
export function NowPage() {
  const me = useMe();
  const may = useCan();
  const go = useGo();
  const stats = useQuery(statsQuery);
  const approvals = useQuery(pendingApprovals);
  const active = useQuery(activeRuns);
  const broken = useQuery(brokenRuns);
  const devices = useQuery(fleet);
  const mayChange = may("changes:write");
  useCommands(
    mayChange
      ? [{ id: "new-change", label: "New change", key: "c", group: "Now", run: () => go(links.newChange()) }]
      : [],
  );

  const waits =
    approvals.data && active.data ? waitsOf(approvals.data, may("runs:control") ? active.data : []) : undefined;
  const broke =
    broken.data && devices.data ? brokenSince(me.last_seen_at, broken.data, devices.data.devices) : undefined;
  const quiet = waits?.length === 0 && active.data?.length === 0 && broke?.length === 0;
  /** A new installation with virtual routers to try things on. */
  const fresh = me.lab && may("lab:use") && stats.data?.last_change_at === null;
  const anyBroke = broke !== undefined && broke.length > 0;
  const cells = (
    <Loaded query={devices} what="The devices could not be read." touched="Nothing reached a device.">
      {(data) => <Fleet devices={data.devices} total={data.total} />}
    </Loaded>
  );
  const days = stats.data && <DaysChart days={stats.data.change_days} />;
  const newChange = mayChange && (
    <Button component={Go} href={links.newChange()} leftSection={<IconPlus />}>
      New change
    </Button>
  );
  return (
    <Page
      title="Now"
      heading={
        <Sentence waits={waits} active={active.data} broke={broke} lastChange={stats.data?.last_change_at ?? null} />
      }
      actions={newChange && <span className="only-wide">{newChange}</span>}
    >
      {quiet ? (
        <Card>
          <Empty
            title={fresh ? "Nothing has happened yet" : "A quiet moment"}
            actions={
              <>
                {fresh && (
                  <Button variant="filled" component={Go} href={links.welcome()}>
                    Try a first change on the lab
                  </Button>
                )}
                {newChange}
              </>
            }
          >
            <p>Decisions, runs and what broke show here as soon as there are any.</p>
            <p className="only-wide">
              Press <Kbd>Ctrl</Kbd> <Kbd>K</Kbd> to find a device or to do something.
            </p>
          </Empty>
        </Card>
      ) : (
        <>
          <div className="ns-now-top">
            <Card
              title="Waits for you"
              note={waits?.length}
              actions={
                may("approvals:read") && (
                  <Go href={links.approvals()} className="lk b">
                    All approvals
                  </Go>
                )
              }
            >
              <Loaded query={approvals} what="The approvals could not be read." touched="Nothing reached a device.">
                {() => <Waits items={waits ?? []} />}
              </Loaded>
            </Card>
            <Card
              title="Running now"
              note={active.data?.length}
              actions={
                <Go href={links.runs()} className="lk b">
                  All runs
                </Go>
              }
            >
              <Loaded query={active} what="The runs could not be read." touched="The runs themselves go on.">
                {(runs) => <RunningNow runs={runs} />}
              </Loaded>
            </Card>
          </div>
        </>
      )}
      {anyBroke ? (
        <div className="ns-now-top">
          <Broke items={broke} since={me.last_seen_at} />
          <div className="ns-now-side">
            {cells}
            {days}
          </div>
        </div>
      ) : (
        <div className="ns-now-low">
          {cells}
          {days}
        </div>
      )}
    </Page>
  );
}

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { JournalEvents } from "../devices/journal.ts";
import type { SessionEvents } from "../devices/sessions.ts";

export type Meters = {
  registry: Registry;
  sessions: SessionEvents;
  journal: JournalEvents;
  activities: {
    began(activity: string): void;
    ended(activity: string, outcome: "done" | "failed" | "cancelled", seconds: number): void;
    /** How the sending of one phase to one device ended. */
    sent(phase: string, status: string): void;
  };
};

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
const LONG_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** What one worker counts. Labels are of closed sets: codes, kinds and names of our own, never a device or a run. */
export function createMeters(worker: string): Meters {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "netstacks_worker_", eventLoopMonitoringPrecision: 100 });

  const open = new Gauge({
    name: "netstacks_sessions_open",
    help: "Sessions with devices that are open, idle ones that are kept included",
    labelNames: ["purpose"],
    registers,
  });
  for (const purpose of ["read", "write"]) open.set({ purpose }, 0);
  const opened = new Histogram({
    name: "netstacks_session_open_seconds",
    help: "From the first packet to the device's prompt: connection, handshake, login, paging off",
    labelNames: ["purpose"],
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60],
    registers,
  });
  const reused = new Counter({
    name: "netstacks_sessions_reused_total",
    help: "Uses of a session that was kept, which cost no handshake",
    registers,
  });
  const refused = new Counter({
    name: "netstacks_session_failures_total",
    help: "Tries that came to no session, by the failure's code (see failures.md)",
    labelNames: ["code"],
    registers,
  });

  const commits = new Histogram({
    name: "netstacks_journal_commit_seconds",
    help: "Time of one statement of the journal; its count is the number of commits",
    buckets: SECONDS,
    registers,
  });
  const rows = new Counter({
    name: "netstacks_journal_rows_total",
    help: "Lines whose row was committed before they left; divided by the commits: how well commits are shared",
    registers,
  });
  const failedCommits = new Counter({
    name: "netstacks_journal_commit_failures_total",
    help: "Statements of the journal that failed; nothing of theirs was sent",
    registers,
  });
  const windows = new Counter({
    name: "netstacks_windows_total",
    help: "Windows that asked to be sent, by what they were told: committed, or why not",
    labelNames: ["verdict"],
    registers,
  });

  const inFlight = new Gauge({
    name: "netstacks_activities_in_flight",
    help: "Activities that run now",
    labelNames: ["activity"],
    registers,
  });
  const durations = new Histogram({
    name: "netstacks_activity_seconds",
    help: "Time of activities, by how they ended",
    labelNames: ["activity", "outcome"],
    buckets: LONG_SECONDS,
    registers,
  });
  const sendings = new Counter({
    name: "netstacks_sendings_total",
    help: "Phases of a change that were sent to one device, by how they ended; in_doubt: a session broke in the middle",
    labelNames: ["phase", "status"],
    registers,
  });

  return {
    registry,
    sessions: {
      opened(purpose, seconds) {
        open.inc({ purpose });
        opened.observe({ purpose }, seconds);
      },
      closed: (purpose) => open.dec({ purpose }),
      reused: () => reused.inc(),
      moved(from, to) {
        open.dec({ purpose: from });
        open.inc({ purpose: to });
      },
      failed: (code) => refused.inc({ code }),
    },
    journal: {
      committed(count, seconds) {
        commits.observe(seconds);
        rows.inc(count);
      },
      failed: () => failedCommits.inc(),
      judged: (verdict) => windows.inc({ verdict }),
    },
    activities: {
      began: (activity) => inFlight.inc({ activity }),
      ended(activity, outcome, seconds) {
        inFlight.dec({ activity });
        durations.observe({ activity, outcome }, seconds);
      },
      sent: (phase, status) => sendings.inc({ phase, status }),
    },
  };
}

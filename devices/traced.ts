import { withLogFields } from "../system/log.ts";
import { span, tracingRuns } from "../system/tracing.ts";
import type { Journal } from "./journal.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

/** The same sessions, each use of which is a span, and each line that is logged meanwhile names the device. */
export function traceSessions(sessions: Sessions): Sessions {
  return {
    use: (access, purpose, fn, options) =>
      withLogFields({ device: access.name }, () =>
        span(
          "device session",
          { kind: "client", device: access.name, device_type: access.platform.id, purpose },
          async (whole) => {
            const began = performance.now();
            return sessions.use(
              access,
              purpose,
              (session, facts) => {
                // From the queue for the device to its prompt; a session that was kept costs next to nothing.
                whole?.setAttribute("session_ready_ms", Math.round(performance.now() - began));
                return fn(tracingRuns() ? traced(session) : session, facts);
              },
              options,
            );
          },
        ),
      ),
    closeAll: () => sessions.closeAll(),
  };
}

/** A span from the lines' first byte to the prompt behind the last one. Counts, and never a word of what was said. */
const traced = (session: Session): Session => ({
  ...session,
  exchange: (lines, options) =>
    span("lines to prompt", { device: session.device.name, lines: lines.length }, async (it) => {
      const exchange = await session.exchange(lines, options);
      it?.setAttributes({
        answers: exchange.answers.length,
        bytes: exchange.raw.reduce((all, piece) => all + piece.length, 0),
        pages: exchange.pages,
      });
      return exchange;
    }),
});

/** The same journal; the wait for a window's commit is a span. */
export function traceJournal(journal: Journal): Journal {
  return {
    ...journal,
    begin: (window) =>
      span(
        "journal window",
        { lines: window.lines.length, window: window.windowNo, attempt: window.attempt, direction: window.direction },
        async (it) => {
          const verdict = await journal.begin(window);
          it?.setAttribute("verdict", verdict);
          return verdict;
        },
      ),
  };
}

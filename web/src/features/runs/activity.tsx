import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Run, RunEvent } from "../../../../domain/contract/run.ts";
import { Avatar } from "../../components/bits.tsx";
import { Windowed } from "../../components/diff/windowed.tsx";
import { Card } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { errorText } from "../../lib/errors.ts";
import { useMe } from "../../lib/session.ts";
import { statusOf } from "../../lib/status-of.ts";
import { formatWhen } from "../../lib/time.ts";
import { eventWords, worthTelling } from "./run-words.ts";
import { historyQuery } from "./runs-api.ts";

const MANY = 60;

/** People's and the engine's acts in one list. */
export function Activity({ run }: { run: Run }) {
  const query = useQuery(historyQuery(run.id));
  const me = useMe().user.username;
  const events = useMemo(
    () => (query.data ?? []).filter((e) => worthTelling(e, run.devices.length)).reverse(),
    [query.data, run.devices.length],
  );
  return (
    <Card title="Who did what" note="newest first" className="ns-run-acts">
      {query.isError && <p className="cb sm k-bad k-text">{errorText(query.error)}</p>}
      {events.length === 0 && !query.isError && (
        <p className="cb sm t3">{query.isPending ? "Reading…" : "Nothing happened yet."}</p>
      )}
      {events.length > MANY ? (
        <Windowed label="Who did what" className="list" count={events.length} estimate={35} maxHeight="none">
          {(index) => {
            const event = events[index];
            return event ? <Row event={event} me={me} /> : null;
          }}
        </Windowed>
      ) : (
        <div className="list" tabIndex={0} role="region" aria-label="Who did what">
          {events.map((event) => (
            <Row key={event.seq} event={event} me={me} />
          ))}
        </div>
      )}
    </Card>
  );
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** Failures name their device; here it stands before them already. */
const withoutName = (text: string, name: string): string =>
  text.startsWith(`${name} `) ? text.slice(name.length + 1) : text;

function Row({ event, me }: { event: RunEvent; me: string }) {
  const { who, what } = eventWords(event);
  const back = event.step === "rollback" && event.status === "success";
  const view = statusOf(back ? "rolled_back" : (event.status ?? "running"));
  return (
    <div className="ns-run-act">
      <time dateTime={event.at} title={event.at}>
        {formatWhen(event.at, { precise: true })}
      </time>
      {event.kind === "person" && event.actor ? (
        <Avatar name={event.actor} />
      ) : (
        <StatusIcon
          kind={event.status === null ? "idle" : view.kind}
          icon={event.status === null || view.icon === "turn" ? "ring" : view.icon}
          className="lg"
        />
      )}
      <span className="break">
        {who === null ? (
          sentenceCase(what)
        ) : (
          <>
            <b>{who === me && event.kind === "person" ? "You" : who}</b> {withoutName(what, who)}
          </>
        )}
      </span>
    </div>
  );
}

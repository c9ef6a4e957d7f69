import { Tooltip } from "@mantine/core";
import { formatAgo, formatCountdown, formatDuration, formatWhen, useNow } from "../lib/time.ts";

const utc = (iso: string): string => new Date(iso).toISOString().replace(/\.000Z$/, "Z");

/** A moment in the user's zone; RFC 3339 UTC on hover or focus. `precise` keeps the time of other days. */
export function When({
  at,
  precise = false,
  focusable = false,
}: {
  at: string;
  precise?: boolean;
  focusable?: boolean;
}) {
  if (!Number.isFinite(Date.parse(at))) return null;
  return (
    <Tooltip label={utc(at)}>
      <time dateTime={utc(at)} className="num nowrap" {...(focusable ? { tabIndex: 0 } : {})}>
        {formatWhen(at, { precise })}
      </time>
    </Tooltip>
  );
}

/** `3 h ago`, kept fresh. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <Tooltip label={utc(at)}>
      <time dateTime={utc(at)} className="num nowrap">
        {formatAgo(now - Date.parse(at))}
      </time>
    </Tooltip>
  );
}

/** Time left on the server's clock; at zero it says so. */
export function Countdown({
  to,
  done = "0:00",
  suffix = "",
  className = "",
}: {
  to: string;
  done?: string;
  suffix?: string;
  className?: string;
}) {
  const left = Date.parse(to) - useNow();
  return (
    <Tooltip label={utc(to)}>
      <time dateTime={utc(to)} className={`ns-cd num nowrap ${className}`}>
        {left > 0 ? formatCountdown(left) + suffix : done}
      </time>
    </Tooltip>
  );
}

/** Time since a start, running until an end is given. */
export function Elapsed({ from, to }: { from: string; to?: string | null }) {
  const now = useNow();
  return <span className="num nowrap">{formatDuration((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}

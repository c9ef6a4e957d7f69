import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconBolt, IconMoon, IconSun } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Kbd, count } from "../components/bits.tsx";
import { reconnectLive, useLive } from "../lib/live.ts";
import { healthQuery } from "../lib/stats.ts";
import { formatAgo, formatClock, formatCountdown, useNow, userZone } from "../lib/time.ts";

/** What the page may claim: live, reconnecting, or not live since when. */
export function LiveState({ short = false }: { short?: boolean }) {
  const live = useLive();
  useNow();
  if (live.status === "live")
    return (
      <span className="row g6 k-ok">
        <i className="ns-dot" />
        {short ? (
          "live"
        ) : (
          <>
            <b>Live</b>
            <span className="num">last event {formatAgo(Date.now() - live.lastAt)}</span>
          </>
        )}
      </span>
    );
  if (live.status === "not_live") {
    const since = live.lastAt === null ? "" : ` since ${formatClock(live.lastAt)}`;
    return (
      <span className="row g6 k-wait k-text" role="status">
        <i className="ns-dot" />
        <b className="k-text">Not live{since}</b>
        {!short && live.nextTryAt !== null && live.nextTryAt > Date.now() && (
          <span className="num">next try in {formatCountdown(live.nextTryAt - Date.now())}</span>
        )}
        {!short && (
          <button type="button" className="lk u" onClick={reconnectLive}>
            Connect now
          </button>
        )}
      </span>
    );
  }
  return (
    <span className="row g6 k-idle">
      <i className="ns-dot" />
      {live.status === "connecting" ? (short ? "…" : "Connecting") : "Reconnecting"}
    </span>
  );
}

function Engines() {
  const { data: health } = useQuery(healthQuery);
  if (!health) return null;
  const down = health.engines.filter((engine) => !engine.ok);
  return (
    <span className="row g6 i14">
      <IconBolt aria-hidden="true" />
      {down.length === 0 ? (
        <span>
          Engines <b>ok</b> · {count(health.workers, "worker")}
        </span>
      ) : (
        <b className="k-bad k-text" title={down.map((engine) => `${engine.name}: ${engine.detail}`).join("\n")}>
          {down.map((engine) => engine.name).join(", ")} {down.length === 1 ? "is" : "are"} away
        </b>
      )}
    </span>
  );
}

const zoneWord = (): string =>
  new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" })
    .formatToParts()
    .find((part) => part.type === "timeZoneName")?.value ?? "";

function Clock() {
  const now = useNow();
  return (
    <>
      <span className="num">
        <b>{formatClock(now)}</b> {zoneWord()}
      </span>
      <span className="zone">{userZone()}</span>
    </>
  );
}

export function ThemeSwitch({ className = "" }: { className?: string }) {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  return (
    <button
      type="button"
      className={`ns-bare i14 ${className}`}
      onClick={() => setColorScheme(dark ? "light" : "dark")}
      aria-label={dark ? "Use the light theme" : "Use the dark theme"}
    >
      {dark ? <IconSun aria-hidden="true" /> : <IconMoon aria-hidden="true" />}
    </button>
  );
}

export function StatusBar({ onKeys }: { onKeys: () => void }) {
  return (
    <footer className="ns-stat" aria-label="Status">
      <LiveState />
      <Engines />
      <span className="sp" />
      <Clock />
      <ThemeSwitch />
      <button type="button" className="ns-bare row g4" onClick={onKeys}>
        <Kbd>?</Kbd> keys
      </button>
    </footer>
  );
}

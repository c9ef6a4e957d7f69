import { useSyncExternalStore } from "react";

export const userZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The server's clock minus this machine's, in ms. Deadlines count on the server's. */
let skew = 0;
export function setServerTime(iso: string, receivedAt = Date.now()): void {
  const at = Date.parse(iso);
  if (Number.isFinite(at)) skew = at - receivedAt;
}
export const serverNow = (): number => Date.now() + skew;

type Parts = {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  weekday: string;
};

const formats = new Map<string, Intl.DateTimeFormat>();
function partsOf(ms: number, zone: string): Parts {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      weekday: "short",
    });
    formats.set(zone, format);
  }
  const found: Parts = { year: "", month: "", day: "", hour: "", minute: "", second: "", weekday: "" };
  for (const { type, value } of format.formatToParts(ms)) {
    if (type in found) found[type as keyof Parts] = value;
  }
  // en-GB writes "Sept"; every other month has three letters.
  return { ...found, month: found.month.slice(0, 3) };
}

/** Today `02:14:37`, this year `18 Nov`, else `3 Mar 2024`; with `precise` older dates keep their time. */
export function formatWhen(iso: string, options: { now?: number; zone?: string; precise?: boolean } = {}): string {
  const ms = Date.parse(iso);
  if (!Number.isFinite(ms)) return "";
  const zone = options.zone ?? userZone();
  const at = partsOf(ms, zone);
  const now = partsOf(options.now ?? serverNow(), zone);
  if (at.year === now.year && at.month === now.month && at.day === now.day)
    return `${at.hour}:${at.minute}:${at.second}`;
  const date = at.year === now.year ? `${at.day} ${at.month}` : `${at.day} ${at.month} ${at.year}`;
  return options.precise ? `${date} ${at.hour}:${at.minute}` : date;
}

export function formatClock(ms: number, zone = userZone()): string {
  const at = partsOf(ms, zone);
  return `${at.hour}:${at.minute}:${at.second}`;
}

/** `11 s`, `34 m 25 s`, `1 h 9 m`, `212 d 4 h`: the two largest units that say something. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "";
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ];
  const first = units.findIndex(([n]) => n > 0);
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(" ");
}

/** `41:12`, `1:45:23`, `6 d 4 h` beyond two days; never below zero. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds >= 172_800) return formatDuration(seconds * 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `just now`, `40 s ago`, `3 h ago`, `12 d ago`: one unit is enough. */
export function formatAgo(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

// One timer for the whole page: a hundred countdowns share it.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = Math.floor(Date.now() / 1000);
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick = Math.floor(Date.now() / 1000);
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in ms; renders again every second. */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => tick);
  return serverNow();
}

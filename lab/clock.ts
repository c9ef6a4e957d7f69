const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number): string => String(n).padStart(2, "0");

const parts = (at: number) => {
  const d = new Date(at);
  return {
    day: DAYS[d.getUTCDay()] ?? "",
    month: MONTHS[d.getUTCMonth()] ?? "",
    date: d.getUTCDate(),
    year: d.getUTCFullYear(),
    time: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`,
    ms: String(d.getUTCMilliseconds()).padStart(3, "0"),
    iso: d.toISOString().slice(0, 10),
  };
};

/** `10:00:00.123 UTC Tue Nov 24 2026` */
export const iosClock = (at: number): string => {
  const p = parts(at);
  return `${p.time}.${p.ms} UTC ${p.day} ${p.month} ${p.date} ${p.year}`;
};
/** `10:00:00 UTC Tue Nov 24 2026` */
export const iosTime = (at: number): string => iosClock(at).replace(/\.\d+/, "");
/** `Nov 24 10:00:00.123` */
export const logTime = (at: number): string => {
  const p = parts(at);
  return `${p.month} ${String(p.date).padStart(2)} ${p.time}.${p.ms}`;
};
/** `Tue Nov 24 10:00:00 2026` */
export const ctime = (at: number): string => {
  const p = parts(at);
  return `${p.day} ${p.month} ${String(p.date).padStart(2)} ${p.time} ${p.year}`;
};
/** `2026-11-24 10:00:00 UTC` */
export const junosTime = (at: number): string => {
  const p = parts(at);
  return `${p.iso} ${p.time} UTC`;
};

const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? "" : "s"}`;

/** `1 week, 2 days, 3 hours, 4 minutes` */
export function longDuration(ms: number): string {
  let minutes = Math.floor(ms / 60_000);
  const out: string[] = [];
  for (const [unit, size] of [
    ["year", 525_600],
    ["week", 10_080],
    ["day", 1440],
    ["hour", 60],
  ] as const) {
    if (minutes >= size || out.length > 0) out.push(count(Math.floor(minutes / size), unit));
    minutes %= size;
  }
  return [...out, count(minutes, "minute")]
    .filter((text, i, all) => !text.startsWith("0 ") || i === all.length - 1)
    .join(", ");
}

/** `00:01:02`, `1d02h`, `2w3d`: how long a neighbor has been up. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  if (days >= 7) return `${Math.floor(days / 7)}w${days % 7}d`;
  if (days >= 1) return `${days}d${two(Math.floor((seconds % 86_400) / 3600))}h`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

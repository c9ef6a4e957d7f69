import { bind } from "../arguments.ts";
import type { Filter } from "../extension.ts";
import { isInt } from "../int.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { Float, type Value } from "../values.ts";
import { fail, shown } from "./support.ts";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAY = 86_400_000;
const YEAR_1 = -62_135_596_800_000;
const YEAR_10000 = 253_402_300_800_000;
const pad = (value: number, width = 2, fill = "0"): string => String(value).padStart(width, fill);

type Moment = { date: Date; microseconds: number; isUtc: boolean };

const dayOfYear = (date: Date): number => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY);
/** Weeks begin on the first `start` day of the year (0 is Sunday); the days before it are week 0. */
const weekFrom = (date: Date, start: number): number =>
  Math.floor((dayOfYear(date) + 7 - ((date.getUTCDay() + 7 - start) % 7)) / 7);

/** ISO 8601: the week belongs to the year of its Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY);
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}

const part =
  (get: (date: Date) => number, width = 2, fill = "0") =>
  ({ date }: Moment): string =>
    pad(get(date), width, fill);
const twelve = (date: Date): number => date.getUTCHours() % 12 || 12;

const DIRECTIVES: Readonly<Record<string, string | ((moment: Moment) => string)>> = {
  a: ({ date }) => (DAYS[date.getUTCDay()] ?? "").slice(0, 3),
  A: ({ date }) => DAYS[date.getUTCDay()] ?? "",
  b: ({ date }) => (MONTHS[date.getUTCMonth()] ?? "").slice(0, 3),
  B: ({ date }) => MONTHS[date.getUTCMonth()] ?? "",
  c: "%a %b %e %H:%M:%S %Y",
  C: part((date) => Math.floor(date.getUTCFullYear() / 100)),
  d: part((date) => date.getUTCDate()),
  D: "%m/%d/%y",
  e: part((date) => date.getUTCDate(), 2, " "),
  f: ({ microseconds }) => pad(microseconds, 6),
  F: "%Y-%m-%d",
  g: part((date) => isoWeek(date).year % 100),
  G: part((date) => isoWeek(date).year, 4),
  h: "%b",
  H: part((date) => date.getUTCHours()),
  I: part(twelve),
  j: part((date) => dayOfYear(date) + 1, 3),
  k: part((date) => date.getUTCHours(), 2, " "),
  l: part(twelve, 2, " "),
  m: part((date) => date.getUTCMonth() + 1),
  M: part((date) => date.getUTCMinutes()),
  n: () => "\n",
  p: ({ date }) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  P: ({ date }) => (date.getUTCHours() < 12 ? "am" : "pm"),
  r: "%I:%M:%S %p",
  R: "%H:%M",
  s: ({ date }) => String(Math.floor(date.getTime() / 1000)),
  S: part((date) => date.getUTCSeconds()),
  t: () => "\t",
  T: "%H:%M:%S",
  u: part((date) => date.getUTCDay() || 7, 1),
  U: part((date) => weekFrom(date, 0)),
  V: part((date) => isoWeek(date).week),
  w: part((date) => date.getUTCDay(), 1),
  W: part((date) => weekFrom(date, 1)),
  x: "%m/%d/%y",
  X: "%H:%M:%S",
  y: part((date) => date.getUTCFullYear() % 100),
  Y: ({ date }) => String(date.getUTCFullYear()),
  z: ({ isUtc }) => (isUtc ? "+0000" : ""),
  Z: ({ isUtc }) => (isUtc ? "UTC" : ""),
  "%": () => "%",
};

function format(template: string, moment: Moment): string {
  return template.replace(/%([a-zA-Z%])/g, (whole, letter: string) => {
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (directive === undefined) return whole;
    return typeof directive === "string" ? format(directive, moment) : directive(moment);
  });
}

/** `"%Y-%m-%d" | strftime(1700000000)`. Times are those of UTC; without a moment it is an error, as a plan must not depend on when it is made. */
const strftime: Filter = (value, args, kwargs, engine) => {
  const [second, utc] = bind(
    "strftime",
    [
      ["second", null],
      ["utc", false],
    ],
    args,
    kwargs,
  );
  const seconds = secondsOf(second);
  const milliseconds = Math.floor(seconds) * 1000;
  if (milliseconds < YEAR_1 || milliseconds >= YEAR_10000) {
    return fail("strftime", `${shown(second)} is outside of the years 1 to 9999`);
  }
  const template = str(value);
  engine.spend(1 + template.length);
  const microseconds = Math.min(999_999, Math.round((seconds - Math.floor(seconds)) * 1e6));
  return format(template, { date: new Date(milliseconds), microseconds, isUtc: isTrue(utc) });
};

function secondsOf(value: Value): number {
  if (value === null) return fail("strftime", "needs the moment, in seconds since 1970: templates have no clock");
  if (isInt(value)) return Number(value);
  const number = value instanceof Float ? value.value : Number(str(value).trim() || "none");
  return Number.isFinite(number) ? number : fail("strftime", `invalid value for epoch value (${shown(value)})`);
}

export const TIME_FILTERS: readonly (readonly [string, Filter])[] = [["strftime", strftime]];

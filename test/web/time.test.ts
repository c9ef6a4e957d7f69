import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatAgo,
  formatCountdown,
  formatDuration,
  formatWhen,
  serverNow,
  setServerTime,
} from "../../web/src/lib/time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("durations name their two largest units and leave out zeros", () => {
  expect(
    [11 * SECOND, 34 * MINUTE + 25 * SECOND, HOUR + 9 * MINUTE, 212 * DAY + 4 * HOUR, 2 * HOUR, 999, -5].map(
      formatDuration,
    ),
  ).toEqual(["11 s", "34 m 25 s", "1 h 9 m", "212 d 4 h", "2 h", "0 s", "0 s"]);
});

test("a duration never claims more time than there was", () => {
  const UNITS: Record<string, number> = { d: DAY, h: HOUR, m: MINUTE, s: SECOND };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY }), (ms) => {
      const shown = [...formatDuration(ms).matchAll(/(\d+) ([dhms])/g)].reduce(
        (sum, [, n, unit]) => sum + Number(n) * (UNITS[unit ?? ""] ?? 0),
        0,
      );
      expect(shown).toBeLessThanOrEqual(ms);
      expect(ms - shown).toBeLessThan(ms >= DAY ? HOUR : ms >= HOUR ? MINUTE : SECOND);
    }),
  );
});

test("countdowns run to zero and no further, and switch to days when they are long", () => {
  expect(
    [41 * MINUTE + 12 * SECOND, HOUR + 45 * MINUTE + 23 * SECOND, 7 * SECOND, 0, -SECOND, 6 * DAY + 4 * HOUR].map(
      formatCountdown,
    ),
  ).toEqual(["41:12", "1:45:23", "0:07", "0:00", "0:00", "6 d 4 h"]);
  expect(formatCountdown(1)).toBe("0:01");
});

test("ages are one unit", () => {
  expect([500, 40 * SECOND, 5 * MINUTE, 3 * HOUR, 12 * DAY].map(formatAgo)).toEqual([
    "just now",
    "40 s ago",
    "5 m ago",
    "3 h ago",
    "12 d ago",
  ]);
});

const NOW = Date.parse("2026-11-24T01:14:37Z");
const when = (iso: string, zone: string, precise = false): string => formatWhen(iso, { now: NOW, zone, precise });

test("today shows the time, this year the day, before that the year too, all in the reader's zone", () => {
  expect(when("2026-11-24T01:14:37Z", "Europe/Amsterdam")).toBe("02:14:37");
  expect(when("2026-11-18T10:00:00Z", "Europe/Amsterdam")).toBe("18 Nov");
  expect(when("2024-03-03T10:00:00Z", "Europe/Amsterdam")).toBe("3 Mar 2024");
  expect(when("2026-09-05T10:00:00Z", "Europe/Amsterdam", true)).toBe("5 Sep 12:00");
});

test("which day it is depends on the zone", () => {
  // 23:30 UTC the day before is today in Amsterdam and yesterday in London.
  expect(when("2026-11-23T23:30:00Z", "Europe/Amsterdam")).toBe("00:30:00");
  expect(when("2026-11-23T23:30:00Z", "Europe/London")).toBe("23 Nov");
});

test("what is not a time is left out", () => {
  expect(when("soon", "UTC")).toBe("");
});

test("deadlines count on the server's clock", () => {
  const received = Date.now();
  setServerTime(new Date(received + 90 * SECOND).toISOString(), received);
  const ahead = serverNow() - Date.now();
  setServerTime("not a time", received);
  expect(Math.round(ahead / SECOND)).toBe(90);
  expect(Math.round((serverNow() - Date.now()) / SECOND)).toBe(90);
  setServerTime(new Date(received).toISOString(), received);
});

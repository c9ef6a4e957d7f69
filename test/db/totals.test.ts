import { expect, test, vi } from "vitest";
import type { Db } from "../../db/client.ts";
import { totalOf } from "../../db/totals.ts";

/** It is only the key of what is kept. */
const someDb = (): Db => Object.assign(() => undefined, {}) as unknown as Db;

test("the total of a short list is counted each time it is asked for", async () => {
  const db = someDb();
  const count = vi.fn().mockResolvedValueOnce(3).mockResolvedValueOnce(4);
  expect(await totalOf(db, "runs", count)).toBe(3);
  expect(await totalOf(db, "runs", count)).toBe(4);
});

test("that of a long one is counted once for all who ask within two seconds", async () => {
  vi.useFakeTimers();
  try {
    const db = someDb();
    let rows = 7000;
    const count = vi.fn(async () => rows);
    expect(await totalOf(db, "runs", count)).toBe(7000);
    rows = 7001;
    expect(await Promise.all([totalOf(db, "runs", count), totalOf(db, "runs", count)])).toEqual([7000, 7000]);
    expect(await totalOf(db, "changes", async () => 1)).toBe(1);
    vi.advanceTimersByTime(2001);
    expect(await Promise.all([totalOf(db, "runs", count), totalOf(db, "runs", count)])).toEqual([7001, 7001]);
    expect(count).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});

test("a count that fails is not kept", async () => {
  vi.useFakeTimers();
  try {
    const db = someDb();
    expect(await totalOf(db, "runs", async () => 9000)).toBe(9000);
    vi.advanceTimersByTime(2001);
    await expect(totalOf(db, "runs", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await totalOf(db, "runs", async () => 10)).toBe(10);
  } finally {
    vi.useRealTimers();
  }
});

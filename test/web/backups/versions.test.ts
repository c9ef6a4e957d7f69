import { describe, expect, test } from "vitest";
import type { ConfigBackup } from "../../../domain/contract/backup.ts";
import { pairOf, shortHash, sizeText, ticksOf } from "../../../web/src/features/backups/versions.ts";

const version = (id: string, created_at: string): ConfigBackup => ({
  id,
  device_id: null,
  device_name: "edge",
  device_type: "cisco_ios",
  config_hash: `hmac:${id}`,
  config_format: "native",
  size: 1,
  lines: 1,
  status: "good",
  created_at,
  last_seen_at: created_at,
  snapshot_id: null,
  run_id: "r",
  is_latest: false,
});
const NEWEST_FIRST = [
  version("c", "2026-11-24T00:00:00Z"),
  version("b", "2026-11-14T00:00:00Z"),
  version("a", "2026-11-04T00:00:00Z"),
];

describe("which two versions are compared", () => {
  const ids = (a?: string, b?: string): (string | undefined)[] => {
    const pair = pairOf(NEWEST_FIRST, a, b);
    return [pair?.before.id, pair?.after.id];
  };
  test("the last change, until somebody chooses", () => expect(ids()).toEqual(["b", "c"]));
  test("those asked for, the older one before, in whichever order they are named", () => {
    expect(ids("a", "c")).toEqual(["a", "c"]);
    expect(ids("c", "a")).toEqual(["a", "c"]);
  });
  test("one that is not there any more leaves what it was compared with, against the one before it", () =>
    expect(ids("gone", "b")).toEqual(["a", "b"]));
  test("there is none of a single version, and none of a version with itself", () => {
    expect(pairOf(NEWEST_FIRST.slice(0, 1), undefined, undefined)).toBeNull();
    expect(pairOf(NEWEST_FIRST, "b", "b")).toBeNull();
  });
});

test("ticks stand between the oldest version and now", () => {
  expect(ticksOf(NEWEST_FIRST, Date.parse("2026-11-24T00:00:00Z")).map((tick) => tick.at)).toEqual([100, 50, 0]);
});

test("sizes and hashes are short", () => {
  expect([512, 84_211, 2_400_000].map(sizeText)).toEqual(["512 B", "84 KB", "2.4 MB"]);
  expect(shortHash("hmac-sha256:4c7e11d8aa00")).toBe("4c7e11d8");
});

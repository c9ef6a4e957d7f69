import { expect, test } from "vitest";
import type { Device } from "../../domain/contract/device.ts";
import type { Run, RunStep } from "../../domain/contract/run.ts";
import { brokenSince } from "../../web/src/features/now/broke.tsx";
import { fleetBySite } from "../../web/src/features/now/fleet-sites.ts";
import { inDoubt, progressOf } from "../../web/src/features/now/progress.ts";

const device = (name: string, more: Partial<Device> = {}): Device => ({
  id: name,
  name,
  host: "192.0.2.1",
  port: 22,
  device_type: "cisco_ios",
  site: "ams",
  tags: [],
  description: "",
  username: null,
  has_password: false,
  has_enable_password: false,
  has_private_key: false,
  credential_id: null,
  credential_name: null,
  jump_device: null,
  weak_algorithms: [],
  timeouts: {},
  enabled: true,
  disabled_reason: null,
  disabled_until: null,
  disabled_by: null,
  overridden: [],
  is_lab: false,
  state: "reachable",
  state_since: null,
  last_error: null,
  latency_ms: null,
  facts: null,
  host_key: null,
  offered_host_key: null,
  held_by: null,
  last_change: null,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
  ...more,
});
const step = (type: string, status: RunStep["status"], name: string | null): RunStep => ({
  id: type,
  name: type,
  type,
  status,
  device: name,
  attempt: 1,
  message: null,
  error: null,
  started_at: null,
  completed_at: null,
  duration_ms: null,
});
const run = (more: Partial<Run>): Run => ({
  id: "1",
  kind: "change",
  title: "NTP",
  status: "running",
  message: null,
  change_id: null,
  backup: null,
  approval_id: null,
  started_by: "ann",
  created_at: "2026-11-24T00:00:00Z",
  started_at: null,
  completed_at: null,
  error: null,
  devices: [],
  steps: [],
  pause_requested: false,
  cancel_requested: false,
  ...more,
});

test("only what broke after the last visit is listed, newest first", () => {
  const runs = [
    run({ id: "old", status: "failed", completed_at: "2026-11-22T10:00:00Z" }),
    run({ id: "failed", status: "failed", completed_at: "2026-11-23T12:00:00Z" }),
    run({ id: "kept", status: "success", completed_at: "2026-11-23T13:00:00Z" }),
  ];
  const devices = [
    device("away", { state: "unreachable", state_since: "2026-11-23T14:00:00Z" }),
    device("well", { state_since: "2026-11-23T14:00:00Z" }),
  ];
  expect(brokenSince("2026-11-23T00:00:00Z", runs, devices).map((thing) => thing.id)).toEqual(["away", "failed"]);
});

test("a backup counts devices: those read, those that failed, those skipped; what is left stays open", () => {
  const backup = { total: 10, success: 5, unchanged: 4, failed: 1, skipped: 1, pending: 3 };
  const { segments, total, word } = progressOf(run({ kind: "backup", backup }));
  expect([total, word]).toEqual([10, "Backing up"]);
  expect(segments.map(({ count, label }) => [count, label])).toEqual([
    [5, "read"],
    [1, "failed"],
    [1, "skipped"],
  ]);
});

test("progress counts apply, verify and keep of each device; planning is no progress on a device", () => {
  const steps = [
    step("plan", "success", null),
    step("plan", "success", "a"),
    step("apply", "success", "a"),
    step("verify", "running", "a"),
    step("apply", "interrupted", "b"),
    step("keep", "pending", "a"),
  ];
  const { segments, total } = progressOf(run({ devices: ["a", "b"], steps }));
  expect(total).toBe(6);
  expect(segments.map(({ label, count }) => [label, count])).toEqual([
    ["done", 1],
    ["running", 1],
    ["in doubt", 1],
  ]);
});

test("only devices wait for a choice, not the run as a whole", () => {
  const steps = [step("apply", "interrupted", null), step("apply", "interrupted", "b")];
  expect(inDoubt(run({ steps })).map((each) => each.device)).toEqual(["b"]);
});

test("the fleet shows each device once, what needs a look first, small sites as one group beyond ten", () => {
  const devices = [
    ...Array.from({ length: 14 }, (_, i) => device(`d${i}`, { site: `s${i}` })),
    device("big1", { site: "s0" }),
    device("big2", { site: "s0", state: "unreachable" }),
    device("none", { site: null }),
  ];
  const sites = fleetBySite(devices);
  expect(sites.flatMap((site) => site.devices.map((each) => each.name)).sort()).toEqual(
    devices.map((each) => each.name).sort(),
  );
  expect(sites[0]?.devices.map((each) => each.name)).toEqual(["big2", "big1", "d0"]);
  expect(sites.map((site) => site.name)).toContain("+5 sites");
  expect(sites.at(-1)).toMatchObject({ name: "no site", filter: null });
});

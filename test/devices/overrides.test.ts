import { afterAll, beforeAll, expect, test } from "vitest";
import { changeOverride, removeOverride } from "../../services/device-overrides.ts";
import type { Ctx } from "../../services/context.ts";
import { createLabWorld, endRun, type LabWorld } from "./world.ts";

let w: LabWorld;
let id: string;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
  id = await w.device("lab-ams-1");
});
afterAll(() => w.stop());

const LINES = "interface GigabitEthernet0/1\n description overridden\n";
/** What these two verbs use of it. */
const ctx = (): Ctx =>
  ({
    pool: w.pool,
    vault: w.vault,
    actor: {
      id: w.people.asker,
      username: "asker",
      roles: ["admin"],
      permissions: new Set(["devices:write"]),
      via: "session",
    },
    requestId: "test",
    ip: null,
  }) as unknown as Ctx;

test("an override that moves a device after the approval makes it void: nothing is sent", async () => {
  const change = await w.approve([id], LINES);
  await endRun(w, change);
  for (const patch of [
    { host: "127.0.0.2" },
    { device_type: "cisco_xe" as const },
    { disabled: true, disabled_reason: "moved" },
  ]) {
    await changeOverride(ctx(), id, patch);
    await w.pool`update device_locks set run_id = ${change.runId} where device_id = ${id}`;
    await expect(w.run(change, id, "apply")).rejects.toMatchObject({
      code: "disabled" in patch ? "device_disabled" : "device_changed",
    });
    await endRun(w, change);
    await removeOverride(ctx(), id);
  }
  expect(await w.sent("lab-ams-1")).toEqual([]);
  expect(await w.rows(change)).toEqual([]);
});

test("a plan and its apply go to where the override says", async () => {
  const [router] = w.lab.routers;
  if (!router) throw new Error("no router");
  await w.pool`update devices set port = 1, username = 'nobody' where id = ${id}`;
  await changeOverride(ctx(), id, {
    port: router.port,
    username: router.username,
    password: router.password,
    enable_password: router.enable_password,
  });
  const change = await w.approve([id], LINES);
  expect(await w.run(change, id, "apply")).toMatchObject({ status: "done" });
  expect(await w.sent("lab-ams-1")).toContain(" description overridden");
  await endRun(w, change);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { LAB_ROUTERS } from "../../lab/inventory.ts";
import { backUpAll } from "../../services/config-backups.ts";
import { startBackupWorld, type BackupWorld } from "../support/backup-world.ts";

let world: BackupWorld;
beforeAll(async () => {
  world = await startBackupWorld({ routers: LAB_ROUTERS.slice(0, 3) });
});
afterAll(() => world.stop());

test("a fleet is backed up, and what did not change is no new version", async () => {
  const first = await world.until(await backUpAll(world.ctx, undefined, null));
  console.log(JSON.stringify(first, null, 1));
  const again = await world.until(await backUpAll(world.ctx, undefined, null));
  console.log(again.message);
  expect(again.backup).toMatchObject({ total: 3, success: 3, unchanged: 3 });
});

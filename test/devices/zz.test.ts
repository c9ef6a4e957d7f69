import { afterAll, beforeAll, test } from "vitest";
import { createLabWorld, type LabWorld } from "./world.ts";
let w: LabWorld;
beforeAll(async () => { w = await createLabWorld(["lab-ams-1"], { timeScale: 60 }); });
afterAll(() => w.stop());
test("x", async () => {
  const t0 = Date.now(); const log = (...a: unknown[]) => console.log(Date.now() - t0, ...a);
  await w.pool`update devices set timeouts = '{"idle": 2}', updated_at = clock_timestamp()`;
  const r = await w.device("lab-ams-1");
  const change = await w.approve([r], "interface GigabitEthernet0/1\n description one\nntp server 192.0.2.77");
  await w.control.addFault("lab-ams-1", { kind: "half_open", line: 2, applied: true, once: true });
  log("apply"); const o = await w.run(change, r, "apply", { record: (d, t) => log(d, JSON.stringify(t).slice(0, 200)) }); log(JSON.stringify(o));
  log(await w.settle(change, r)); 
  log(await w.run(change, r, "apply"));
}, 40000);

import { afterAll, beforeAll, expect, test } from "vitest";
import { createLabWorld, endRun, type LabWorld } from "./world.ts";

let w: LabWorld;
let r: string;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
  r = await w.device("lab-ams-1");
});
afterAll(() => w.stop());

const LINES = "interface GigabitEthernet0/1\n description to the roof\n shutdown\nntp server 192.0.2.77\n";

test("a change is sent line by line, kept, and taken back", async () => {
  const before = await w.config("lab-ams-1");
  const change = await w.approve([r], LINES);
  expect(await w.run(change, r, "apply")).toEqual({ status: "done", confirmBy: null });
  expect(await w.config("lab-ams-1")).toContain("description to the roof");
  const rows = await w.rows(change);
  expect(rows.map((x) => [x.seq, x.attempt, x.state])).toEqual([0, 1, 2, 3].map((n) => [n, 1, "taken"]));
  expect(await w.run(change, r, "keep")).toEqual({ status: "done", confirmBy: null });
  expect((await w.control.running("lab-ams-1")).startup).toContain("description to the roof");
  expect(await w.run(change, r, "rollback")).toEqual({ status: "done", confirmBy: null });
  expect(await w.config("lab-ams-1")).toBe(before);
  expect((await w.control.running("lab-ams-1")).startup).not.toContain("description to the roof");
  await endRun(w, change);
});

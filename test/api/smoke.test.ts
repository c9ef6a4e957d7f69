import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type Api } from "./api.ts";
let api: Api;
beforeAll(async () => { api = await startApi(); });
afterAll(() => api.stop());
test("smoke", async () => {
  const admin = await api.as(["admin"]);
  await admin.call("POST","/api/devices",{name:"r1",host:"10.0.0.1",device_type:"cisco_ios",password:"x"});
  const r = await admin.call("PUT","/api/devices/r1",{site:"ams"});
  console.log(r.text);
  console.log(await api.pool`select * from devices`, await api.pool`select * from audit`);
  expect(r.body.data.device.site).toBe("ams");
});

import { afterAll, beforeAll, expect, test } from "vitest";
import type { JournalLine } from "../../domain/contract/run.ts";
import type { ApiClient } from "../support/api-client.ts";
import { startFrr, type FrrRouter } from "../support/frr.ts";
import { carryOut } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";
import { requires } from "../support/requires.ts";

const CONFIG = [
  "interface eth0",
  " description uplink",
  " ip address 10.0.1.1/24",
  "exit",
  "router bgp 65001",
  " bgp router-id 10.255.0.1",
  " no bgp ebgp-requires-policy",
  " neighbor 10.0.1.2 remote-as 65100",
  "exit",
  "ip route 192.0.2.0/24 blackhole",
  "",
].join("\n");

requires("frr", "sshd")("a real FRR, through the API", () => {
  let product: Product;
  let frr: FrrRouter;
  let operator: ApiClient;
  let approver: ApiClient;
  const running = () => frr.vtysh("show running-config");

  beforeAll(async () => {
    [product, frr] = await Promise.all([startProduct(), startFrr("edge1", CONFIG)]);
    operator = await product.admin.newUser("olga", ["operator"]);
    approver = await product.admin.newUser("adam", ["approver"]);
    await product.admin.post("/devices", {
      name: "edge1",
      host: frr.host,
      port: frr.port,
      device_type: "frr",
      username: frr.username,
      private_key: frr.privateKey,
      passphrase: frr.passphrase,
    });
    await product.admin.post("/devices/edge1/test");
    await product.admin.post("/devices/edge1/host-key", { fingerprint: frr.fingerprint });
  });
  afterAll(async () => {
    await product?.stop();
    await frr?.stop();
  });

  test("an interface and BGP change is kept", async () => {
    const { run } = await carryOut(operator, approver, {
      title: "Roof",
      targets: [
        {
          device: "edge1",
          lines: [
            "interface eth1",
            " description to the roof",
            " ip address 10.0.9.1/24",
            "router bgp 65001",
            " neighbor 10.0.9.2 remote-as 65200",
            " neighbor 10.0.9.2 description roof",
          ],
        },
      ],
      verify: [{ command: "show running-config", expect: { contains: "neighbor 10.0.9.2 remote-as 65200" } }],
    });
    expect(run.status, JSON.stringify(run.error)).toBe("success");
    expect(await running()).toContain("neighbor 10.0.9.2 description roof");
    expect(await running()).toContain("ip address 10.0.9.1/24");
  });

  test("a line refused in the middle is named, and all of it is taken back: the config is the same as before", async () => {
    const before = await running();
    const { run } = await carryOut(operator, approver, {
      title: "Refused in the middle",
      targets: [
        {
          device: "edge1",
          lines: [
            "interface eth2",
            " description soon gone",
            " ip address 10.0.10.1/24",
            "router bgp 65001",
            " neighbor 10.0.10.2 remote-as 65300",
            " neighbor 10.0.10.2 timers 99999 1",
            " neighbor 10.0.10.2 description never",
            "ip route 203.0.113.0/24 blackhole",
          ],
        },
      ],
    });
    expect(run.status, JSON.stringify(run.error)).toBe("rolled_back");
    expect(run.error?.message).toContain("timers 99999 1");
    expect(await running()).toBe(before);
    const { lines } = await operator.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines`);
    const applied = lines.filter((l) => l.direction === "apply");
    expect(applied.find((l) => l.line.includes("timers"))?.state).toBe("refused");
    expect(applied.find((l) => l.line.includes("blackhole"))?.state).toBe("not_sent");
  });
});

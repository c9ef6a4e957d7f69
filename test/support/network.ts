import type { Device } from "../../domain/contract/device.ts";
import type { Change } from "../../domain/contract/change.ts";
import type { Run } from "../../domain/contract/run.ts";
import type { ApiClient } from "./api-client.ts";
import type { Product } from "./product.ts";

/**
 * Adds a device of one's own that is reached at a virtual router's address: to NetStacks it is no lab device, so that all
 * rules of real devices hold. Its host key is shown, and accepted by the admin.
 */
export async function ownDevice(product: Product, name: string, router: string): Promise<Device> {
  const target = await product.lab.router(router);
  const { admin } = product;
  await admin.post("/devices", {
    name,
    host: target.host,
    port: target.port,
    device_type: target.device_type,
    site: "own",
    username: target.username,
    password: target.password,
    enable_password: target.enable_password,
  });
  const first = await admin.post<{ test: { host_key: { fingerprint: string } | null } }>(`/devices/${name}/test`);
  await admin.post(`/devices/${name}/host-key`, {
    fingerprint: first.test.host_key?.fingerprint,
    reason: "compared with the router",
  });
  return (await admin.get<{ device: Device }>(`/devices/${name}`)).device;
}

export type Asked = { change: Change; run: Run };

/** Plans a change and waits until the plan stands. */
export const plan = (client: ApiClient, body: Record<string, unknown>): Promise<Asked> =>
  client.post<Asked>("/changes?wait=30", body);

/** Asks for approval of a planned change, and gives it with its approval. */
export async function ask(client: ApiClient, { change }: Asked): Promise<Change> {
  await client.post(`/changes/${change.id}/apply`, { hash: change.hash, reason: "CHG-1" });
  return (await client.get<{ change: Change }>(`/changes/${change.id}`)).change;
}

/** The whole way: plan, ask, approve by somebody else, until the run has ended. */
export async function carryOut(
  asker: ApiClient,
  approver: ApiClient,
  body: Record<string, unknown>,
): Promise<{ change: Change; run: Run }> {
  const planned = await plan(asker, body);
  const asked = await ask(asker, planned);
  await approver.post(`/approvals/${asked.approval_id}/approve`, { hash: planned.change.hash, reason: "read" });
  const run = await asker.untilEnded(planned.run.id);
  return { change: (await asker.get<{ change: Change }>(`/changes/${planned.change.id}`)).change, run };
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptedKey, recordOfferedKey } from "../../db/queries/host-keys.ts";
import { newId } from "../../system/ids.ts";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let admin: Caller;
let approver: Caller;
let operator: Caller;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
  approver = await api.as(["approver"], "ann");
  operator = await api.as(["operator"], "op");
});
afterAll(() => api.stop());

const fingerprint = (letter: string): string => `SHA256:${letter.repeat(43)}`;
let n = 0;
async function device(offered?: string): Promise<{ id: string; name: string }> {
  n += 1;
  const { body } = await operator.call("POST", "/api/devices", {
    name: `k${n}`,
    host: "10.0.0.1",
    device_type: "linux",
  });
  if (offered !== undefined) await offer(body.data.device.id, offered);
  return body.data.device;
}
const offer = (deviceId: string, shown: string) =>
  recordOfferedKey(api.pool, { id: newId(), device_id: deviceId, algorithm: "ssh-ed25519", fingerprint: shown });
const accept = (caller: Caller, name: string, shown: string) =>
  caller.call("POST", `/api/devices/${name}/host-key`, { fingerprint: shown, reason: "compared by phone" });

describe("a host key", () => {
  test("is accepted by a person, with the fingerprint that the device showed", async () => {
    const { name, id } = await device(fingerprint("a"));
    const before = await admin.call("GET", `/api/devices/${name}`);
    expect(before.body.data.device).toMatchObject({
      host_key: null,
      offered_host_key: { fingerprint: fingerprint("a"), status: "unknown" },
    });
    const reply = await accept(approver, name, fingerprint("a"));
    expect(reply.status).toBe(200);
    expect(reply.body.data.device).toMatchObject({
      host_key: { fingerprint: fingerprint("a"), status: "accepted", accepted_by: "ann" },
      offered_host_key: null,
    });
    expect((await acceptedKey(api.pool, id))?.fingerprint).toBe(fingerprint("a"));
    // Pressed twice: the same answer.
    expect((await accept(approver, name, fingerprint("a"))).status).toBe(200);
    expect(await api.pool`select 1 from host_keys where device_id = ${id}`).toHaveLength(1);
  });

  test("not with a fingerprint that was not shown, nor one that was shown before another", async () => {
    const { name, id } = await device(fingerprint("a"));
    const other = await accept(approver, name, fingerprint("b"));
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 409, code: "host_key_other" });
    await offer(id, fingerprint("c"));
    expect((await accept(approver, name, fingerprint("a"))).body.code).toBe("host_key_other");
    expect(await acceptedKey(api.pool, id)).toBeUndefined();
    const silent = await device();
    expect((await accept(approver, silent.name, fingerprint("a"))).body.code).toBe("host_key_not_offered");
  });

  test("not by who may only test devices", async () => {
    const { name, id } = await device(fingerprint("a"));
    expect((await accept(operator, name, fingerprint("a"))).body.code).toBe("permission_missing");
    const byTest = await operator.call("POST", `/api/devices/${name}/test`, { accept_host_key: fingerprint("a") });
    expect(byTest.body.code).toBe("permission_missing");
    expect(await acceptedKey(api.pool, id)).toBeUndefined();
  });

  test("a changed one is shown as changed, and the old one stays on record when it is replaced", async () => {
    const { name, id } = await device(fingerprint("a"));
    await accept(approver, name, fingerprint("a"));
    await offer(id, fingerprint("b"));
    const shown = await admin.call("GET", `/api/devices/${name}`);
    expect(shown.body.data.device).toMatchObject({
      host_key: { fingerprint: fingerprint("a") },
      offered_host_key: { fingerprint: fingerprint("b"), status: "changed" },
    });
    // "whatever it showed" is not enough for a changed key.
    expect((await admin.call("POST", `/api/devices/${name}/test`, { accept_host_key: true })).body.code).toBe(
      "host_key_changed",
    );
    expect((await accept(approver, name, fingerprint("b"))).status).toBe(200);
    const rows = await api.pool<
      { status: string; fingerprint: string }[]
    >`select status, fingerprint from host_keys where device_id = ${id} order by status`;
    expect(rows.map((r) => [r.status, r.fingerprint])).toEqual([
      ["accepted", fingerprint("b")],
      ["replaced", fingerprint("a")],
    ]);
    const { text } = await admin.call("GET", "/api/audit?action=host_key.accept");
    expect(text).toContain(`"replaces":"${fingerprint("a")}"`);
  });

  test("a test with accept_host_key: true accepts what was shown before, and never what it shows only now", async () => {
    const seen = await device(fingerprint("a"));
    api.engine.answers.tests = () => [
      { device: "x", reachable: true, latency_ms: 1, prompt: "x#", facts: null, host_key: null, error: null },
    ];
    expect((await admin.call("POST", `/api/devices/${seen.name}/test`, { accept_host_key: true })).status).toBe(200);
    expect((await acceptedKey(api.pool, seen.id))?.fingerprint).toBe(fingerprint("a"));
    const unseen = await device();
    api.engine.answers.tests = async ([id]) => {
      await offer(id ?? "", fingerprint("z"));
      return [
        {
          device: "x",
          reachable: false,
          latency_ms: 1,
          prompt: null,
          facts: null,
          host_key: null,
          error: { code: "host_key_unknown", message: "unknown", what_to_do: "compare" },
        },
      ];
    };
    expect(
      (await admin.call("POST", `/api/devices/${unseen.name}/test`, { accept_host_key: true })).body.data.test.error
        ?.code,
    ).toBe("host_key_unknown");
    expect(await acceptedKey(api.pool, unseen.id)).toBeUndefined();
  });
});

describe("an enrolment", () => {
  test("accepts many at once as one decision, and says which it refused", async () => {
    const good = [await device(fingerprint("a")), await device(fingerprint("b"))];
    const other = await device(fingerprint("c"));
    const silent = await device();
    const before = (await api.pool`select 1 from enrolments`).length;
    const reply = await approver.call("POST", "/api/devices/bulk/host-keys", {
      devices: [
        { device: good[0]?.name, fingerprint: fingerprint("a") },
        { device: good[1]?.id, fingerprint: fingerprint("b") },
        { device: other.name, fingerprint: fingerprint("a") },
        { device: silent.name, fingerprint: fingerprint("a") },
        { device: "nowhere", fingerprint: fingerprint("a") },
      ],
      reason: "new site",
    });
    expect(reply.status).toBe(200);
    expect(reply.body.data.accepted.sort()).toEqual(good.map((d) => d.name).sort());
    expect(reply.body.data.refused.map((r) => [r.device, r.code])).toEqual([
      [other.name, "host_key_other"],
      [silent.name, "host_key_not_offered"],
      ["nowhere", "not_found"],
    ]);
    const enrolments = await api.pool<
      { id: string; accepted_by: string; reason: string; devices: number; hmac: Buffer; at: Date }[]
    >`select * from enrolments order by at desc`;
    expect(enrolments.length).toBe(before + 1);
    const [row] = enrolments;
    expect(row).toMatchObject({ accepted_by: "ann", reason: "new site", devices: 2 });
    const keys = await api.pool<
      { enrolment_id: string }[]
    >`select enrolment_id from host_keys where device_id = any(${good.map((d) => d.id)}::uuid[])`;
    expect(keys.map((k) => k.enrolment_id)).toEqual([row?.id, row?.id]);
    const what = [
      `${good[0]?.id} ssh-ed25519 ${fingerprint("a")}`,
      `${good[1]?.id} ssh-ed25519 ${fingerprint("b")}`,
    ].sort();
    expect(
      api.vault.verify(
        "enrolment",
        row?.hmac ?? Buffer.alloc(0),
        row?.id ?? "",
        "ann",
        "new site",
        row?.at.toISOString() ?? "",
        ...what,
      ),
    ).toBe(true);
    const audit = await admin.call("GET", "/api/audit?action=host_key.accept&limit=1");
    expect(audit.body.data.entries[0]?.detail["accepted"]).toHaveLength(2);
  });
});

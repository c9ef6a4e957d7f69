import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRead } from "../../domain/read/parse-read.ts";
import { read, testDevice } from "../../devices/read.ts";
import { newId } from "../../system/ids.ts";
import { requires } from "../support/requires.ts";
import { startSshd, type Sshd } from "../support/sshd.ts";
import { createLabWorld, type LabWorld } from "./world.ts";

requires("sshd")("through OpenSSH", () => {
  let w: LabWorld;
  let host: Sshd;
  beforeAll(async () => {
    w = await createLabWorld(["lab-ams-1"]);
    host = await startSshd("/bin/bash --norc --noprofile -i");
  });
  afterAll(async () => {
    await w.stop();
    await host.stop();
  });

  const addHost = async (name: string, { jump = null as string | null, port = host.port } = {}): Promise<string> => {
    const id = newId();
    const sealed = w.vault.seal(
      JSON.stringify({ private_key: host.privateKey, passphrase: host.passphrase }),
      `device:${id}`,
    );
    await w.pool`insert into devices (id, name, host, port, device_type, username, sealed, has_private_key, jump_device_id) values (${id}, ${name}, ${host.host}, ${port}, 'linux', ${host.username}, ${sealed}, true, ${jump})`;
    await w.pool`insert into host_keys (id, device_id, algorithm, fingerprint, status) values (${newId()}, ${id}, 'ssh-ed25519', ${host.fingerprint}, 'accepted')`;
    return id;
  };
  const behind = async (deviceId: string, jump: string | null): Promise<void> => {
    await w.pool`update devices set jump_device_id = ${jump}, updated_at = clock_timestamp() where id = ${deviceId}`;
  };

  test("a Linux host is read, and nothing else", async () => {
    const id = await addHost("bastion");
    const answer = await testDevice(w.sessions, await w.access(id));
    expect(answer.error).toBeNull();
    expect(answer.facts).toMatchObject({ vendor: "Linux", os_version: expect.stringMatching(/\w/) as string });
    const { text } = await w.sessions.use(await w.access(id), "read", (s) =>
      read(s, parseRead("linux", "cat /etc/hostname")),
    );
    expect(text.trim()).not.toBe("");
    expect(() => parseRead("linux", "rm -rf /tmp/x")).toThrow(/not a read/);
    await expect(w.approve([id], "touch /tmp/x")).rejects.toThrow("nothing is sent to this platform");
  });

  test("a device behind a jump host is reached through it, and the jump host's connection is shared", async () => {
    const r = await w.device("lab-ams-1");
    const bastion = await addHost("bastion-2");
    await behind(r, bastion);
    const answer = await testDevice(w.sessions, await w.access(r));
    expect(answer).toMatchObject({ error: null, facts: { hostname: "lab-ams-1" } });
    await behind(r, null);
  });

  test("over two jump hosts as well", async () => {
    const r = await w.device("lab-ams-1");
    const far = await addHost("bastion-far", { jump: await addHost("bastion-near") });
    await behind(r, far);
    expect((await testDevice(w.sessions, await w.access(r))).error).toBeNull();
    await behind(r, null);
  });

  test("a jump host that cannot reach the device, or whose key changed, is named", async () => {
    const r = await w.device("lab-ams-1");
    const bastion = await addHost("bastion-3");
    const [before] = await w.pool`select port from devices where id = ${r}`;
    await w.pool`update devices set port = 1 where id = ${r}`;
    await behind(r, bastion);
    expect((await testDevice(w.sessions, await w.access(r))).error).toMatchObject({
      code: "connection_refused",
      message: expect.stringContaining("bastion-3") as string,
    });
    await w.pool`update devices set port = ${before?.port} where id = ${r}`;
    await w.pool`update host_keys set fingerprint = 'SHA256:another' where device_id = ${bastion}`;
    await behind(r, bastion);
    const answer = await testDevice(w.sessions, await w.access(r));
    expect(answer.error).toMatchObject({
      code: "host_key_changed",
      message: expect.stringContaining("bastion-3") as string,
    });
    await behind(r, null);
  });

  test("jump hosts that go round in a circle, or are too many, are refused", async () => {
    const a = await addHost("circle-a");
    const b = await addHost("circle-b", { jump: a });
    await behind(a, b);
    await expect(w.access(a)).rejects.toThrow(/circle/);
    let last: string | null = null;
    for (let n = 0; n < 5; n++) last = await addHost(`chain-${n}`, { jump: last });
    await expect(w.access(last ?? "")).rejects.toThrow(/more than 3 jump hosts/);
  });
});

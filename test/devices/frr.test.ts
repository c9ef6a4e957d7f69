import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseRead } from "../../domain/read/parse-read.ts";
import { read, readRunningConfig, testDevice } from "../../devices/read.ts";
import { newId } from "../../system/ids.ts";
import { startFrr, type FrrRouter } from "../support/frr.ts";
import { requires } from "../support/requires.ts";
import { createWorld, endRun, type World } from "./world.ts";

requires("frr", "sshd")("FRR itself", () => {
  let w: World;
  let frr: FrrRouter;
  let r: string;
  beforeAll(async () => {
    w = await createWorld();
    frr = await startFrr(
      "edge1",
      "interface eth0\n description uplink\n ip address 10.0.1.1/24\nexit\nrouter bgp 65001\n bgp router-id 10.255.0.1\n no bgp ebgp-requires-policy\n neighbor 10.0.1.2 remote-as 65100\nexit\nip route 192.0.2.0/24 blackhole\n",
    );
    r = newId();
    const sealed = w.vault.seal(
      JSON.stringify({ private_key: frr.privateKey, passphrase: frr.passphrase }),
      `device:${r}`,
    );
    await w.pool`insert into devices (id, name, host, port, device_type, username, sealed, has_private_key) values (${r}, 'edge1', ${frr.host}, ${frr.port}, 'frr', ${frr.username}, ${sealed}, true)`;
    await w.pool`insert into host_keys (id, device_id, algorithm, fingerprint, status) values (${newId()}, ${r}, 'ssh-ed25519', ${frr.fingerprint}, 'accepted')`;
  });
  afterAll(async () => {
    await w.stop();
    await frr.stop();
  });

  afterEach(async () => {
    await w.pool`update device_locks set run_id = null, holder = null, expires_at = null`;
  });

  const running = async (): Promise<string> => w.sessions.use(await w.access(r), "read", readRunningConfig);
  const CHANGE = [
    "interface eth1",
    " description to the roof",
    " ip address 10.0.9.1/24",
    "router bgp 65001",
    " neighbor 10.0.9.2 remote-as 65200",
    " neighbor 10.0.9.2 description roof",
    " address-family ipv4 unicast",
    "  network 10.0.9.0/24",
    "  neighbor 10.0.9.2 soft-reconfiguration inbound",
    "ip route 198.51.100.0/24 blackhole",
  ];

  test("it is reached with an encrypted key and tells what it is", async () => {
    const answer = await testDevice(w.sessions, await w.access(r));
    expect(answer).toMatchObject({
      reachable: true,
      error: null,
      prompt: "edge1#",
      facts: { vendor: "FRRouting", hostname: "edge1", os_version: expect.stringMatching(/^\d+\.\d+/) as string },
    });
  });

  test("its running config is read whole", async () => {
    const text = await running();
    expect(text).toContain("neighbor 10.0.1.2 remote-as 65100");
    expect(text.trimEnd().split("\n").at(-1)).toBe("end");
    const direct = await frr.vtysh("show running-config");
    expect(text.trim()).toBe(direct.replace(/\r/g, "").trim());
  });

  test("a read with a pipe, and one that it does not know", async () => {
    const { text } = await w.sessions.use(await w.access(r), "read", (s) =>
      read(s, parseRead("frr", "show ip bgp summary")),
    );
    expect(text).toContain("10.0.1.2");
    await expect(
      w.sessions.use(await w.access(r), "read", (s) => read(s, parseRead("frr", "show nonsense"))),
    ).rejects.toMatchObject({ code: "line_rejected" });
  });

  test("an interface and BGP change is applied section by section, kept, and taken back: before and after are equal", async () => {
    const before = await running();
    const change = await w.approve([r], CHANGE.join("\n"));
    expect(change.targets[0]?.mode).toBe("section");
    const said: string[] = [];
    expect(
      await w.run(change, r, "apply", { record: (direction, text) => void said.push(`${direction} ${text}`) }),
    ).toEqual({ status: "done", confirmBy: null });
    const after = await running();
    for (const line of CHANGE) expect(after).toContain(line.trim());
    const rows = await w.rows(change);
    expect(rows.map((x) => x.state)).toEqual(rows.map(() => "taken"));
    // Fewer windows than lines: the leaves of a section go out together with what leads elsewhere.
    expect(new Set(rows.map((x) => x.window_no)).size).toBeLessThan(rows.length);
    expect((await w.run(change, r, "keep")).status).toBe("done");
    expect((await w.run(change, r, "rollback")).status).toBe("done");
    expect(await running()).toBe(before);
    await endRun(w, change);
  });

  test("a refused line in the middle is named, the ones around it are known, and all of it is taken back", async () => {
    const before = await running();
    const lines = [...CHANGE];
    lines.splice(6, 0, " neighbor 10.0.9.2 weight-of-the-world 7");
    const change = await w.approve([r], lines.join("\n"));
    const outcome = await w.run(change, r, "apply");
    expect(outcome).toMatchObject({
      status: "rejected",
      line: expect.stringContaining("weight-of-the-world") as string,
      answer: expect.stringMatching(/^% /) as string,
    });
    const rows = await w.rows(change);
    expect(rows.filter((x) => x.state === "refused")).toHaveLength(1);
    expect(rows.filter((x) => x.state === "sent")).toEqual([]);
    expect(await running()).not.toContain("198.51.100.0");
    expect((await w.run(change, r, "rollback")).status).toBe("done");
    expect(await running()).toBe(before);
    await endRun(w, change);
  });

  test("four hundred lines of one section are sent together and all of them arrive", async () => {
    const before = await running();
    const change = await w.approve(
      [r],
      [
        "router bgp 65001",
        ...Array.from(
          { length: 400 },
          (_, n) => ` neighbor 10.1.${n % 200}.${1 + Math.floor(n / 200)} remote-as ${65100 + n}`,
        ),
      ].join("\n"),
    );
    expect((await w.run(change, r, "apply")).status).toBe("done");
    const after = await running();
    for (let n = 0; n < 400; n++)
      expect(after).toContain(` neighbor 10.1.${n % 200}.${1 + Math.floor(n / 200)} remote-as ${65100 + n}`);
    expect((await w.rows(change)).filter((x) => x.state !== "taken")).toEqual([]);
    expect((await w.run(change, r, "rollback")).status).toBe("done");
    expect(await running()).toBe(before);
    await endRun(w, change);
  });

  test("a wrong passphrase is named, and nothing is sent", async () => {
    const wrong = newId();
    const sealed = w.vault.seal(
      JSON.stringify({ private_key: frr.privateKey, passphrase: "another" }),
      `device:${wrong}`,
    );
    await w.pool`insert into devices (id, name, host, port, device_type, username, sealed, has_private_key) values (${wrong}, 'edge1-wrong', ${frr.host}, ${frr.port}, 'frr', ${frr.username}, ${sealed}, true)`;
    await w.pool`insert into host_keys (id, device_id, algorithm, fingerprint, status) values (${newId()}, ${wrong}, 'ssh-ed25519', ${frr.fingerprint}, 'accepted')`;
    expect((await testDevice(w.sessions, await w.access(wrong))).error?.code).toBe("key_passphrase");
  });
});

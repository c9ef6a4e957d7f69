import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendingWay } from "../../activities/plan-device.ts";
import { parseRecording } from "../../domain/contract/recording.ts";
import { PLATFORM_IDS } from "../../domain/contract/device.ts";
import { isForeseen } from "../../domain/platforms/language.ts";
import { languages } from "../../domain/platforms/index.ts";
import { readRunningConfig } from "../../devices/read.ts";
import { open, startFakeDevice } from "./fake-device.ts";
import { startRecordedDevice, type RecordedDevice } from "./recorded-device.ts";
import { createWorld, endRun, type World } from "./world.ts";

describe("VRP 8, whose lines wait for a commit", () => {
  let w: World;
  let device: RecordedDevice;
  let id: string;
  beforeAll(async () => {
    w = await createWorld();
    const recording = parseRecording(
      readFileSync(new URL("../recordings/huawei_vrp/8.180.yaml", import.meta.url), "utf8"),
    );
    device = await startRecordedDevice({
      ...recording,
      exchanges: [
        ...recording.exchanges,
        {
          at: "<PE-4>",
          send: "system-view",
          answer: "Enter system view, return user view with return command.\n[~PE-4]",
        },
      ],
    });
    const { host, port, username, hostKey, openSecrets } = device.access;
    const { password = "" } = await openSecrets();
    id = await w.addDevice("pe-4", {
      host,
      port,
      username,
      password,
      device_type: "huawei_vrp",
      host_key_sha256: hostKey?.fingerprint ?? null,
    });
  });
  afterAll(async () => {
    await w.stop();
    await device.stop();
  });

  test("gets no line of a change, because nothing would commit it", async () => {
    const approved = await w.approve([id], "interface LoopBack0\n description X");
    expect(await w.run(approved, id, "apply")).toMatchObject({
      status: "failed",
      nothingSent: true,
      failure: { code: "wrong_platform" },
    });
    expect(device.typed().filter((line) => /interface|description|commit/.test(line))).toEqual([]);
    expect(device.unknown()).toEqual([]);
    await endRun(w, approved);
  });
});

test("the version that a config begins with is no prompt, though it looks like one and the device stops there", async () => {
  const config = [
    "[V200R009C00SPC500]",
    "#",
    "sysname SW1",
    "#",
    "interface Vlanif10",
    " ip address 192.0.2.1 255.255.255.0",
    "#",
    "return",
  ];
  const device = await startFakeDevice({
    platform: "huawei_vrp",
    shell: async (_channel, { line, write }) => {
      write("\r\n<SW1>");
      for (;;) {
        const text = await line();
        write(`${text}\r\n`);
        if (text === "display current-configuration") {
          write(config[0] ?? "");
          await sleep(400);
          write(`\r\n${config.slice(1).join("\r\n")}\r\n`);
        }
        write("<SW1>");
      }
    },
  });
  const session = await open(device);
  expect((await readRunningConfig(session)).trimEnd().split("\n")).toEqual(config);
  session.close();
  await device.stop();
});

test("RouterOS is asked for a plain terminal by the user name, and gets lines as it ends them", async () => {
  const users = new Set<string>();
  let raw = "";
  const device = await startFakeDevice({
    platform: "mikrotik_routeros",
    authenticate: (context) => {
      users.add(context.username);
      if (context.method === "password") context.accept();
      else context.reject(["password"]);
    },
    shell: async (channel, { line, write }) => {
      channel.on("data", (bytes: Buffer) => (raw += bytes.toString()));
      write("[user@r9] > ");
      for (;;) write(`${await line()}\n[user@r9] > `);
    },
  });
  const session = await open(device);
  expect([...users]).toEqual(["user+cet511w4096h"]);
  expect(raw).toMatch(/^(\r\n)+$/);
  expect(session.device.username).toBe("user");
  session.close();
  await device.stop();
});

test.each(PLATFORM_IDS)("%s takes changes only where it is known what they do", (id) => {
  if (!isForeseen(languages[id].config)) expect(sendingWay(id, 5)).toBeNull();
  else expect(sendingWay(id, 5)).not.toBeNull();
});

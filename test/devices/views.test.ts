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

describe("Comware, whose refusals are plain sentences", () => {
  let w: World;
  let device: RecordedDevice;
  let id: string;
  beforeAll(async () => {
    w = await createWorld();
    const recording = parseRecording(
      readFileSync(new URL("../recordings/hp_comware/7.1.070.yaml", import.meta.url), "utf8"),
    );
    const at = "[SW-DIST-4-GigabitEthernet1/0/2]";
    device = await startRecordedDevice({
      ...recording,
      exchanges: [
        ...recording.exchanges.filter((each) => each.send !== "port access vlan 4000"),
        { at, send: "port access vlan 4000", answer: `This VLAN belongs to somebody else.\n${at}` },
      ],
    });
    const { host, port, username, hostKey, openSecrets } = device.access;
    const { password = "" } = await openSecrets();
    id = await w.addDevice("dist-4", {
      host,
      port,
      username,
      password,
      device_type: "hp_comware",
      host_key_sha256: hostKey?.fingerprint ?? null,
    });
  });
  afterAll(async () => {
    await w.stop();
    await device.stop();
  });

  test("gets no line after one to which it said anything", async () => {
    const approved = await w.approve([id], "interface GigabitEthernet1/0/2\n port access vlan 4000\n description ap-2");
    expect(await w.run(approved, id, "apply")).toMatchObject({
      status: "rejected",
      line: " port access vlan 4000",
      answer: "This VLAN belongs to somebody else.",
    });
    expect(device.typed().filter((line) => line.includes("description"))).toEqual([]);
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

test("a device that is renamed in its view is known by either name, and by no other", async () => {
  let name = "SW1";
  let view: string | null = null;
  const device = await startFakeDevice({
    platform: "hp_comware",
    shell: async (_channel, { line, write }) => {
      const prompt = (): string => (view === null ? `<${name}>` : `[${name}${view}]`);
      write(`\r\n${prompt()}`);
      for (;;) {
        const text = (await line()).trim();
        const [verb, value = ""] = text.split(" ");
        if (verb === "system-view" || verb === "quit") view = "";
        if (verb === "return") view = null;
        if (verb === "interface") view = `-${value}`;
        if (verb === "sysname") name = value;
        write(`${text}\r\n${text === "display x" ? "[OTHER-Vlan-interface1]\r\n<OTHER>\r\n" : ""}${prompt()}`);
      }
    },
  });
  const session = await open(device);
  const at = async (line: string): Promise<string> => (await session.exchange([line])).answers[0]?.prompt?.text ?? "";
  expect(await at("system-view")).toBe("[SW1]");
  expect(await at("interface Vlan-interface10")).toBe("[SW1-Vlan-interface10]");
  expect(session.prompt()).toMatchObject({ host: "SW1", mode: "[SW1-Vlan-interface10" });
  expect(await at("quit")).toBe("[SW1]");
  session.expectName("SW-NEW");
  expect(await at("sysname SW-NEW")).toBe("[SW-NEW]");
  expect(await at("interface LoopBack0")).toBe("[SW-NEW-LoopBack0]");
  expect(session.isAtRest()).toBe(false);
  expect(await at("return")).toBe("<SW-NEW>");
  expect(session.isAtRest()).toBe(true);
  expect((await session.exchange(["display x"], { reads: true })).answers[0]?.text).toBe(
    "[OTHER-Vlan-interface1]\n<OTHER>",
  );
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

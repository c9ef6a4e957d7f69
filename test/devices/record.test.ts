import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRecording, type Recording } from "../../domain/contract/recording.ts";
import { parseRead } from "../../domain/read/parse-read.ts";
import { read, readFacts, readRunningConfig } from "../../devices/read.ts";
import { recordDevice } from "../../devices/recording/record.ts";
import { openSession } from "../../devices/session.ts";
import type { Sessions } from "../../devices/sessions.ts";
import { connect } from "../../devices/transport.ts";
import { open } from "./fake-device.ts";
import { startRecordedDevice } from "./recorded-device.ts";
import { createLabWorld, endRun, type LabWorld } from "./world.ts";

let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1", "lab-ams-2", "lab-ams-3"]);
});
afterAll(() => w.stop());

const record = async (name: string): Promise<{ text: string; recording: Recording }> => {
  const { text } = await recordDevice(w.sessions, await w.access(await w.device(name)), new AbortController().signal);
  return { text, recording: parseRecording(text) };
};

/** Secrets, names and addresses in the forms in which they stand in configurations. */
const CANARIES: Record<string, string[]> = {
  "lab-ams-1": [
    "snmp-server community CANARYcommunity RO",
    "username canaryuser secret 0 CANARYpassword",
    "tacacs server T1",
    " address ipv4 10.77.77.77",
    " key 0 CANARYtacacs",
    "ip domain name canary-corp.example",
    "interface Loopback66",
    " description leased line of CANARY hospital",
    " ip address 10.66.66.66 255.255.255.255",
  ],
  "lab-ams-3": [
    "set snmp community CANARYcommunity authorization read-only",
    'set interfaces lo0 unit 66 description "leased line of CANARY hospital"',
    "set interfaces lo0 unit 66 family inet address 10.66.66.66/32",
  ],
};

describe.each(["lab-ams-1", "lab-ams-2", "lab-ams-3"])("a recording of %s", (name) => {
  test("plays in the place of the device, and nothing in it tells whose it was", async () => {
    const id = await w.device(name);
    const lines = CANARIES[name] ?? [];
    if (lines.length > 0) {
      const change = await w.approve([id], lines.join("\n"));
      expect((await w.run(change, id, "apply")).status).toBe("done");
      await endRun(w, change);
    }
    const config = await w.sessions.use(await w.access(id), "read", readRunningConfig);
    const { text, recording } = await record(name);

    for (const canary of text.match(/canary\S*/gi) ?? []) expect(canary).toBe("");
    for (const telling of [name, "10.66.66.66", "10.77.77.77", "10.255.1.1", "noc@lab.example", "LAB05345"])
      expect(text).not.toContain(telling);
    for (const [value] of config.matchAll(/\$(?:9|6|5)\$\S{8,}/g))
      expect(text).not.toContain(value.replace(/[";]+$/, ""));

    const device = await startRecordedDevice(recording);
    try {
      const s = await open(device);
      expect(s.prompt().text.trimEnd()).toBe(recording.expect.prompt);
      expect(await readFacts(s)).toEqual(recording.expect.facts);
      const played = (await readRunningConfig(s)).trimEnd().split("\n");
      expect({ lines: played.length, first: played[0], last: played.at(-1) }).toMatchObject({
        lines: recording.expect.running?.lines,
        first: recording.expect.running?.first,
        last: recording.expect.running?.last,
      });
      expect(played.length).toBe(config.trimEnd().split("\n").length);
      const [refused] = recording.expect.refused;
      await expect(read(s, parseRead(recording.device_type, refused?.send ?? ""))).rejects.toMatchObject({
        code: "line_rejected",
        message: expect.stringContaining(refused?.says ?? "?") as string,
      });
      s.close();
      expect(device.unknown()).toEqual([]);
    } finally {
      await device.stop();
    }
  });
});

test("nothing but reads reaches a device that is recorded", async () => {
  const before = (await w.control.ledger("lab-ams-1")).length;
  await record("lab-ams-1");
  const since = (await w.control.ledger("lab-ams-1")).slice(before);
  expect(since.filter((e) => e.kind === "config" || e.kind === "text")).toEqual([]);
});

/** A session of its own for each use, without the database that a worker's sessions need. */
const sessions: Sessions = {
  use: async (access, _purpose, fn, options) => {
    const session = await openSession(await connect(access), access, () => null, options?.tap);
    try {
      return await fn(session, { latencyMs: 1 });
    } finally {
      session.close();
    }
  },
  closeAll: () => Promise.resolve(),
};

const folder = new URL("../recordings/", import.meta.url);
const files = readdirSync(folder).flatMap((platform) =>
  readdirSync(new URL(`${platform}/`, folder)).map((file) => `${platform}/${file}`),
);

/** The recording, with the answer that its device gives to a read that it does not know. */
function withUnknown(recording: Recording): Recording {
  const [known] = recording.expect.refused;
  const answers = recording.exchanges.filter(({ send }) => send === known?.send);
  return {
    ...recording,
    exchanges: [
      ...recording.exchanges,
      ...answers.flatMap((each) => ["show", "display"].map((verb) => ({ ...each, send: `${verb} netstacks-unknown` }))),
    ],
  };
}

test.each(files)("what %s says is recorded anew so that it plays again", async (file) => {
  const first = await startRecordedDevice(withUnknown(parseRecording(readFileSync(new URL(file, folder), "utf8"))));
  try {
    const { text } = await recordDevice(sessions, first.access, new AbortController().signal);
    expect(first.unknown()).toEqual([]);
    const recording = parseRecording(text);
    const again = await startRecordedDevice(recording);
    try {
      const s = await open(again);
      expect(s.prompt().text.trimEnd()).toBe(recording.expect.prompt);
      expect(await readFacts(s)).toEqual(recording.expect.facts);
      if (recording.expect.running !== null) {
        const lines = (await readRunningConfig(s)).trimEnd().split("\n");
        expect({ lines: lines.length, first: lines[0], last: lines.at(-1), contains: [] }).toEqual(
          recording.expect.running,
        );
      }
      s.close();
      expect(again.unknown()).toEqual([]);
    } finally {
      await again.stop();
    }
  } finally {
    await first.stop();
  }
});

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PLATFORM_IDS } from "../../domain/contract/device.ts";
import { parseRecording, type Recording } from "../../domain/contract/recording.ts";
import { parseRead } from "../../domain/read/parse-read.ts";
import { platforms } from "../../devices/platforms/index.ts";
import { read, readRunningConfig, testDevice } from "../../devices/read.ts";
import { readPrompt } from "../../devices/session/prompt.ts";
import { whyNotWhole } from "../../devices/read/whole-config.ts";
import { open } from "./fake-device.ts";
import { startRecordedDevice, type RecordedDevice } from "./recorded-device.ts";
import { createWorld, endRun, type Change, type World } from "./world.ts";

const folder = new URL("../recordings/", import.meta.url);
const files = readdirSync(folder).flatMap((platform) =>
  readdirSync(new URL(`${platform}/`, folder)).map((file) => `${platform}/${file}`),
);
const load = (file: string): Recording => parseRecording(readFileSync(new URL(file, folder), "utf8"));

describe.each(PLATFORM_IDS)("%s", (id) => {
  const own = files.filter((file) => file.startsWith(`${id}/`));
  test("has a recording", () => expect(own).not.toEqual([]));
  test("has a recording of a change, where changes are sent to it", () => {
    const changed = own.some((file) => load(file).expect.change !== undefined);
    expect(changed).toBe(platforms[id].transaction.kind !== "none");
  });
});

test.each(files)("%s is named after what it holds", (file) => {
  const { device_type, version } = load(file);
  expect(file).toBe(`${device_type}/${version}.yaml`);
});

describe.each(files)("%s", (file) => {
  const recording = load(file);
  const { device_type: id, expect: expected } = recording;
  const platform = platforms[id];
  let device: RecordedDevice;
  beforeEach(async () => {
    device = await startRecordedDevice(recording);
  });
  afterEach(async () => {
    await device.stop();
    expect(device.unknown(), "what the engine typed that the recording does not know").toEqual([]);
  });
  /** One session as the doors get it. */
  const session = () => open(device);

  test("the prompt is learnt, rights are raised, paging is off", async () => {
    const s = await session();
    expect(s.prompt().text.trimEnd()).toBe(expected.prompt);
    expect(s.isAtRest()).toBe(true);
    for (const line of platform.onOpen) expect(device.typed()).toContain(line);
    s.close();
  });

  test("it says what it is", async () => {
    const s = await session();
    const answer = await testDevice(
      { use: async (_access, _purpose, fn) => fn(s, { latencyMs: 1 }), closeAll: async () => s.close() },
      device.access,
    );
    expect(answer).toMatchObject({ reachable: true, error: null, facts: expected.facts });
    s.close();
  });

  test.runIf(platform.running !== null)("its running config is read whole", async () => {
    const s = await session();
    const text = await readRunningConfig(s);
    s.close();
    const lines = text.trimEnd().split("\n");
    expect({ lines: lines.length, first: lines[0], last: lines.at(-1) }).toEqual({
      lines: expected.running?.lines,
      first: expected.running?.first,
      last: expected.running?.last,
    });
    for (const line of expected.running?.contains ?? []) expect(lines).toContain(line);
    for (const line of lines) expect(platform.pager.ask.test(line.trim()), line).toBe(false);
  });

  test.runIf(platform.running !== null && platform.running.end instanceof RegExp)(
    "no part of its running config passes for a whole one",
    async () => {
      const s = await session();
      const text = await readRunningConfig(s);
      s.close();
      const { running } = platform;
      if (running === null) throw new Error("it has no running config");
      const lines = text.trimEnd().split("\n");
      for (let n = 0; n < lines.length; n++)
        expect(whyNotWhole(lines.slice(0, n).join("\n"), running, platform), `the first ${n} lines`).not.toBeNull();
      expect(whyNotWhole(text, running, platform)).toBeNull();
    },
  );

  test.each(expected.refused)("it refuses the read $send", async ({ send, says }) => {
    const s = await session();
    await expect(read(s, parseRead(id, send))).rejects.toMatchObject({
      code: "line_rejected",
      message: expect.stringContaining(says) as string,
    });
    expect(s.isAtRest()).toBe(true);
    s.close();
  });

  test.each(expected.not_reads)("%s is no read", (line) => {
    expect(() => parseRead(id, line)).toThrow(expect.objectContaining({ code: "command_not_a_read" }));
  });

  test.each(expected.questions)("its question to $send is not answered", async ({ send, asks }) => {
    const s = await session();
    await expect(s.exchange([send])).rejects.toMatchObject({
      code: "unexpected_question",
      message: expect.stringContaining(asks) as string,
    });
    s.close();
    await expect.poll(() => device.aborts()).toBe(1);
  });

  test.each(expected.prompts)("$line is its prompt", ({ line, mode }) => {
    expect(readPrompt(platform, line)?.mode).toBe(mode);
  });
});

const changes = files.map((file) => [file, load(file)] as const).filter(([, r]) => r.expect.change !== undefined);
describe.each(changes)("a change on %s", (_file, recording) => {
  const change = recording.expect.change ?? { lines: [], confirm_minutes: 0, refused: undefined };
  let w: World;
  let device: RecordedDevice;
  let id: string;
  beforeAll(async () => {
    w = await createWorld();
    device = await startRecordedDevice(recording);
    const { host, port, username, hostKey, openSecrets } = device.access;
    const { password = "", enable_password = "" } = await openSecrets();
    id = await w.addDevice("recorded", {
      host,
      port,
      username,
      password,
      enable_password,
      device_type: recording.device_type,
      host_key_sha256: hostKey?.fingerprint ?? null,
    });
  });
  afterAll(async () => {
    await w.stop();
    await device.stop();
    expect(device.unknown(), "what the engine typed that the recording does not know").toEqual([]);
  });
  const approve = (lines: readonly string[]): Promise<Change> =>
    w.approve([id], lines.join("\n"), { confirmMinutes: change.confirm_minutes });

  test("is entered, taken line by line, left, kept and saved", async () => {
    const approved = await approve(change.lines);
    const outcome = await w.run(approved, id, "apply");
    expect({ outcome, unknown: device.unknown() }).toMatchObject({ outcome: { status: "done" }, unknown: [] });
    for (const line of change.lines) expect(device.typed().map((l) => l.trim())).toContain(line.trim());
    expect(await w.run(approved, id, "keep")).toEqual({ status: "done", confirmBy: null });
    expect((await w.rows(approved)).map((row) => row.state)).toEqual((await w.rows(approved)).map(() => "taken"));
    await endRun(w, approved);
  });

  test.runIf(change.refused !== undefined)("stops at the line that the device refuses", async () => {
    const approved = await approve(change.refused?.lines ?? []);
    const outcome = await w.run(approved, id, "apply");
    expect({ outcome, unknown: device.unknown() }).toMatchObject({
      outcome: {
        status: "rejected",
        line: change.refused?.line,
        answer: expect.stringContaining(change.refused?.says ?? "") as string,
      },
      unknown: [],
    });
    await endRun(w, approved);
  });
});

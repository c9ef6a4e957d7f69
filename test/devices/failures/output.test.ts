import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planDevice } from "../../../activities/plan-device.ts";
import { parseRead } from "../../../domain/read/parse-read.ts";
import { read } from "../../../devices/read.ts";
import type { NewFault } from "../../../lab/faults.ts";
import { open, startFakeDevice } from "../fake-device.ts";
import { createLabWorld, endRun, type LabWorld } from "../world.ts";

const NAME = "lab-ams-1";
let w: LabWorld;
let id: string;
beforeAll(async () => {
  w = await createLabWorld([NAME]);
  id = await w.device(NAME);
});
afterAll(() => w.stop());
beforeEach(() => w.pool`update devices set updated_at = clock_timestamp()`);
afterEach(async () => {
  await w.control.clearFaults(NAME);
  for (const key of Object.keys(w.limits)) Reflect.deleteProperty(w.limits, key);
});
const fault = (f: NewFault) => w.control.addFault(NAME, f);
const lastSeq = async () => (await w.control.ledger(NAME)).at(-1)?.seq ?? 0;
const show = async (command: string, notes: string[] = []) =>
  w.sessions.use(await w.access(id), "read", (s) => read(s, parseRead("cisco_ios", command)), {
    record: (direction, text) => {
      if (direction === "note") notes.push(text);
    },
  });
/** As a line stands for itself: messages leave empty lines behind, and time goes on. */
const lines = (text: string): string[] => text.split("\n").filter((l) => l.trim() !== "" && !l.includes("uptime is"));

describe("a slow device", () => {
  test("that says something now and then is waited for, however long that takes in all", async () => {
    const plain = await show("show version");
    Object.assign(w.limits, { idle: 500 });
    await w.pool`update devices set updated_at = clock_timestamp()`;
    await fault({ kind: "trickle", match: "^show version", bytes: 120, delay_ms: 200, once: true });
    const began = performance.now();
    const slow = await show("show version");
    expect(performance.now() - began).toBeGreaterThan(1000);
    expect(lines(slow.text)).toEqual(lines(plain.text));
  });

  test("that goes on and on is timeout_total, and what it runs is broken off", async () => {
    Object.assign(w.limits, { idle: 500, total: 900 });
    await fault({ kind: "trickle", match: "^show version", bytes: 8, delay_ms: 100, once: true });
    await expect(show("show version")).rejects.toMatchObject({
      code: "timeout_total",
      message: expect.stringContaining("longer than 0.9 s") as string,
    });
  });

  test("gets the break key behind a read that ran out of time, and no byte behind a line of a change", async () => {
    const got: string[] = [];
    const device = await startFakeDevice({
      timeouts: { idle: 300, total: 1000 },
      shell: async (_c, { line, write }) => {
        write("r1#");
        for (;;) {
          const text = await line();
          got.push(text);
          write(text === "" ? "\r\nr1#" : text.startsWith("terminal") ? `${text}\r\nr1#` : `${text}\r\n`);
        }
      },
    });
    for (const reads of [true, false]) {
      const session = await open(device);
      got.length = 0;
      await expect(session.exchange(["do it"], { reads })).rejects.toMatchObject({ code: "timeout_idle" });
      session.close();
      await sleep(50);
      await expect.poll(() => got).toEqual(reads ? ["do it", "\u0003"] : ["do it"]);
    }
    await device.stop();
  });

  test("that says nothing is timeout_idle", async () => {
    Object.assign(w.limits, { idle: 400 });
    await fault({ kind: "slow_line", match: "^show clock", delay_ms: 2000, once: true });
    await expect(show("show clock")).rejects.toMatchObject({
      code: "timeout_idle",
      message: expect.stringContaining("said nothing for 0.4 s") as string,
    });
  });

  test("has 60 and 600 seconds where nobody said otherwise", async () => {
    expect((await w.access(id)).timeouts).toMatchObject({ idle: 60_000, total: 600_000 });
  });
});

describe("a pager that was turned off and asks all the same", () => {
  test("is answered, leaves no trace in the text, and is noted", async () => {
    const plain = await show("show running-config");
    await fault({ kind: "pager_stuck" });
    const notes: string[] = [];
    const paged = await show("show running-config", notes);
    expect(lines(paged.text)).toEqual(lines(plain.text));
    expect(paged.text).not.toMatch(/more/i);
    expect(Buffer.concat(paged.raw).toString()).toMatch(/--More--/);
    expect(notes).toContainEqual(expect.stringMatching(/paged its answer \d+ times/));
  });

  test("for more than 5,000 pages is output_limit", async () => {
    let pages = 0;
    const device = await startFakeDevice({
      timeouts: { idle: 20_000, total: 60_000 },
      shell: async (channel, { line, write }) => {
        write("r1#");
        for (;;) {
          const text = await line();
          write(`${text}\r\n`);
          if (text === "show it")
            for (;;) {
              pages += 1;
              write("x\r\n --More-- ");
              const key = await new Promise<string>((resolve) =>
                channel.once("data", (bytes: Buffer) => resolve(bytes.toString())),
              );
              if (key !== " ") break;
            }
          write("r1#");
        }
      },
    });
    const session = await open(device);
    await expect(session.exchange(["show it"], { reads: true })).rejects.toMatchObject({ code: "output_limit" });
    expect(pages).toBe(5001);
    expect(session.isOpen()).toBe(false);
    await device.stop();
  });
});

test("output without end is cut at 8 MB, broken off, and the session closed", async () => {
  await fault({ kind: "endless_output", match: "^show logging", once: true });
  const since = await lastSeq();
  await expect(show("show logging")).rejects.toMatchObject({ code: "output_limit" });
  // The router wrote the line down when the break had reached it: nothing runs on.
  await expect
    .poll(async () => (await w.control.ledger(NAME, since)).map((e) => `${e.kind} ${e.line}`.trim()), {
      timeout: 10_000,
    })
    .toEqual(expect.arrayContaining(["exec show logging", "close"]));
  expect((await show("show clock")).text).toMatch(/\d\d:\d\d/);
});

describe("the echo", () => {
  test.each(["wrap", "backspace", "colour"] as const)(
    "is the line that was sent, though it comes as %s",
    async (how) => {
      const plain = await show("show version");
      await w.pool`update devices set updated_at = clock_timestamp()`;
      await fault({ kind: "rewritten_echo", match: "^show version", how, once: true });
      expect(lines((await show("show version")).text)).toEqual(lines(plain.text));
    },
  );

  test("of another line stops a change: the next line is not sent", async () => {
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    await fault({ kind: "wrong_echo", match: "192.0.2.77", once: true });
    const since = await lastSeq();
    expect(await w.run(change, id, "apply")).toMatchObject({
      status: "in_doubt",
      seqs: [0],
      failure: { code: "echo_mismatch", message: expect.stringContaining("#garbled#") as string },
    });
    expect(await w.sent(NAME, since)).toEqual(["ntp server 192.0.2.77"]);
    await w.settle(change, id);
    await w.run(change, id, "rollback");
    await endRun(w, change);
  });

  test.each(["wrap", "backspace", "colour"] as const)("of a change line may come as %s", async (how) => {
    const before = await w.config(NAME);
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    await fault({ kind: "rewritten_echo", match: "ntp", how });
    expect((await w.run(change, id, "apply")).status).toBe("done");
    expect((await w.run(change, id, "rollback")).status).toBe("done");
    expect(await w.config(NAME)).toBe(before);
    await endRun(w, change);
  });
});

test("bytes that are no UTF-8 stand in raw as they came; the text around them is whole", async () => {
  const plain = await show("show version");
  await fault({ kind: "binary_output", match: "^show version", once: true });
  const { text, raw } = await show("show version");
  expect(Buffer.concat(raw).includes(Buffer.from([0xff, 0xfe, 0xc3, 0x28]))).toBe(true);
  const [odd, ...rest] = lines(text);
  expect(odd).toBe("\ufffd\ufffd\ufffd(");
  expect(rest).toEqual(lines(plain.text));
});

test("a change whose way back holds such bytes is not planned: nobody could put them back", async () => {
  const config = (text: string) => [
    "Building configuration...\r\n\r\nCurrent configuration : 99 bytes\r\n!\r\nhostname r1\r\n!\r\ninterface GigabitEthernet0/1\r\n description ",
    Buffer.from(text, "latin1"),
    "\r\n!\r\nend\r\n\r\n",
  ];
  const planned = async (text: string) => {
    const device = await startFakeDevice({
      shell: async (_c, { line, write }) => {
        write("r1#");
        for (;;) {
          const got = await line();
          write(`${got}\r\n`);
          if (got === "show running-config") for (const piece of config(text)) write(piece);
          write("r1#");
        }
      },
    });
    const { host, port, hostKey } = device.access;
    const deviceId = await w.addDevice(`caf-${port}`, {
      host,
      port,
      device_type: "cisco_ios",
      username: "x",
      password: "pw",
      host_key_sha256: hostKey?.fingerprint ?? null,
    });
    const content = {
      targets: [{ device_id: deviceId, device: "r1", lines: ["interface GigabitEthernet0/1", " description new"] }],
      verify: [],
      on_interrupted: "ask" as const,
      window: null,
      confirm_minutes: 0,
    };
    const { target } = await planDevice(w, { content, deviceId, signal: new AbortController().signal });
    await device.stop();
    return target;
  };
  expect(await planned("caf\u00e9")).toMatchObject({ state: "left_out", error: { code: "text_undecodable" } });
  expect(await planned("cafe")).toMatchObject({ state: "planned", error: null });
});

test("messages of the device, wherever they come, are in raw and not in the text, and are no refusal", async () => {
  const plain = await show("show version");
  for (const where of ["in_echo", "in_output", "before_prompt"] as const) {
    await w.pool`update devices set updated_at = clock_timestamp()`;
    const match = where === "before_prompt" ? {} : { match: "^show version" };
    const armed = await fault({ kind: "log_lines", where, ...match });
    const { text, raw } = await show("show version");
    expect(lines(text), where).toEqual(lines(plain.text));
    if (where !== "before_prompt") expect(Buffer.concat(raw).toString()).toContain("%LINK-3-UPDOWN");
    await w.control.clearFaults(NAME, armed.id);
  }
  const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
  await fault({ kind: "log_lines", where: "before_prompt" });
  expect((await w.run(change, id, "apply")).status).toBe("done");
  expect((await w.rows(change)).map((x) => x.state)).toEqual(["taken", "taken"]);
  await w.run(change, id, "rollback");
  await endRun(w, change);
});

describe("a refusal", () => {
  const refusals = [
    "% Invalid input detected at '^' marker.",
    "% Incomplete command.",
    '% Ambiguous command:  "ntp s"',
    "Command authorization failed",
    "% Authorization failed.",
    "Command rejected: not allowed here",
  ];
  test.each(refusals)("“%s” at the start of a line stops the change there", async (text) => {
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    await fault({ kind: "refused_line", match: "192.0.2.77", text, once: true });
    const since = await lastSeq();
    expect(await w.run(change, id, "apply")).toMatchObject({
      status: "rejected",
      seq: 0,
      answer: expect.stringContaining(text) as string,
    });
    expect((await w.sent(NAME, since)).filter((l) => l !== "end")).toEqual(["ntp server 192.0.2.77"]);
    await w.run(change, id, "rollback");
    await endRun(w, change);
  });

  test("in the middle of a line is none", async () => {
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    await fault({
      kind: "refused_line",
      match: "192.0.2.77",
      text: "note: the message % Invalid input is shown for wrong lines, authorization failed for others",
      once: true,
    });
    expect((await w.run(change, id, "apply")).status).toBe("done");
    await w.run(change, id, "rollback");
    await endRun(w, change);
  });
});

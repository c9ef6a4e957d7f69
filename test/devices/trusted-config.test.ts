import { afterAll, beforeAll, expect, test } from "vitest";
import { readTrustedConfig } from "../../devices/read/trusted-config.ts";
import { createLabWorld, type LabWorld } from "./world.ts";

const [IOS, JUNOS] = ["lab-ams-1", "lab-ams-3"];

let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld([IOS, JUNOS]);
});
afterAll(() => w.stop());

const now = async (): Promise<Date> => new Date();
const digest = (text: string): string => text.replace(/^(!|##).*\n/gm, "");
const readOf = async (name: string, last: { digest: string; size: number; hostname: string | null } | null = null) =>
  readTrustedConfig(w.sessions, await w.access(await w.device(name)), {
    last,
    digest,
    now,
    signal: AbortSignal.timeout(20_000),
  });
const commandsSince = async (name: string, since: number) =>
  (await w.control.ledger(name, since)).filter((e) => e.line.startsWith("show ")).map((e) => e.line);
const seqOf = async (name: string): Promise<number> => (await w.control.ledger(name)).at(-1)?.seq ?? 0;

test("a device's first configuration is read twice, or its lines are counted; one that is known is read once", async () => {
  let since = await seqOf(IOS);
  const ios = await readOf(IOS);
  expect(await commandsSince(IOS, since)).toEqual(["show running-config", "show running-config"]);
  since = await seqOf(IOS);
  const last = { digest: ios.digest, size: Buffer.byteLength(ios.text), hostname: ios.hostname };
  expect(await readOf(IOS, last)).toMatchObject({ digest: ios.digest, hostname: IOS, shrunk: false });
  expect(await commandsSince(IOS, since)).toEqual(["show running-config"]);
  since = await seqOf(JUNOS);
  expect(await readOf(JUNOS)).toMatchObject({ hostname: JUNOS, shrunk: false });
  expect(await commandsSince(JUNOS, since)).toEqual(["show configuration", "show configuration | count"]);
});

test("a backup waits for no session that writes, and holds none up", async () => {
  const access = await w.access(await w.device(IOS));
  let done: () => void = () => undefined;
  const writing = w.sessions.use(access, "write", () => new Promise<void>((resolve) => (done = resolve)));
  const { text } = await readOf(IOS);
  expect(text).toMatch(/^end$/m);
  done();
  await writing;
});

test("the reading stops at once when it is told to, and its session is closed", async () => {
  await w.control.addFault(IOS, { kind: "trickle", bytes: 10, delay_ms: 200, match: "^show running-config$" });
  const stop = new AbortController();
  const access = await w.access(await w.device(IOS));
  const reading = readTrustedConfig(w.sessions, access, { last: null, digest, now, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 500).unref();
  const asked = Date.now();
  await expect(reading).rejects.toThrow(/was stopped/);
  expect(Date.now() - asked).toBeLessThan(5000);
  await w.control.clearFaults(IOS);
});

test("of readings that differ each time none is believed", async () => {
  const { text, digest: said } = await readOf(IOS);
  const last = { digest: `${said}x`, size: Buffer.byteLength(text) + 1000, hostname: IOS };
  for (const percent of [20, 30, 40])
    await w.control.addFault(IOS, {
      kind: "lost_output",
      where: "middle",
      percent,
      once: true,
      match: "^show running-config$",
    });
  await expect(readOf(IOS, last)).rejects.toMatchObject({
    code: "config_incomplete",
    message: expect.stringContaining("three different configurations in three sessions"),
  });
});

test("a reading that is told to stop before it begins asks nothing, over a kept session too", async () => {
  await readOf(IOS);
  const since = await seqOf(IOS);
  const access = await w.access(await w.device(IOS));
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(readTrustedConfig(w.sessions, access, { last: null, digest, now, signal })).rejects.toThrow(
    /was stopped/,
  );
  await expect(w.sessions.use(access, "read", async () => "used", { signal })).rejects.toThrow(/was stopped/);
  expect(await commandsSince(IOS, since)).toEqual([]);
});

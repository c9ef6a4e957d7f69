import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FAILURES } from "../../../domain/contract/failures.ts";
import { parseRead } from "../../../domain/read/parse-read.ts";
import { read, testDevice } from "../../../devices/read.ts";
import { createSessions } from "../../../devices/sessions.ts";
import { connect } from "../../../devices/transport.ts";
import type { NewFault } from "../../../lab/faults.ts";
import { createLog } from "../../../system/log.ts";
import { startFakeDevice } from "../fake-device.ts";
import { createLabWorld, type LabWorld } from "../world.ts";

const NAME = "lab-ams-1";
let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld([NAME]);
});
afterAll(() => w.stop());
afterEach(async () => {
  await w.control.clearFaults(NAME);
  for (const key of Object.keys(w.limits)) Reflect.deleteProperty(w.limits, key);
});

const anew = () => w.pool`update devices set updated_at = clock_timestamp()`;
const tested = async (id: string) => testDevice(w.sessions, await w.access(id));
const lastSeq = async () => (await w.control.ledger(NAME)).at(-1)?.seq ?? 0;

describe("every way not to get there has its own name", () => {
  const names = new Set<string>();
  const cases: { what: string; fault?: NewFault; host?: string; code: keyof typeof FAILURES }[] = [
    { what: "a name that does not resolve", host: "no-such-host.invalid", code: "dns_failed" },
    { what: "a port that nothing listens on", fault: { kind: "refuse_connection" }, code: "connection_refused" },
    // A socket that may not broadcast is told at once that there is no way there; no packet leaves the machine.
    { what: "an address without a route", host: "255.255.255.255", code: "host_unreachable" },
    { what: "packets that are lost", fault: { kind: "unanswered_connect" }, code: "connect_timeout" },
    { what: "a server that says nothing", fault: { kind: "silent_connect" }, code: "handshake_failed" },
    { what: "a server that hangs up at once", fault: { kind: "vty_full" }, code: "session_refused" },
    { what: "algorithms of another century", fault: { kind: "old_ssh" }, code: "no_common_algorithm" },
  ];
  test.each(cases)("$what: $code", async ({ what, fault, host, code }) => {
    const info = w.lab.routers.find((r) => r.name === NAME);
    if (!info) throw new Error("no router");
    const id = await w.addDevice(what, { ...info, host: host ?? info.host });
    Object.assign(w.limits, { connect: 700, handshake: 700 });
    if (fault) await w.control.addFault(NAME, fault);
    const since = await lastSeq();
    const { error, reachable } = await tested(id);
    expect(error).toMatchObject({ code, what_to_do: FAILURES[code] });
    expect(error?.message).toContain(what);
    expect(reachable).toBe(false);
    expect((await w.control.ledger(NAME, since)).filter((e) => e.kind === "auth")).toEqual([]);
    names.add(code);
  });

  test("seven ways, seven names", () => {
    expect(names.size).toBe(cases.length);
  });

  test("once the port answers again, so does the device", async () => {
    const id = await w.device(NAME);
    await w.control.addFault(NAME, { kind: "unanswered_connect" });
    await w.control.clearFaults(NAME);
    expect((await tested(id)).error).toBeNull();
  });
});

test("a jump host that cannot reach the device says which of the two is to blame", async () => {
  const jump = await startFakeDevice({
    onClient: (client) => client.on("tcpip", (_accept, reject) => reject()),
  });
  const connection = await connect(jump.access);
  await expect(connection.forward({ device: "r9", host: "192.0.2.9", port: 22 })).rejects.toMatchObject({
    code: "host_unreachable",
    message: expect.stringContaining("the jump host fake cannot reach r9") as string,
  });
  connection.close();
  await jump.stop();
});

describe("a half-open connection", () => {
  const show = async () =>
    w.sessions.use(await w.access(await w.device(NAME)), "read", (s) => read(s, parseRead("cisco_ios", "show clock")));

  test("is noticed by its silence, long before the time that a command may take", async () => {
    Object.assign(w.limits, { silence: 900 });
    await anew();
    await w.control.addFault(NAME, { kind: "half_open", match: "^show clock", once: true });
    const began = performance.now();
    await expect(show()).rejects.toMatchObject({ code: "connection_lost" });
    // The idle limit is 60 s: it was not that which ended it.
    expect(performance.now() - began).toBeLessThan(30_000);
    await w.control.clearFaults(NAME);
  });

  test("is given up after 35 s at the latest where nobody said otherwise", async () => {
    expect((await w.access(await w.device(NAME))).timeouts.silence).toBeLessThanOrEqual(35_000);
  });

  test("a device that is only slow, and answers the question whether it is there, is not given up", async () => {
    Object.assign(w.limits, { silence: 300 });
    await anew();
    await w.control.addFault(NAME, { kind: "slow_line", match: "^show clock", delay_ms: 1500, once: true });
    expect((await show()).text).toMatch(/\d\d:\d\d/);
  });
});

describe("a device that takes no more sessions", () => {
  /** Sessions whose waits are written down instead of waited for. */
  const patientSessions = (during: (n: number) => Promise<void> = async () => undefined) => {
    const waits: number[] = [];
    const sessions = createSessions({
      pool: w.pool,
      vault: w.vault,
      log: createLog("test", "silent"),
      wait: async (ms) => {
        waits.push(ms);
        await during(waits.length);
      },
    });
    return { sessions, waits };
  };
  const login = () => Promise.resolve("in");

  test.each(["message", "close"] as const)(
    "is tried five times, 30, 60, 120 and 120 s apart, and no credential goes out (%s)",
    async (how) => {
      const { sessions, waits } = patientSessions();
      const access = await w.access(await w.device(NAME));
      await w.control.addFault(NAME, { kind: "vty_full", how });
      const since = await lastSeq();
      await expect(sessions.use(access, "write", login, { patient: true })).rejects.toMatchObject({
        code: how === "message" ? "vty_lines_exhausted" : "session_refused",
        retryAfter: 30,
      });
      expect(waits).toEqual([30_000, 60_000, 120_000, 120_000]);
      const seen = await w.control.ledger(NAME, since);
      expect(seen.filter((e) => e.faults.includes("vty_full"))).toHaveLength(5);
      expect(seen.filter((e) => e.kind === "auth")).toEqual([]);
      expect(await w.pool`select 1 from credential_refusals`).toEqual([]);
      await sessions.closeAll();
    },
  );

  test("is entered as soon as a line is free; who is not patient is told at once", async () => {
    const { sessions, waits } = patientSessions(async (n) => {
      if (n === 2) await w.control.clearFaults(NAME);
    });
    const access = await w.access(await w.device(NAME));
    await w.control.addFault(NAME, { kind: "vty_full" });
    await expect(sessions.use(access, "read", login)).rejects.toMatchObject({ code: "session_refused" });
    expect(waits).toEqual([]);
    expect(await sessions.use(access, "read", login, { patient: true })).toBe("in");
    expect(waits).toEqual([30_000, 60_000]);
    await sessions.closeAll();
    await expect(sessions.use(access, "read", login)).rejects.toMatchObject({ code: "stopped" });
  });

  test("a wait ends when the work is stopped", async () => {
    const stop = new AbortController();
    await anew();
    const access = await w.access(await w.device(NAME));
    await w.control.addFault(NAME, { kind: "vty_full" });
    const since = await lastSeq();
    const waiting = w.sessions.use(access, "write", login, { patient: true, signal: stop.signal });
    await expect.poll(async () => (await w.control.ledger(NAME, since)).length, { timeout: 5000 }).toBeGreaterThan(0);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "stopped" });
  });
});

describe("what listens is no SSH server", () => {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });
  const listen = async (speak: (socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      speak(socket);
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };

  test("its first words are shown", async () => {
    const port = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const id = await w.addDevice("web", {
      host: "127.0.0.1",
      port,
      device_type: "cisco_ios",
      username: "x",
      password: "y",
      host_key_sha256: null,
    });
    expect((await tested(id)).error).toMatchObject({
      code: "handshake_failed",
      message: expect.stringContaining("HTTP/1.1 400") as string,
    });
  });
});

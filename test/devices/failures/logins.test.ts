import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseRead } from "../../../domain/read/parse-read.ts";
import { read, testDevice } from "../../../devices/read.ts";
import type { NewFault } from "../../../lab/faults.ts";
import { echoing, open, startFakeDevice, type FakeDevice } from "../fake-device.ts";
import { createLabWorld, type LabWorld } from "../world.ts";

const NAME = "lab-ams-1";
let w: LabWorld;
let id: string;
beforeAll(async () => {
  w = await createLabWorld([NAME]);
  id = await w.device(NAME);
});
afterAll(() => w.stop());
beforeEach(async () => {
  await w.pool`update devices set updated_at = clock_timestamp(), login_method = null`;
});
const running: FakeDevice[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((d) => d.stop()));
  await w.control.clearFaults(NAME);
  await w.pool`delete from credential_refusals`;
  for (const key of Object.keys(w.limits)) Reflect.deleteProperty(w.limits, key);
});
const start = async (options: Parameters<typeof startFakeDevice>[0]): Promise<FakeDevice> => {
  const device = await startFakeDevice(options);
  running.push(device);
  return device;
};

const tested = async () => testDevice(w.sessions, await w.access(id));
const fault = (f: NewFault) => w.control.addFault(NAME, f);
const lastSeq = async () => (await w.control.ledger(NAME)).at(-1)?.seq ?? 0;
/** What reached the router at its login, one entry a password. */
const passwords = async (since: number) =>
  (await w.control.ledger(NAME, since)).filter((e) => e.kind === "auth").map((e) => e.line);
const anew = () => w.pool`update devices set updated_at = clock_timestamp()`;
const method = async () =>
  (await w.pool<{ login_method: string | null }[]>`select login_method from devices where id = ${id}`)[0]?.login_method;

describe("a password leaves once", () => {
  test("for a device that takes it by keyboard-interactive alone, and the method is remembered", async () => {
    await fault({ kind: "only_keyboard_interactive" });
    const since = await lastSeq();
    expect((await tested()).error).toBeNull();
    expect(await passwords(since)).toEqual(["keyboard-interactive accepted"]);
    expect(await method()).toBe("keyboard-interactive");
    await anew();
    const again = await lastSeq();
    expect((await tested()).error).toBeNull();
    expect(await passwords(again)).toEqual(["keyboard-interactive accepted"]);
  });

  test("for a device that changed its method since: it is not judged, not sent again, and the next try asks first", async () => {
    expect((await tested()).error).toBeNull();
    expect(await method()).toBe("password");
    await anew();
    await fault({ kind: "only_keyboard_interactive" });
    const since = await lastSeq();
    expect((await tested()).error?.code).toBe("login_method_changed");
    expect(await passwords(since)).toEqual(["password by a method that is not taken"]);
    expect(await method()).toBeNull();
    expect(await w.pool`select 1 from credential_refusals`).toEqual([]);
    const next = await lastSeq();
    expect((await tested()).error).toBeNull();
    expect(await passwords(next)).toEqual(["keyboard-interactive accepted"]);
  });

  test("also where the device leaves the method that it refused out of its list", async () => {
    const device = await start({
      authenticate: (c, note) => {
        note(c.method);
        c.reject(c.method === "none" ? ["password", "keyboard-interactive"] : ["keyboard-interactive"]);
      },
    });
    await expect(open(device)).rejects.toMatchObject({ code: "auth_failed" });
    expect(device.auth).toEqual(["none", "password"]);
  });

  test("and not at all to a device that takes no password", async () => {
    const device = await start({
      authenticate: (c, note) => {
        note(c.method);
        c.reject(["publickey"]);
      },
    });
    await expect(open(device)).rejects.toMatchObject({
      code: "auth_method_unavailable",
      message: expect.stringContaining("publickey") as string,
    });
    expect(device.auth).toEqual(["none"]);
  });

  test("two passwords asked for at once are not given", async () => {
    const device = await start({
      authenticate: (c) => {
        if (c.method !== "keyboard-interactive") return c.reject(["keyboard-interactive"]);
        c.prompt(
          [
            { prompt: "Password: ", echo: false },
            { prompt: "Password: ", echo: false },
          ],
          (answers) => c.reject([], answers.length > 5),
        );
      },
    });
    await expect(open(device)).rejects.toMatchObject({ code: "login_dialog_unknown" });
  });
});

describe("a slow AAA server", () => {
  test.each([{ kind: "slow_auth", delay_ms: 3000 }] satisfies NewFault[])(
    "is auth_timeout: one password, no refusal, no second password in the same session",
    async (slow) => {
      Object.assign(w.limits, { auth: 500 });
      await fault(slow);
      const since = await lastSeq();
      expect((await tested()).error).toMatchObject({ code: "auth_timeout" });
      const seen = await w.control.ledger(NAME, since);
      expect(seen.filter((e) => e.kind === "connect")).toHaveLength(1);
      expect(await w.pool`select 1 from credential_refusals`).toEqual([]);
      // The late verdict is about one password.
      await expect.poll(() => passwords(since), { timeout: 10_000 }).toEqual(["password accepted"]);
    },
  );

  test("has 30 seconds where nobody said otherwise", async () => {
    expect((await w.access(id)).timeouts.auth).toBe(30_000);
  });
});

describe("what is asked at login is never answered by guess", () => {
  test.each(["Enter your new password: ", "Passcode from your token: ", "Accept the terms of use [y/N]: "])(
    "by the login itself: “%s”",
    async (prompt) => {
      await fault({ kind: "auth_dialog", prompt });
      const since = await lastSeq();
      expect((await tested()).error).toMatchObject({
        code: "login_dialog_unknown",
        message: expect.stringContaining(prompt.trim()) as string,
      });
      expect(await passwords(since)).toEqual([]);
    },
  );

  /** A shell that begins with a text, and is at its prompt after whatever is typed. */
  const asking = async (text: string): Promise<{ device: FakeDevice; typed: string[] }> => {
    const typed: string[] = [];
    const device = await start({
      timeouts: { auth: 5000 },
      authenticate: (c) => (c.method === "password" ? c.accept() : c.reject(["password"])),
      shell: async (_c, { line, write }) => {
        write(text);
        for (;;) {
          const got = await line();
          typed.push(got);
          write(`${got}\r\nr1#`);
        }
      },
    });
    return { device, typed };
  };

  test("by the shell", async () => {
    const texts = [
      "Your password has expired.\r\nNew password: ",
      "Do you accept the terms? [yes/no] ",
      "Do you accept the terms? [yes/no] >",
      "Delete the old core dumps (y/n)\r\n",
      "Would you like to enter the initial configuration dialog? [yes/no]: ",
      "Shall I go on?\r\n\r\n",
    ];
    await Promise.all(
      texts.map(async (text) => {
        const { device, typed } = await asking(text);
        await expect(open(device), text).rejects.toMatchObject({ code: "login_dialog_unknown" });
        expect(typed, text).toEqual([]);
      }),
    );
  });

  test("a shell that waits silently, or for any key, is woken", async () => {
    await Promise.all(
      ["", "Authorised users only.\r\n", "Press RETURN to get started."].map(async (text) => {
        const { device } = await asking(text);
        const session = await open(device);
        expect(session.prompt().text).toBe("r1#");
        session.close();
      }),
    );
  });

  test("a password that the device repeats in its question goes no further", async () => {
    const { device } = await asking("Password loginCANARY has expired. New password: ");
    const { host, port, hostKey } = device.access;
    const other = await w.addDevice("expired", {
      host,
      port,
      device_type: "cisco_ios",
      username: "x",
      password: "loginCANARY",
      host_key_sha256: hostKey?.fingerprint ?? null,
    });
    const heard: string[] = [];
    const used = w.sessions.use(await w.access(other), "read", () => Promise.resolve(), {
      record: (_direction, text) => heard.push(text),
    });
    await expect(used).rejects.toMatchObject({
      code: "login_dialog_unknown",
      message: "expired asks at login: “Password ******** has expired. New password:”",
    });
    expect(heard.join()).toContain("has expired");
    expect(heard.join()).not.toContain("CANARY");
  });
});

describe("enable", () => {
  test("that refuses the password gets it once, and it counts against the credential", async () => {
    await fault({ kind: "refuse_enable" });
    const since = await lastSeq();
    expect((await tested()).error).toMatchObject({ code: "enable_failed" });
    const answers = (await w.control.ledger(NAME, since)).filter((e) => e.kind === "answer").map((e) => e.line);
    expect(answers).toEqual(["(hidden)"]);
    expect(await w.pool`select 1 from credential_refusals`).toHaveLength(1);
  });

  test("that asks for nothing and gives nothing gets no password, and is no refusal", async () => {
    const got: string[] = [];
    const device = await start({
      secrets: { password: "pw", enable_password: "enableCanary" },
      shell: async (_c, { line, write }) => {
        write("r1>");
        for (;;) {
          const text = await line();
          got.push(text);
          write(`${text}\r\nr1>`);
        }
      },
    });
    await expect(open(device)).rejects.toMatchObject({ code: "enable_failed", name: "DeviceFailure" });
    expect(got).not.toContain("enableCanary");
  });

  test("that asks again after the password gets nothing more", async () => {
    const got: string[] = [];
    const device = await start({
      secrets: { password: "pw", enable_password: "enableCanary" },
      shell: async (_c, { line, write }) => {
        write("r1>");
        for (;;) {
          const text = await line();
          got.push(text);
          write(text === "enable" || text === "enableCanary" ? "\r\nPassword: " : `${text}\r\nr1>`);
        }
      },
    });
    await expect(open(device)).rejects.toMatchObject({ code: "enable_failed", name: "SecretRefused" });
    expect(got.filter((each) => each === "enableCanary")).toHaveLength(1);
    expect(got.at(-1)).toBe("enableCanary");
  });
});

test("a banner that looks like a prompt, before and after the login, is not taken for it", async () => {
  await fault({ kind: "banner", text: "welcome to\nlab-ams-1#\nother-router#\nlab-ams-1>", once: true });
  const { error, facts } = await tested();
  expect(error).toBeNull();
  expect(facts?.hostname).toBe(NAME);
  const device = await start({
    shell: echoing("r1#", (l) => (l === "show it" ? "yes\n" : ""), { first: "r1#\r\nr1>" }),
  });
  const session = await open(device);
  expect((await session.exchange(["show it"], { reads: true })).answers[0]?.text).toBe("yes");
  session.close();
});

test("a question in the middle of a read breaks it off with nothing answered", async () => {
  const questions = [
    "Really? [confirm]",
    "Overwrite (y/n) ",
    "Go on? [yes/no]: ",
    "Erase flash? [no]:",
    "Enter PIN code?",
  ];
  for (const text of questions) {
    await anew();
    await fault({
      kind: "question",
      match: "^show clock",
      text,
      style: text.includes("confirm") ? "confirm" : "line",
      once: true,
    });
    const since = await lastSeq();
    const asked = w.sessions.use(await w.access(id), "read", (s) => read(s, parseRead("cisco_ios", "show clock")));
    await expect(asked).rejects.toMatchObject({
      code: "unexpected_question",
      message: expect.stringContaining(text.trim()) as string,
    });
    const answers = (await w.control.ledger(NAME, since)).filter((e) => e.kind === "answer").map((e) => e.line);
    expect(answers).toEqual(["(hidden)", "\u0003"]);
  }
});

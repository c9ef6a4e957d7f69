import { afterEach, expect, test } from "vitest";
import { connect } from "../../devices/transport.ts";
import { makeEd25519 } from "../support/ssh-keys.ts";
import { echoing, open, startFakeDevice, type FakeDevice } from "./fake-device.ts";

const running: FakeDevice[] = [];
const start = async (options: Parameters<typeof startFakeDevice>[0]): Promise<FakeDevice> => {
  const device = await startFakeDevice(options);
  running.push(device);
  return device;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((d) => d.stop()));
});
const shell = echoing("fake#", () => "");

test("a device that takes only keyboard-interactive is answered at its password prompt", async () => {
  const device = await start({
    shell,
    authenticate: (c, note) => {
      note(c.method);
      if (c.method !== "keyboard-interactive") return c.reject(["keyboard-interactive"]);
      c.prompt([{ prompt: "Password: ", echo: false }], (answers) =>
        answers[0] === "pw" ? c.accept() : c.reject(["keyboard-interactive"]),
      );
    },
  });
  const session = await open(device);
  expect(session.prompt().text).toBe("fake#");
  expect(device.auth).toEqual(["none", "keyboard-interactive"]);
  session.close();
});

test("a password that was judged is not given again by another method", async () => {
  const device = await start({
    authenticate: (c, note) => {
      note(c.method);
      c.reject(["password", "keyboard-interactive"]);
    },
  });
  await expect(connect(device.access)).rejects.toMatchObject({ code: "auth_failed" });
  expect(device.auth).toEqual(["none", "password"]);
});

test("keyboard-interactive that asks a second time has refused: nothing more is answered", async () => {
  let answers = 0;
  const device = await start({
    authenticate: (c) => {
      if (c.method !== "keyboard-interactive") return c.reject(["keyboard-interactive"]);
      const ask = (): void =>
        c.prompt([{ prompt: "Password:", echo: false }], () => {
          answers += 1;
          ask();
        });
      ask();
    },
  });
  await expect(connect(device.access)).rejects.toMatchObject({ code: "auth_failed" });
  expect(answers).toBe(1);
});

test.each(["Enter your new password: ", "One-time code: ", "Token password: ", "Do you accept the terms? "])(
  "the question “%s” at login is not answered",
  async (prompt) => {
    let answers = 0;
    const device = await start({
      authenticate: (c) => {
        if (c.method !== "keyboard-interactive") return c.reject(["keyboard-interactive"]);
        c.prompt([{ prompt, echo: false }], () => {
          answers += 1;
          c.accept();
        });
      },
    });
    await expect(connect(device.access)).rejects.toMatchObject({
      code: "login_dialog_unknown",
      message: expect.stringContaining(prompt.trim()) as string,
    });
    expect(answers).toBe(0);
  },
);

test("a forced change of the password is named, and not obeyed", async () => {
  const device = await start({
    authenticate: (c) => {
      if (c.method === "password") c.requestChange("Your password has expired", () => c.accept());
      else c.reject(["password"]);
    },
  });
  await expect(connect(device.access)).rejects.toMatchObject({ code: "login_dialog_unknown" });
});

test("a device that hangs up after a refusal has refused; one that hangs up before is a lost connection", async () => {
  const refusing = await start({ authenticate: (c) => c.reject(["password"]) });
  await expect(connect(refusing.access)).rejects.toMatchObject({ code: "auth_failed" });
  const dropping = await start({
    onClient: (client) => client.on("authentication", () => client.end()),
    authenticate: () => undefined,
  });
  await expect(connect(dropping.access)).rejects.toMatchObject({
    code: expect.stringMatching(/^(connection_lost|auth_failed)$/) as string,
  });
});

test("the key goes first, then the password: each once", async () => {
  const key = makeEd25519().private;
  const device = await start({
    shell,
    secrets: { private_key: key, password: "pw" },
    authenticate: (c, note) => {
      note(c.method === "publickey" && c.signature ? "publickey, signed" : c.method);
      if (c.method === "password") c.accept();
      else c.reject(["publickey", "password"]);
    },
  });
  (await open(device)).close();
  expect(device.auth).toEqual(["publickey", "password"]);
});

test("a device that opens no shell is out of lines", async () => {
  const device = await start({ onClient: (client) => client.on("session", (_accept, reject) => reject()) });
  await expect(open({ ...device })).rejects.toMatchObject({ code: "vty_lines_exhausted" });
});

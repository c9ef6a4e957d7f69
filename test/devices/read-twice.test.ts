import { afterEach, expect, test } from "vitest";
import { readRunningConfig } from "../../devices/read.ts";
import { echoing, open, startFakeDevice, type FakeDevice } from "./fake-device.ts";

/* NX-OS marks no end of its configuration. */

const whole = (time: string, more = ""): string =>
  `\n!Command: show running-config\n!Time: ${time}\n\nversion 10.4(5)\nhostname leaf1\nvlan 1,10\n${more}line vty\n\n`;
const cut = "\n!Command: show running-config\n!Time: 1\n\nversion 10.4(5)\nhostname leaf1\n\n";

let device: FakeDevice;
afterEach(() => device.stop());
async function reading(answers: string[]): Promise<{ text: Promise<string>; asked: () => number }> {
  let asked = 0;
  device = await startFakeDevice({
    platform: "cisco_nxos",
    shell: echoing("leaf1# ", (line) => (line === "show running-config" ? (answers[asked++] ?? "") : "")),
  });
  const session = await open(device);
  return { text: readRunningConfig(session).finally(() => session.close()), asked: () => asked };
}

test("read the same twice, though at another time, a configuration is whole", async () => {
  const { text, asked } = await reading([whole("1"), whole("2")]);
  expect(await text).toContain("line vty");
  expect(asked()).toBe(2);
});

test("cut once, it is read until it comes twice the same", async () => {
  const { text, asked } = await reading([cut, whole("2"), whole("3")]);
  expect(await text).toContain("line vty");
  expect(asked()).toBe(3);
});

test("one that comes differently each time is not stored as whole", async () => {
  const { text } = await reading([cut, whole("2"), whole("3", "vlan 11\n")]);
  await expect(text).rejects.toMatchObject({
    code: "config_incomplete",
    message: expect.stringContaining("came differently each time") as string,
  });
});

test("an error is no configuration, however often it comes", async () => {
  const { text } = await reading(["% Permission denied for the role\n", "% Permission denied for the role\n"]);
  await expect(text).rejects.toMatchObject({ code: "line_rejected" });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ParsedRow } from "../../domain/contract/parse.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

const BRIEF = `Interface              IP-Address      OK? Method Status                Protocol
GigabitEthernet0/0     192.0.2.1       YES NVRAM  up                    up
Loopback0              unassigned      YES unset  administratively down down
`;

let api: Api;
let operator: Caller;
let viewer: Caller;
beforeAll(async () => {
  api = await startApi();
  operator = await api.as(["operator"]);
  viewer = await api.as(["viewer"]);
  for (const [name, device_type] of [
    ["show-ios", "cisco_ios"],
    ["show-junos", "juniper_junos"],
    ["show-off", "cisco_ios"],
  ]) {
    const made = await operator.call("POST", "/api/devices", { name, host: "192.0.2.9", device_type });
    expect(made.status, made.text).toBe(201);
  }
  await operator.call("PATCH", "/api/devices/show-off", { enabled: false, disabled_reason: "moved" });
  api.engine.answers.shown = BRIEF;
});
afterAll(() => api.stop());

/** What these routes answer, which no other does. */
type Shown = {
  rows?: ParsedRow[];
  template?: string;
  output: string;
  hash: string;
  parse_error?: { code: string; message: string };
  results: (Shown & { device: string; error?: { code: string; message: string } })[];
  commands: { command: string; template: string }[];
};
const dataOf = (reply: Reply): Shown => {
  expect(reply.status, reply.text).toBe(200);
  return reply.body.data as unknown as Shown;
};
const parse = (body: object) => viewer.call("POST", "/api/parse", body);

describe("POST /api/parse", () => {
  test("gives rows and the name of the template, for a command cut short as well", async () => {
    for (const command of ["show ip interface brief", "sh ip int br"]) {
      const { rows, template } = dataOf(await parse({ device_type: "cisco_ios", command, output: BRIEF }));
      expect(template).toBe("cisco_ios_show_ip_interface_brief.textfsm");
      expect(rows).toEqual([
        { interface: "GigabitEthernet0/0", ip_address: "192.0.2.1", status: "up", proto: "up" },
        { interface: "Loopback0", ip_address: "unassigned", status: "administratively down", proto: "down" },
      ]);
    }
  });

  test("names near commands where no template fits", async () => {
    const { status, body } = await parse({
      device_type: "cisco_ios",
      command: "show ip xyz",
      output: "",
    });
    expect({ status, code: body.code }).toEqual({ status: 422, code: "template_not_found" });
    expect(body.error).toMatch(/near ones on IOS are show ip /);
    const frr = await parse({ device_type: "frr", command: "show version", output: "" });
    expect({ status: frr.status, code: frr.body.code }).toEqual({ status: 422, code: "template_not_found" });
    expect(frr.body.error).toContain("it has none for FRR");
  });

  test("says at which line an output is not what the template knows", async () => {
    const output = "Protocol  Address     Age (min)  Hardware Addr   Type   Interface\n\nInternet 192.0.2\n";
    const { status, body } = await parse({ device_type: "cisco_ios", command: "show ip arp", output });
    expect({ status, code: body.code }).toEqual({ status: 422, code: "output_not_understood" });
    expect(body.error).toContain("line 3 of the output");
    expect(body.details).toMatchObject([{ path: "output", line: 3 }]);
  });

  test("takes whatever a device may say", async () => {
    for (const output of ["", "\u0001\u001b[2J", "é٣漢\u2028😀", "x".repeat(300_000), "\n".repeat(100_000)]) {
      const { status } = await parse({ device_type: "cisco_nxos", command: "show version", output });
      expect([200, 422]).toContain(status);
    }
  });

  test("stops a template whose expressions would not end", async () => {
    const { status, body } = await parse({
      device_type: "cisco_ios",
      command: "show capability feature routing",
      output: "word ".repeat(40),
    });
    expect({ status, code: body.code }).toEqual({ status: 422, code: "parse_too_hard" });
  });

  test("refuses a body that is none", async () => {
    const { status, body } = await parse({ device_type: "cisco_iso", command: "", output: 1 });
    expect(status).toBe(400);
    expect(body.details?.map(({ path }) => path).sort()).toEqual(["command", "device_type", "output"]);
  });
});

test("the commands of a type are reads that a template reads", async () => {
  const { commands } = dataOf(await viewer.call("GET", "/api/parse/commands?device_type=cisco_ios"));
  expect(commands).toContainEqual({ command: "show version", template: "cisco_ios_show_version.textfsm" });
  expect(commands.every(({ command }) => /^(show|dir|ping|traceroute)\b/.test(command))).toBe(true);
  expect(dataOf(await viewer.call("GET", "/api/parse/commands?device_type=frr")).commands).toEqual([]);
});

describe("POST /api/devices/{device}/show", () => {
  const show = (device: string, body: object, caller = operator) =>
    caller.call("POST", `/api/devices/${device}/show`, body);

  test("gives the output as it was stored, and rows beside it where they are asked for", async () => {
    const raw = dataOf(await show("show-ios", { command: "show ip interface brief" }));
    expect(raw).toMatchObject({ device: "show-ios", command: "show ip interface brief", output: BRIEF });
    expect(raw).not.toHaveProperty("rows");
    const both = dataOf(await show("show-ios", { command: " show ip interface brief ", use_textfsm: true }));
    expect(both).toMatchObject({
      output: BRIEF,
      hash: raw.hash,
      template: "cisco_ios_show_ip_interface_brief.textfsm",
    });
    expect(both.rows?.length).toBe(2);
  });

  test("gives the output also where there are no rows to be had, and says why", async () => {
    const shown = dataOf(await show("show-ios", { command: "show nothing of this", use_textfsm: true }));
    expect(shown.output).toBe(BRIEF);
    expect(shown.parse_error?.code).toBe("template_not_found");
  });

  test("runs nothing but reads, and says why in the grammar's words", async () => {
    const before = api.engine.asked.shown.length;
    for (const command of ["reload", "configure terminal", "show version | redirect flash:x", "clear counters"]) {
      const { status, body } = await show("show-ios", { command });
      expect({ status, code: body.code }).toEqual({ status: 400, code: "command_not_a_read" });
      expect(body.error).toContain("is not a read on IOS");
    }
    expect((await show("show-ios", { command: "show version\nreload" })).status).toBe(400);
    expect(api.engine.asked.shown.length).toBe(before);
  });

  test("asks no disabled device and none that is not there, and lets no viewer in", async () => {
    expect((await show("show-off", { command: "show version" })).body.code).toBe("device_disabled");
    expect((await show("nobody", { command: "show version" })).status).toBe(404);
    expect((await show("show-ios", { command: "show version" }, viewer)).status).toBe(403);
  });

  test("leaves a record of who asked what", async () => {
    await show("show-ios", { command: "show clock" });
    const admin = await api.as(["admin"]);
    const { body } = await admin.call("GET", "/api/audit?action=device.show&limit=1");
    expect(body.data.entries[0]).toMatchObject({
      action: "device.show",
      subject: "show-ios",
      actor: operator.username,
      detail: { command: "show clock", devices: ["show-ios"] },
    });
  });
});

describe("POST /api/devices/bulk/get-config", () => {
  test("answers for each device in the order asked: its rows, or what keeps them away", async () => {
    const { results } = dataOf(
      await operator.call("POST", "/api/devices/bulk/get-config", {
        devices: ["show-junos", "show-off", "SHOW-IOS", "show-ios"],
        command: "show ip interface brief",
        use_textfsm: true,
      }),
    );
    expect(results.map(({ device }) => device)).toEqual(["show-junos", "show-off", "show-ios"]);
    expect(results[0]).toMatchObject({ output: BRIEF, parse_error: { code: "template_not_found" } });
    expect(results[1]?.error?.code).toBe("device_disabled");
    expect(results[2]?.rows?.length).toBe(2);
    const refused = await operator.call("POST", "/api/devices/bulk/get-config", {
      devices: ["show-ios"],
      command: "reload",
    });
    expect(dataOf(refused).results[0]?.error?.code).toBe("command_not_a_read");
  });

  test("names the device that does not exist", async () => {
    const { status, body } = await operator.call("POST", "/api/devices/bulk/get-config", {
      devices: ["show-ios", "nobody"],
      command: "show version",
    });
    expect({ status, details: body.details }).toMatchObject({
      status: 400,
      details: [{ path: "devices[1]", code: "device_unknown" }],
    });
  });
});

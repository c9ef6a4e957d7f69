import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csvLine } from "../../api/csv.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let operator: Caller;
beforeAll(async () => {
  api = await startApi();
  operator = await api.as(["operator"], "op");
  const admin = await api.as(["admin"]);
  await admin.call("POST", "/api/credentials", { name: "tacacs", username: "netops", password: "x" });
});
afterAll(() => api.stop());

const load = (csv: string, query = ""): Promise<Reply> =>
  operator.call("POST", `/api/devices/import${query}`, csv, { "content-type": "text/csv" });
const rowsOf = (reply: Reply) =>
  reply.body.data.rows.map((r) => [r.row, r.name, r.action, ...r.errors.map((e) => `${e.column}: ${e.code}`)]);
const names = async (): Promise<string[]> =>
  (await operator.call("GET", "/api/devices?limit=500")).body.data.devices.map((d) => d.name);

describe("import", () => {
  test("adds devices, with words of other inventories for the columns, and says what it did", async () => {
    const csv =
      'Device Name,IP Address,Platform,Site,Tags,Credential,Port\r\nr1,10.0.0.1,cisco_ios,ams,core bgp,TACACS,\r\nr2,10.0.0.2,frr,,"edge, lab",,2222\r\n';
    const reply = await load(csv);
    expect(reply.status).toBe(200);
    expect(reply.body.data).toMatchObject({ created: 2, updated: 0, unchanged: 0, errors: 0 });
    const r1 = (await operator.call("GET", "/api/devices/r1")).body.data.device;
    expect(r1).toMatchObject({
      host: "10.0.0.1",
      device_type: "cisco_ios",
      site: "ams",
      tags: ["core", "bgp"],
      credential_name: "tacacs",
      port: 22,
      enabled: true,
    });
    expect((await operator.call("GET", "/api/devices/r2")).body.data.device).toMatchObject({
      tags: ["edge", "lab"],
      port: 2222,
      site: null,
    });
  });

  test("BOM, semicolons, tabs and single carriage returns are taken for what they are", async () => {
    expect((await load("\ufeffname;host;device_type\nbom-1;10.0.1.1;linux\n")).body.data.created).toBe(1);
    expect((await load("name\thost\tdevice_type\rtab-1\t10.0.1.2\tlinux\r")).body.data.created).toBe(1);
  });

  test("matches by name in any case; empty cells change nothing; what is the same is left alone", async () => {
    const reply = await load("name,host,device_type,site,description\nr1,,,fra,\nr2,10.0.0.2,frr,,\n");
    expect(rowsOf(reply)).toEqual([
      [2, "r1", "update"],
      [3, "r2", "unchanged"],
    ]);
    expect((await operator.call("GET", "/api/devices/r1")).body.data.device).toMatchObject({
      site: "fra",
      host: "10.0.0.1",
      tags: ["core", "bgp"],
    });
  });

  test("a dry run writes nothing and finds what the real one would", async () => {
    const csv =
      "name,host,device_type\nr1,10.0.0.99,\ndry-1,10.0.3.1,linux\ndry-2,10.0.3.2,cisco_iso\ndry-1,10.0.3.3,linux\n";
    const dry = await load(csv, "?dry_run=true");
    expect(dry.status).toBe(200);
    expect(rowsOf(dry)).toEqual([
      [2, "r1", "update"],
      [3, "dry-1", "create"],
      [4, "dry-2", "error", "device_type: platform_unknown"],
      [5, "dry-1", "error", "name: device_twice"],
    ]);
    expect((await operator.call("GET", "/api/devices/r1")).body.data.device.host).toBe("10.0.0.1");
    const real = await load(csv);
    expect({ status: real.status, code: real.body.code }).toEqual({ status: 422, code: "csv_rows" });
    expect(real.body.details).toMatchObject([
      { path: "rows[4].device_type", line: 4, code: "platform_unknown" },
      { path: "rows[5].name", line: 5, code: "device_twice" },
    ]);
    expect(await names()).not.toContain("dry-1");
    const admin = await api.as(["admin"]);
    expect((await admin.call("GET", "/api/audit?action=device.import")).text).not.toContain("dry-1");
  });

  test("every kind of fault is named by row and column, also below cells of several lines", async () => {
    const csv = [
      "name,host,device_type,port,enabled,credential,site,description",
      'ok-1,10.0.4.1,linux,,,,,"two',
      'lines"',
      "bad-host,999.1.1.1,linux,,,,,",
      "bad-port,10.0.4.2,linux,70000,,,,",
      "bad-port-text,10.0.4.3,linux,ssh,,,,",
      "bad-flag,10.0.4.4,linux,,maybe,,,",
      "bad-credential,10.0.4.5,linux,,,nobody,,",
      "bad name,10.0.4.6,linux,,,,,",
      "bad-site,10.0.4.7,linux,,,,a/b,",
      ",10.0.4.8,linux,,,,,",
      "no-host,,linux,,,,,",
      "short,10.0.4.9",
      "long,10.0.4.10,linux,,,,,,,",
      "export,10.0.4.11,linux,,,,,",
    ].join("\n");
    expect(rowsOf(await load(csv, "?dry_run=true"))).toEqual([
      [2, "ok-1", "create"],
      [4, "bad-host", "error", "host: address_invalid"],
      [5, "bad-port", "error", "port: port_range"],
      [6, "bad-port-text", "error", "port: port_range"],
      [7, "bad-flag", "error", "enabled: field_value"],
      [8, "bad-credential", "error", "credential: credential_unknown"],
      [9, "bad name", "error", "name: field_format"],
      [10, "bad-site", "error", "site: field_format"],
      [11, null, "error", "name: field_missing"],
      [12, "no-host", "error", "host: field_missing"],
      [13, "short", "error", "device_type: csv_columns"],
      [14, "long", "error", ": csv_columns"],
      [15, "export", "error", "name: name_reserved"],
    ]);
  });

  test.each([
    ["an unknown column", "name,colour\nx,red\n", "colour: csv_column_unknown"],
    ["a column twice", "name,host,ip\nx,1,2\n", "host: csv_column_twice"],
    ["no name column", "host,device_type\n10.0.0.1,linux\n", "name: csv_column_missing"],
    ["an open quote", 'name,host\n"x,10.0.0.1\n', ": csv_invalid"],
    ["an empty file", "\n", ": csv_empty"],
  ])("%s is a fault of the first row", async (_what, csv, fault) => {
    expect(rowsOf(await load(csv, "?dry_run=true"))).toEqual([[1, null, "error", fault]]);
    expect((await load(csv)).status).toBe(422);
  });

  test("a device that a run holds is not moved by a file", async () => {
    const { body } = await operator.call("GET", "/api/devices/r2");
    await api.pool`insert into device_locks (device_id, run_id) values (${body.data.device.id}, gen_random_uuid())`;
    expect(rowsOf(await load("name,host\nr2,10.9.9.9\n", "?dry_run=true"))).toEqual([
      [2, "r2", "error", "host: device_busy"],
    ]);
    await api.pool`delete from device_locks`;
  });

  test("secrets in a file are sealed, and what disables a device says where that came from", async () => {
    const reply = await load(
      "name,host,device_type,username,password,secret,enabled\nsec-1,10.0.5.1,cisco_ios,u,pw-CANARY,en-CANARY,no\n",
    );
    expect(reply.text).not.toContain("CANARY");
    expect((await operator.call("GET", "/api/devices/sec-1")).body.data.device).toMatchObject({
      has_password: true,
      has_enable_password: true,
      enabled: false,
      disabled_reason: "disabled by an imported file",
    });
    expect(api.log()).not.toContain("CANARY");
  });

  test("another type of body, or one too large, is refused like everywhere", async () => {
    expect((await operator.call("POST", "/api/devices/import", { a: 1 })).body.code).toBe("content_type");
    expect((await load(`name\n${"x".repeat(1_100_000)}`)).body.code).toBe("body_too_large");
    expect((await load("name,host\na\u0000b,1\n")).body.code).toBe("name_characters");
  });
});

describe("export", () => {
  test("what was written is read back as the same", async () => {
    await operator.call("PUT", "/api/devices/r1", { description: 'says "hi", and\n=goes on' });
    await operator.call("PUT", "/api/devices/r2", { description: "=cmd|' /C calc'!A0" });
    const { status, headers, text } = await operator.call("GET", "/api/devices/export");
    expect(status).toBe(200);
    expect(headers.get("content-disposition")).toBe('attachment; filename="netstacks-devices.csv"');
    const again = await load(text);
    expect(again.body.data, again.text).toMatchObject({ created: 0, updated: 0, errors: 0 });
    expect(again.body.data.unchanged).toBe((await names()).length);
  });

  test("no cell begins a formula", async () => {
    const { text } = await operator.call("GET", "/api/devices/export?search=r2");
    const cells: string[][] = parse(text);
    expect(cells).toHaveLength(2);
    expect(cells.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(cells[1]).toContain("'=cmd|' /C calc'!A0");
  });

  test("whatever a cell holds, it comes out of a reader as it was, an apostrophe before formulas aside", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }), (cells) => {
        const [row = []]: string[][] = parse(csvLine(cells), { relax_column_count: true, record_delimiter: "\r\n" });
        const expected = cells.map((c) => (/^[=+\-@\t\r]/.test(c) ? `'${c}` : c));
        expect(expected.length === 1 && expected[0] === "" ? [""] : row.length === 0 ? [""] : row).toEqual(expected);
      }),
    );
  });
});

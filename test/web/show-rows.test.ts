import { expect, test } from "vitest";
import { DEVICE, asCsv, asJson, columnsOf, filterRows, rowsOf, sortRows } from "../../web/src/features/show/rows.ts";

const answer = (device: string, rows: Record<string, string | string[]>[]) => ({
  device,
  command: "show x",
  output: "",
  hash: "h",
  read_at: "2026-01-01T00:00:00Z",
  rows,
});
const rows = rowsOf([
  answer("b", [
    { port: "Gi0/10", vlan: "7", tags: ["x", "y"], note: "" },
    { port: "Gi0/2", vlan: "30", tags: [], note: "" },
  ]),
  answer("a", [{ port: "Gi0/1", vlan: "200", tags: ["z"], note: "", speed: "1000" }]),
]);
const ports = (sorted: typeof rows) => sorted.map((row) => row.cells["port"]);

test("columns stand in the templates' order, without those that are empty everywhere", () => {
  expect(columnsOf(rows)).toEqual({ shown: ["port", "vlan", "tags", "speed"], empty: 1 });
});

test("numbers sort as numbers, within names too, and either way round", () => {
  expect(ports(sortRows(rows, "port"))).toEqual(["Gi0/1", "Gi0/2", "Gi0/10"]);
  expect(ports(sortRows(rows, "-vlan"))).toEqual(["Gi0/1", "Gi0/2", "Gi0/10"]);
  expect(ports(sortRows(rows, DEVICE))).toEqual(["Gi0/1", "Gi0/10", "Gi0/2"]);
  expect(ports(sortRows(rows, undefined))).toEqual(["Gi0/10", "Gi0/2", "Gi0/1"]);
});

test("a filter wants every word, wherever it stands", () => {
  expect(ports(filterRows(rows, "gi0 Y"))).toEqual(["Gi0/10"]);
  expect(filterRows(rows, " ")).toHaveLength(3);
  expect(filterRows(rows, "gi0 nowhere")).toEqual([]);
});

test("JSON and CSV hold what is shown, and no cell runs in a spreadsheet", () => {
  expect(JSON.parse(asJson(rows.slice(2), true))).toEqual([
    { device: "a", port: "Gi0/1", vlan: "200", tags: ["z"], note: "", speed: "1000" },
  ]);
  const hostile = rowsOf([answer("d", [{ a: "=cmd|' /C calc'!A0", b: 'say "x", y' }])]);
  expect(asCsv(hostile, ["a", "b"], false)).toBe(`a,b\r\n'=cmd|' /C calc'!A0,"say ""x"", y"\r\n`);
  expect(asCsv(rows, ["port", "tags"], true)).toBe('device,port,tags\r\nb,Gi0/10,"x, y"\r\nb,Gi0/2,\r\na,Gi0/1,z\r\n');
});

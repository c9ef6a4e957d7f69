import { expect, test } from "vitest";
import { parseIndex } from "../../../domain/textfsm/index-rules.ts";
import { openLibrary } from "../../../domain/textfsm/library.ts";

const INDEX = `# A comment, with, three, commas
Template, Hostname, Platform, Command

a_show_ip_route.textfsm, .*, a, sh[[ow]] ip ro[[ute]]
a_show_ip.textfsm, .*, a, sh[[ow]] ip
dropped.textfsm, .*, a, show x{1,2}
b_show_both.textfsm:b_more.textfsm, .*, (b|c), show both
# b_old.textfsm, .*, b, show old
`;

test("a command is matched from its beginning, with words cut short; the first line that fits counts", () => {
  const rows = parseIndex(INDEX);
  const find = (platform: string, command: string): string | undefined =>
    rows.find((row) => row.platform(platform) && row.command(command))?.templates.join(":");
  expect(find("a", "show ip route")).toBe("a_show_ip_route.textfsm");
  expect(find("a", "sh ip ro vrf X")).toBe("a_show_ip_route.textfsm");
  expect(find("a", "sho ip rout")).toBe("a_show_ip_route.textfsm");
  expect(find("a", "show ip interface")).toBe("a_show_ip.textfsm");
  expect(find("a", "s ip")).toBeUndefined();
  expect(find("a", "do show ip")).toBeUndefined();
  expect(find("c", "show both")).toBe("b_show_both.textfsm:b_more.textfsm");
  expect(find("b", "show old")).toBeUndefined();
});

test("a line with another number of cells is none", () => {
  expect(parseIndex(INDEX).map((row) => row.templates[0])).not.toContain("dropped.textfsm");
});

const library = (files: Record<string, string>) => openLibrary({ index: INDEX, template: (name) => files[name] ?? "" });
const MORE = "Value Key K (\\w)\nValue M (\\d+)\n\nStart\n  ^more ${K} ${M} -> Record\n";

test("a second template adds its columns to the rows with the same key", () => {
  const files = {
    "b_show_both.textfsm": "Value Key K (\\w)\nValue N (\\d+)\n\nStart\n  ^one ${K} ${N} -> Record\n",
    "b_more.textfsm": MORE,
  };
  expect(library(files).parse("b", "show both", "one x 1\none y 2\nmore y 3\nmore z 4\nmore y 5")).toEqual({
    template: "b_show_both.textfsm:b_more.textfsm",
    rows: [
      { k: "x", n: "1", m: "" },
      { k: "y", n: "2", m: "3" },
    ],
  });
});

test("without keys the rows go together by their place", () => {
  const files = {
    "b_show_both.textfsm": "Value N (\\d+)\n\nStart\n  ^one \\w ${N} -> Record\n",
    "b_more.textfsm": MORE.replace("Key ", ""),
  };
  expect(library(files).parse("b", "show both", "one x 1\none y 2\nmore y 3")?.rows).toEqual([
    { n: "1", k: "y", m: "3" },
    { n: "2", k: "", m: "" },
  ]);
});

test("the commands of a platform are those that their own template reads", () => {
  expect(
    library({})
      .commands("a")
      .map(({ command }) => command),
  ).toEqual(["show ip", "show ip route"]);
  expect(library({}).parse("z", "show ip", "")).toBeUndefined();
});

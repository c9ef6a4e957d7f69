import { bind } from "../arguments.ts";
import type { Filter } from "../extension.ts";
import { toList } from "../iterate.ts";
import { str } from "../print.ts";
import { isInt } from "../int.ts";
import type { Value } from "../values.ts";
import { fail, intParameter, isSequence, shown } from "./support.ts";

/** A list of numbers as IOS writes it: runs of three and more with a dash, in lines of which the first may be longer. */
const vlanParser: Filter = (value, args, kwargs, engine) => {
  const [first, others] = bind(
    "vlan_parser",
    [
      ["first_line_len", 48],
      ["other_line_len", 44],
    ],
    args,
    kwargs,
  );
  if (!isSequence(value)) return fail("vlan_parser", `needs a list of numbers, got ${shown(value)}`);
  const items = toList(value);
  engine.spend(items.length);
  const numbers = [...new Set(items.map(vlanOf))].toSorted((a, b) => a - b);
  if (numbers.length === 0) return fail("vlan_parser", "the list is empty");
  const lengths = [first, others].map((length) => Number(intParameter("vlan_parser", "a line's length", length)));
  return linesOf(runsOf(numbers), lengths);
};

function vlanOf(item: Value): number {
  const number = isInt(item) ? Number(item) : fail("vlan_parser", `${shown(item)} is no VLAN`);
  return number >= 1 && number <= 4094 ? number : fail("vlan_parser", `${number} is no VLAN: the range is 1-4094`);
}

function runsOf(numbers: readonly number[]): string[] {
  const runs: number[][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs.flatMap((run) => (run.length < 3 ? run.map(String) : [`${run[0]}-${run.at(-1)}`]));
}

/** A comma that would end the line is not counted, as Ansible does not count it. */
function linesOf(runs: readonly string[], [first = 48, others = 44]: readonly number[]): string[] {
  const lines = [""];
  for (const run of runs) {
    const line = lines.at(-1) ?? "";
    if (line.length + run.length > (lines.length === 1 ? first : others)) lines.push(`${run},`);
    else lines[lines.length - 1] = `${line}${run},`;
  }
  return lines.map((line) => line.replace(/,+$/, "")).filter((line, i) => line !== "" || i !== lines.indexOf(""));
}

const vlanExpander: Filter = (value, args, kwargs, engine) => {
  bind("vlan_expander", [], args, kwargs);
  const text = str(value);
  const numbers = text.split(",").flatMap((part) => {
    const [, from, to] =
      /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? fail("vlan_expander", `'${part}' is neither a number nor a range`);
    const [low, high] = [Number(from), Number(to ?? from)];
    engine.spend(Math.max(0, high - low));
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
  });
  return numbers.toSorted((a, b) => a - b);
};

export const VLAN_FILTERS: readonly (readonly [string, Filter])[] = [
  ["vlan_parser", vlanParser],
  ["vlan_expander", vlanExpander],
];

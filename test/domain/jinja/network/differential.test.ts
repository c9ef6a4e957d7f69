import { expect, test } from "vitest";
import { JinjaError } from "../../../../domain/jinja/errors.ts";
import { NETWORK_FILTERS, NETWORK_TESTS } from "../../../../domain/jinja/network/index.ts";
import { repr } from "../../../../domain/jinja/print.ts";
import { makeEngine } from "./engine.ts";
import { DIFFERENCES } from "./differences.ts";
import { readCases, type RecordedCase, toValue } from "./recorded.ts";

const cases = readCases();

function ours({ kind, name, value, args, kwargs }: RecordedCase): string {
  const call = [
    toValue(value),
    args.map(toValue),
    new Map(Object.entries(kwargs).map(([key, item]) => [key, toValue(item)])),
    makeEngine(),
  ] as const;
  const what = kind === "filter" ? NETWORK_FILTERS.get(name) : NETWORK_TESTS.get(name);
  if (what === undefined) return "missing";
  try {
    return repr(what(...call));
  } catch (error) {
    if (error instanceof JinjaError) return "error";
    throw error;
  }
}

const theirs = ({ result, error }: RecordedCase): string => (error === undefined ? repr(toValue(result)) : "error");

const shown = ({ name, value, args, kwargs }: RecordedCase): string => JSON.stringify([name, value, args, kwargs]);

test("every filter and test gives what Ansible's gives, or a difference that is written down", () => {
  const used = new Set<string>();
  const different = cases.flatMap((recorded) => {
    const mine = ours(recorded);
    if (mine === theirs(recorded)) return [];
    const reason = DIFFERENCES.find(({ holds }) => holds(recorded));
    if (reason !== undefined) used.add(reason.reason);
    return reason === undefined ? [`${shown(recorded)}: ${mine}, not ${theirs(recorded)}`] : [];
  });
  expect(different).toEqual([]);
  // A difference that no case shows any more is not one.
  expect(DIFFERENCES.map(({ reason }) => reason).filter((reason) => !used.has(reason))).toEqual([]);
});

test("the record holds at least one case of every filter and test", () => {
  const recorded = new Set(cases.map(({ kind, name }) => `${kind} ${name}`));
  const short = [
    ...Array.from(NETWORK_FILTERS.keys(), (name) => `filter ${name}`),
    ...Array.from(NETWORK_TESTS.keys(), (name) => `test ${name}`),
  ].filter((name) => !name.includes("ansible."));
  expect(short.filter((name) => !recorded.has(name))).toEqual([]);
});

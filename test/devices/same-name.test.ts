import { expect, test } from "vitest";
import { platforms } from "../../devices/platforms/index.ts";
import { mayBeCalled } from "../../devices/read/same-name.ts";
import { learnPrompts } from "../../devices/session/prompt.ts";

const LONG = "a-very-long-router-name-of-a-site";

test.each<[string, string, number | undefined, boolean]>([
  ["r1", "r1", undefined, true],
  ["R1", "r1", undefined, true],
  ["r1.example.net", "r1", undefined, true],
  ["hospital-core-sw10", "hospital-core-sw1", undefined, false],
  ["hospital-core-sw10", "hospital-core-sw1", 20, false],
  [LONG, LONG.slice(0, 20), 20, true],
  [LONG, LONG.slice(0, 20), undefined, false],
  [LONG, LONG.slice(0, 19), 20, false],
  [LONG, LONG.slice(0, 21), 20, false],
  ["r1", "r10", 20, false],
])("“%s” may show itself as “%s”, cut at %s: %s", (expected, shown, cut, may) => {
  expect(mayBeCalled(expected, shown, cut)).toBe(may);
});

test.each<[keyof typeof platforms, string, string, boolean]>([
  ["cisco_ios", `${LONG}#`, `${LONG.slice(0, 20)}(config)#`, true],
  ["cisco_ios", `${LONG}#`, `${LONG.slice(0, 20)}(config-if)#`, true],
  ["cisco_ios", `${LONG}#`, `${LONG.slice(0, 20)}#`, false],
  ["cisco_ios", `${LONG}#`, `${LONG.slice(0, 19)}(config)#`, false],
  ["cisco_ios", "hospital-core-sw10#", "hospital-core-sw1(config)#", false],
  ["cisco_ios", "hospital-core-sw10#", "hospital-core-sw1#", false],
  ["cisco_nxos", `${LONG}# `, `${LONG.slice(0, 20)}(config)# `, false],
  ["arista_eos", "hospital-core-sw10#", "hospital-core-sw1(config)#", false],
  ["hp_comware", "<hospital-core-sw10>", "<hospital-core-sw1>", false],
])("%s, at “%s”: “%s” is its prompt: %s", (id, seen, line, own) => {
  expect(learnPrompts(platforms[id], seen).match(line) !== null).toBe(own);
});

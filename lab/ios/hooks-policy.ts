import type { Hook, HookResult } from "../config/dialect.ts";
import { findChild, type ConfigNode } from "../config/tree.ts";

const sequences = (parent: ConfigNode, prefix: string): number[] =>
  parent.children
    .filter((child) => child.key.startsWith(prefix))
    .map((child) => Number(/ seq (\d+)/.exec(child.key)?.[1] ?? 0));

const prefixList: Hook = ({ words }, { parent, negated }) => {
  const head = words.slice(0, 3).join(" ");
  const entry = words.slice(words[3] === "seq" ? 5 : 3);
  const same = parent.children.find(
    (c) => c.key.startsWith(`${head} seq `) && c.text.replace(/^.* seq \d+ /, "") === entry.join(" "),
  );
  if (words[3] === "seq") {
    if (same && !negated && same.key !== `${head} seq ${words[4]}`)
      return { refuse: "%Insertion failed - prefix-list entry exists" };
    return { key: `${head} seq ${words[4]}` };
  }
  if (same) return { key: same.key, words: same.text.split(" ") };
  const next = Math.max(0, ...sequences(parent, `${head} seq `)) + 5;
  return { key: `${head} seq ${next}`, words: [...words.slice(0, 3), "seq", String(next), ...entry] };
};

/** Entries stand by sequence number; one without goes to the end, one that is there already changes nothing. */
const aclEntry: Hook = ({ words }, { parent, negated }) => {
  const given = /^\d+$/.test(words[0] ?? "") ? Number(words[0]) : undefined;
  const entry = given === undefined ? words : words.slice(1);
  const key = entry.join(" ");
  const existing = findChild(parent, key);
  const numbers = parent.children.map((child) => Number(child.place.at(-1) ?? 0));
  if (negated) return given === undefined ? { key } : aclByNumber(parent, given);
  if (existing && given !== undefined && existing.place.at(-1) !== given)
    return { refuse: "% Duplicate sequence number" };
  if (existing) return { words: entry, key, sequence: Number(existing.place.at(-1)) };
  if (given !== undefined && numbers.includes(given)) return { refuse: "% Duplicate sequence number" };
  return { words: entry, key, sequence: given ?? Math.max(0, ...numbers) + 10 };
};
const aclByNumber = (parent: ConfigNode, number: number): HookResult => {
  const entry = parent.children.find((child) => child.place.at(-1) === number);
  return entry ? { key: entry.key } : { refuse: "% Invalid sequence number" };
};
const aclNumber: Hook = ({ words }, { parent }) => aclByNumber(parent, Number(words[0]));

const routeMap: Hook = ({ words }) => {
  const action = words.find((word, i) => i >= 2 && (word === "permit" || word === "deny")) ?? "permit";
  const number = words.find((word, i) => i >= 2 && /^\d+$/.test(word)) ?? "10";
  return { key: `route-map ${words[1]} ${number}`, words: ["route-map", words[1] ?? "", action, number] };
};

const classMap: Hook = ({ words }) => {
  const name = words.at(-1) ?? "";
  const kind = words.length === 3 ? (words[1] ?? "match-all") : "match-all";
  return { key: `class-map ${name}`, words: ["class-map", kind, name] };
};

/** `allowed vlan add 30` edits the list that is there. */
const vlanAdd: Hook = ({ words }, { parent }) => {
  const key = "switchport trunk allowed vlan";
  const old = findChild(parent, key)?.text.slice(key.length + 1) ?? "none";
  const change = expandVlans(words[5] ?? "");
  const now = old === "all" ? expandVlans("1-4094") : old === "none" ? [] : expandVlans(old);
  const left =
    words[4] === "add"
      ? [...new Set([...now, ...change])]
      : words[4] === "remove"
        ? now.filter((v) => !change.includes(v))
        : expandVlans("1-4094").filter((v) => !change.includes(v));
  const text = joinVlans(left.sort((a, b) => a - b));
  return { key, words: [...key.split(" "), text === "" ? "none" : text] };
};
const expandVlans = (list: string): number[] =>
  list.split(",").flatMap((part) => {
    const [low = 0, high = low] = part.split("-").map(Number);
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  });
function joinVlans(vlans: number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < vlans.length;) {
    let j = i;
    while ((vlans[j + 1] ?? 0) === (vlans[j] ?? 0) + 1) j++;
    parts.push(j === i ? `${vlans[i]}` : `${vlans[i]}-${vlans[j]}`);
    i = j + 1;
  }
  return parts.join(",");
}

export const policyHooks: Record<string, Hook> = {
  "prefix-list": prefixList,
  "acl-entry": aclEntry,
  "acl-number": aclNumber,
  "route-map": routeMap,
  "class-map": classMap,
  "vlan-add": vlanAdd,
};

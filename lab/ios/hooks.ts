import type { Hook } from "../config/dialect.ts";
import { findChild, lineMatching, type ConfigNode } from "../config/tree.ts";
import { ipNumber, maskLength, networkOf } from "../grammar/values.ts";
import { bgpHooks } from "./hooks-bgp.ts";
import { policyHooks } from "./hooks-policy.ts";
import { storedSecret } from "./secrets.ts";

const secret: Hook = ({ words, keyLength }, { root, negated }) => {
  if (negated) return {};
  const kept = words.slice(0, keyLength);
  return { words: [...kept, ...storedSecret(kept.at(-1) ?? "", words.slice(keyLength), root)] };
};

/** Privilege and secret of one user are one line, whatever order they come in. */
const username: Hook = ({ words }, { root, parent, negated }) => {
  const key = words.slice(0, 2).join(" ");
  if (negated) return { key };
  const old = findChild(parent, key)?.text ?? "";
  const level = words[2] === "privilege" ? words[3] : / privilege (\d+)/.exec(old)?.[1];
  const at = words.findIndex((word, i) => i >= 2 && (word === "secret" || word === "password"));
  const keyword = words[at] ?? "";
  const kept = / (secret|password) .*$/.exec(old)?.[0].trim().split(" ") ?? [];
  const credential = at < 0 ? kept : [keyword, ...storedSecret(keyword, words.slice(at + 1), root)];
  return { key, words: [...words.slice(0, 2), ...(level ? ["privilege", level] : []), ...credential] };
};

/** Interface addresses: a contiguous mask, a host address, and no subnet that another interface already has. */
const address: Hook = ({ words }, { root, parent, negated }) => {
  const [, , ip = "", mask = ""] = words;
  const length = maskLength(mask);
  if (negated || !/^\d/.test(ip)) return negated && words.length === 2 ? { prefix: true } : {};
  if (length === undefined)
    return { refuse: `Bad mask 0x${ipNumber(mask).toString(16).toUpperCase()} for address ${ip}` };
  const network = networkOf(ip, length);
  const broadcast = ipNumber(network) + (length >= 31 ? -1 : 2 ** (32 - length) - 1);
  if (length < 31 && (ip === network || ipNumber(ip) === broadcast))
    return { refuse: `Bad mask /${length} for address ${ip}` };
  for (const other of root.children.filter((node) => node.mode === "if" && node !== parent && !sameVrf(node, parent))) {
    const taken = lineMatching(other, /^ip address (\S+) (\S+)/);
    const shorter = Math.min(length, maskLength(taken?.[2] ?? "") ?? 33);
    if (taken?.[1] && shorter <= 32 && networkOf(taken[1], shorter) === networkOf(ip, shorter))
      return {
        refuse: `% ${networkOf(taken[1], maskLength(taken[2] ?? "") ?? 32)} overlaps with ${other.text.replace("interface ", "")}`,
      };
  }
  return {};
};
const vrfOf = (node: ConfigNode): string => lineMatching(node, /^(?:ip )?vrf forwarding (\S+)/)?.[1] ?? "";
const sameVrf = (a: ConfigNode, b: ConfigNode): boolean => vrfOf(a) !== vrfOf(b);

const vrfForwarding: Hook = (_match, { parent, negated }) => {
  const had = parent.children.some((child) => child.key.startsWith("ip address"));
  if (!had) return {};
  parent.children = parent.children.filter((child) => !child.key.startsWith("ip address"));
  const name = parent.text.replace("interface ", "");
  return {
    say: `% Interface ${name} IPv4 disabled and address(es) removed due to ${negated ? "disabling" : "enabling"} VRF`,
  };
};

const interfaceHook: Hook = ({ words }, { parent, negated }) => {
  const name = words[1] ?? "";
  if (!negated || !/^GigabitEthernet[\d/]+$/.test(name)) return {};
  return findChild(parent, words.join(" ")) ? { refuse: "% Removal of physical interfaces is not permitted" } : {};
};

/** With `passive-interface default`, `no passive-interface X` is a line of its own. */
const passive: Hook = (_match, { parent }) => ({ on: findChild(parent, "passive-interface default") !== undefined });

const loggingHost: Hook = ({ words }) => ({
  words: ["logging", "host", words[1] ?? ""],
  key: `logging host ${words[1]}`,
});
const oldDomain: Hook = ({ words }) => {
  const [, part = ""] = (words[1] ?? "").split("-");
  return { words: ["ip", "domain", part, ...words.slice(2)], key: `ip domain ${part}` };
};
const route: Hook = ({ words }) => {
  const at = words[2] === "vrf" ? 4 : 2;
  const length = maskLength(words[at + 1] ?? "");
  if (length === undefined || networkOf(words[at] ?? "", length) !== words[at])
    return { refuse: "%Inconsistent address and mask" };
  return {};
};
const discard: Hook = () => ({ discard: true });

export const IOS_HOOKS: Record<string, Hook> = {
  ...bgpHooks,
  ...policyHooks,
  secret,
  username,
  address,
  "vrf-forwarding": vrfForwarding,
  interface: interfaceHook,
  passive,
  "logging-host": loggingHost,
  "old-domain": oldDomain,
  route,
  discard,
};

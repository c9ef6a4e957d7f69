import { areaText } from "../config/facts.ts";
import { encodeType7, hashSecret } from "../config/secrets.ts";
import type { Hook } from "../config/dialect.ts";
import { findChild, lineMatching } from "../config/tree.ts";
import { ipNumber, isIpv4, maskLength, networkOf } from "../grammar/values.ts";
import { bgpHooks } from "../ios/hooks-bgp.ts";
import { policyHooks } from "../ios/hooks-policy.ts";

const storedSecret = (rest: string[]): string[] => {
  const [kind = "0", text = ""] = rest.length === 1 ? ["0", rest[0]] : rest;
  return kind === "0" ? ["sha512", hashSecret("eos", text)] : [kind, text];
};
const secret: Hook = ({ words, keyLength }, { negated }) =>
  negated ? {} : { words: [...words.slice(0, keyLength), ...storedSecret(words.slice(keyLength))] };

/** Privilege, role and secret of one user are one line. */
const username: Hook = ({ words }, { parent, negated }) => {
  const key = words.slice(0, 2).join(" ");
  if (negated) return { key };
  const old = findChild(parent, key)?.text ?? "";
  const said = (name: string): string | undefined => words[words.indexOf(name, 2) + 1];
  const level = words.includes("privilege", 2) ? said("privilege") : / privilege (\d+)/.exec(old)?.[1];
  const role = words.includes("role", 2) ? said("role") : / role (\S+)/.exec(old)?.[1];
  const at = words.indexOf("secret", 2);
  const credential = words.includes("nopassword", 2)
    ? ["nopassword"]
    : at < 0
      ? (/ (secret .*|nopassword)$/.exec(old)?.[1]?.split(" ") ?? [])
      : ["secret", ...storedSecret(words.slice(at + 1))];
  return {
    key,
    words: [...words.slice(0, 2), "privilege", level ?? "1", ...(role ? ["role", role] : []), ...credential],
  };
};

/** Addresses stand with their prefix length, whatever way they are typed. */
const address: Hook = ({ words }, { root, parent, negated }) => {
  const at = words.findIndex((word) => /^\d/.test(word));
  if (at < 0) return negated ? { prefix: true } : {};
  const length =
    words[at + 1] === undefined || !isIpv4(words[at + 1] ?? "")
      ? Number(words[at]?.split("/")[1])
      : (maskLength(words[at + 1] ?? "") ?? 32);
  const ip = words[at]?.split("/")[0] ?? "";
  const secondary = words.at(-1) === "secondary";
  const stored = [...words.slice(0, at), `${ip}/${length}`, ...(secondary ? ["secondary"] : [])];
  const key = secondary ? stored.join(" ") : "ip address";
  if (negated) return { key };
  if (
    length < 31 &&
    (networkOf(ip, length) === ip || ipNumber(ip) === ipNumber(networkOf(ip, length)) + 2 ** (32 - length) - 1)
  )
    return { refuse: `% Invalid address ${ip}/${length}: it is the network or broadcast address` };
  if (
    findChild(parent, "switchport")?.text !== "no switchport" &&
    /^interface (Ethernet|Port-Channel)[\d/]+$/.test(parent.text)
  ) {
    return {
      key,
      words: stored,
      say: `! IP configuration will be ignored while interface ${parent.text.replace("interface ", "")} is not a routed port.`,
    };
  }
  const vrfOf = (node: typeof parent): string => lineMatching(node, /^vrf (\S+)/)?.[1] ?? "";
  for (const other of root.children.filter(
    (node) => node.mode === "if" && node !== parent && vrfOf(node) === vrfOf(parent),
  )) {
    const taken = lineMatching(other, /^ip address (\d[\d.]*)\/(\d+)/);
    const shorter = Math.min(length, Number(taken?.[2] ?? 33));
    if (taken?.[1] && shorter <= 32 && networkOf(taken[1], shorter) === networkOf(ip, shorter))
      return {
        refuse: `% Address ${ip}/${length} overlaps with ${taken[1]}/${taken[2]} on interface ${other.text.replace("interface ", "")}`,
      };
  }
  return { key, words: stored };
};

const interfaceHook: Hook = ({ words }, { parent, negated }) =>
  negated && /^(Ethernet|Management)[\d/]+$/.test(words[1] ?? "") && findChild(parent, words.join(" "))
    ? { refuse: "% Invalid input" }
    : {};

const route: Hook = ({ words }, { negated }) => {
  const at = words.findIndex((word) => /^\d/.test(word));
  const masked = maskLength(words[at + 1] ?? "");
  const long = !words[at]?.includes("/") && masked !== undefined;
  const [ip = "", bits = ""] = (words[at] ?? "").split("/");
  const length = long ? masked : Number(bits);
  const head = [...words.slice(0, at), `${networkOf(ip, length)}/${length}`];
  const rest = words.slice(at + (long ? 2 : 1));
  return {
    words: [...head, ...rest],
    key: [...head, ...rest.slice(0, negated ? Math.max(1, rest.length) : 1)].join(" "),
  };
};

const networkMask: Hook = ({ words }) => {
  const stored = `${words[1]}/${maskLength(words[3] ?? "") ?? 32}`;
  return { words: ["network", stored, ...words.slice(4)], key: `network ${stored}` };
};
const area: Hook = ({ words }) => {
  const wildcard = isIpv4(words[2] ?? "") ? 32 - Math.round(Math.log2(ipNumber(words[2] ?? "0.0.0.0") + 1)) : undefined;
  const prefix = wildcard === undefined ? (words[1] ?? "") : `${words[1]}/${wildcard}`;
  const stored = ["network", prefix, "area", areaText(words.at(-1) ?? "0")];
  return { words: stored, key: stored.join(" ") };
};
const peerGroup: Hook = ({ words }) => ({
  words: ["neighbor", words[1] ?? "", "peer", "group"],
  key: `neighbor ${words[1]} peer group`,
});
const passive: Hook = (_match, { parent }) => ({ on: findChild(parent, "passive-interface default") !== undefined });
/** EOS stores neighbor passwords obfuscated in any case. */
const neighborPassword: Hook = ({ words, keyLength }, { negated }) => {
  if (negated) return {};
  const [kind = "0", text = ""] = words.length === keyLength + 1 ? ["0", words[keyLength]] : words.slice(keyLength);
  return { words: [...words.slice(0, keyLength), "7", kind === "7" ? text : encodeType7(text)] };
};
/** EOS takes a neighbor's settings before its AS. */
const accept: Hook = () => ({});

export const EOS_HOOKS: Record<string, Hook> = {
  ...bgpHooks,
  ...policyHooks,
  neighbor: accept,
  // Only the line goes, not the whole neighbor as on IOS.
  "neighbor-as": accept,
  "neighbor-direction": bgpHooks.direction ?? accept,
  "neighbor-password": neighborPassword,
  secret,
  username,
  address,
  interface: interfaceHook,
  route,
  "network-mask": networkMask,
  area,
  "peer-group": peerGroup,
  passive,
};

import { z } from "zod";
import { maskSecrets, secretValues } from "../config/secrets.ts";
import type { PlatformId } from "../contract/device.ts";
import { emptied } from "./key-bodies.ts";

/** What is known about a device and must not stand in a file that is passed on. */
export type Known = {
  platform: PlatformId;
  /** Values that are secret wherever they stand. */
  secrets: readonly string[];
  hosts: readonly string[];
  users: readonly string[];
  serials: readonly string[];
};

/** Names that say nothing about whose device it is, and stand in too many other places. */
const COMMON =
  /^(admin|administrator|root|cisco|juniper|arista|user|operator|manager|guest|switch|router|firewall|localhost|vyos|mikrotik|default|system)$/i;
const SHORTEST_SECRET = 4;
const SHORTEST_NAME = 3;
const SHORTEST_LONG_NAME = 6;

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
const byLength = (a: string, b: string): number => b.length - a.length;

/** Gives each value its own stand-in, the same one each time. */
function standIns(make: (n: number) => string): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const made = make(known.size);
    known.set(value, made);
    return made;
  };
}

/** RFC 5737: three networks for documents; what is more goes into that for benchmarks (RFC 2544). */
const ipv4 = (n: number): string => {
  const network = Math.floor(n / 254);
  const documents = ["192.0.2", "198.51.100", "203.0.113"][network];
  return documents === undefined
    ? `198.${18 + (Math.floor(n / 65_536) % 2)}.${Math.floor(n / 256) % 256}.${n % 256}`
    : `${documents}.${(n % 254) + 1}`;
};
/** Masks, wildcards, loopback, multicast, and what is a document's already, say nothing. */
const TELLS_NOTHING =
  /^(0\.|127\.|22[4-9]\.|23\d\.|24\d\.|25\d\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)|^\d+\.0\.0\.0$/;
const IPV4 = /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g;
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;
const MAC =
  /(?<![\w.:-])(?:[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}|[0-9a-f]{6}-[0-9a-f]{6})(?![\w:-]|\.\w)/gi;
const isIpv4 = (text: string): boolean => text.split(".").every((part) => Number(part) <= 255);

/** What can stand before a line: blanks, and in a recording the pictures of what wiped a pager's question away. */
const LEAD = "(?:\\u241b\\[[\\d;?]*[A-Za-z]|[ \\t\\u2400-\\u241a\\u241c-\\u241f\\u2421])*";
/** Words of people: what a line describes, where the device stands, whom to call. */
const FREE_TEXT = new RegExp(
  `^(${LEAD}(?:(?:set (?:[\\w./:-]+ )*)?(?:description|remark|(?:snmp-server |snmp )?(?:location|contact)|sys-?(?:contact|location)|System (?:Contact|Location) +:|subject-name)|set (?:comments?|alias))[ \\t]+)("(?:[^"\\\\]|\\\\.)*"|[^\\n␍;{]+)`,
  "gim",
);
const FREE_INSIDE = /(\bfull-name[ \t]+|\bcomment=|;;; )("(?:[^"\\]|\\.)*"|'[^']*'|(?<=;;; )[^\n␍]+|[^\s;{"']+)/g;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,128}@[\w-]+(?:\.[\w-]+)+/g;
const DOMAIN =
  /\b(?:domain[- ]name|dns domain|domain name|domain-name|domain[- ]list|domain-search|search-domain|FQDN:)[ \t]+"?([\w-]+(?:\.[\w-]+)+)/gi;
/** A name with dots where a host is expected: what is behind its first dot is a domain. */
const HOST_NAME =
  /\b(?:host|server|servers|logging|ntp|peer|relay|syslog)[ \t]+"?((?:[\w-]+\.)+[a-z]{2,20})(?![\w.-])/gi;
/** Domains of manufacturers say nothing, and those for documents neither. */
const NO_ONES =
  /^example\.(?:com|net|org)$|(?:^|\.)(?:cisco|juniper|arista|nokia|huawei|hp|hpe|h3c|arubanetworks|fortinet|fortiguard|mikrotik|vyos|frrouting)\.(?:com|net|org|io)$/i;
const NAMED_HOST = /^[ \t]*ip host (?:vrf \S+ )?([A-Za-z][\w-]{3,})[ \t]/gim;
const NAMED_USER = new RegExp(
  `^${LEAD}(?:set system login )?(?:username|user|local-user)[ \\t]+"?([A-Za-z][\\w.-]*)`,
  "gim",
);
const USERS_INSIDE = [
  /[{ \t]user "?([A-Za-z][\w.-]*)"? \{/g,
  /^[!#]{1,3}.{0,200}\b(?:change|updated|commit|committed|saved|configured|modified)\b.{0,200} by "?([A-Za-z][\w.-]*)/gim,
  /^\/(?:user|ppp secret|user-manager user) add .{0,400}?\bname="?([A-Za-z][\w.-]*)/gm,
];
const SERIAL =
  /((?:serial(?: number| nbr| num| no)?\.?|\bSN|board ID|chassis[ -]id|license udi pid \S+ sn)[ \t]*[:=]?[ \t]+)([A-Z0-9][A-Z0-9-]{5,})(?=[\s,;]|$)/gim;
const ENGINE =
  /(\b(?:local-)?engine-?id[ \t]+(?:local[ \t]+|remote[ \t]+\S+[ \t]+(?:udp-port \d+[ \t]+)?)?"?)((?:0x)?[0-9a-f]{10,64})(?!\w)/gi;
const SELF_SIGNED = /\b(TP-self-signed-|IOS-Self-Signed-Certificate-)\d+/g;
const PUBLIC_KEY = /\b(ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[\w-]+) (?:AAAA[A-Za-z0-9+/=]*|[0-9A-F]{16,})(?: [^\s";]+)?/g;
/** An address that is a part of a name. */
const IPV4_IN_NAME = /(?<=[A-Za-z][_-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g;

/** Lists of users without a word for it in each line: the heading of each, and the line of one. */
const USER_LISTS = [
  { heading: /^\s*config (?:system admin|user local)$/, named: /^\s*edit "?([A-Za-z][\w.-]*)/, ends: /^\s*end$/ },
  { heading: /^\/(?:user|ppp secret)$/, named: /^add .{0,400}?\bname="?([A-Za-z][\w.-]*)/, ends: /^\// },
];

function listedUsers(text: string): string[] {
  let list: (typeof USER_LISTS)[number] | undefined;
  return text.split("\n").flatMap((line) => {
    const heading = USER_LISTS.find((each) => each.heading.test(line));
    if (heading !== undefined || list?.ends.test(line) === true) list = heading;
    const name = list?.named.exec(line)?.[1];
    return name === undefined ? [] : [name];
  });
}

/**
 * Replaces what tells whose device texts come from, and their secrets. What is a secret or a name is learnt from all `texts` before
 * the first one is changed; the same value becomes the same stand-in in each of them. People's own words in banners and the names of policies,
 * VLANs, servers and the like stay: nobody can tell them from others.
 */
export function anonymiser(known: Known, texts: readonly string[]): (text: string) => string {
  const secret = standIns((n) => `removed-${n + 1}`);
  const host = standIns((n) => `device${n + 1}`);
  const user = standIns((n) => `user${n + 1}`);
  const serial = standIns((n) => `SERIAL${String(n + 1).padStart(5, "0")}`);
  const engine = standIns((n) => `8000000903${String(n + 1).padStart(12, "0")}`);
  const v4 = standIns(ipv4);
  const v6 = standIns((n) => `2001:db8::${(n + 1).toString(16)}`);
  // RFC 7042: 00-00-5E-00-53-xx is for documents.
  const mac = standIns((n) => `00005e${(0x5300 + n).toString(16).padStart(6, "0")}`);
  const secrets = new Set(known.secrets.filter((each) => each.length >= SHORTEST_SECRET));
  const users = new Set(known.users.filter((each) => each.length >= SHORTEST_NAME && !COMMON.test(each)));
  const domains = new Set<string>();
  const hosts = new Set(known.hosts.filter((each) => each.length >= 2 && !COMMON.test(each)));
  const learnUser = (name = ""): void => {
    if (name.length >= SHORTEST_NAME && !COMMON.test(name)) users.add(name);
  };
  const learnDomain = (name: string): void => {
    if (!NO_ONES.test(name)) domains.add(name);
  };

  const words = (text: string, values: Iterable<string>, put: (value: string) => string, flags: string): string => {
    const list = [...values].sort(byLength);
    if (list.length === 0) return text;
    // A hyphen joins words: `lab` in `lab-read` is another name.
    return text.replace(new RegExp(`(?<![\\w-])(?:${list.map(escape).join("|")})(?![\\w-])`, flags), put);
  };
  /** Also with something behind a hyphen, as the parts of a stack have it, where the name is long enough to be nothing else. */
  const hostNames = (text: string): string => {
    const long = [...hosts].filter((each) => each.length >= SHORTEST_LONG_NAME).sort(byLength);
    const put = (value: string): string => host(value.toLowerCase());
    const out = words(text, hosts, put, "gi");
    return long.length === 0
      ? out
      : out.replace(new RegExp(`(?<![A-Za-z0-9])(?:${long.map(escape).join("|")})(?![A-Za-z0-9])`, "gi"), put);
  };
  const inDomains = (text: string): string => {
    const list = [...domains].sort(byLength);
    if (list.length === 0) return text;
    return text.replace(
      new RegExp(`(?<![\\w.-])((?:[\\w-]{1,63}\\.){0,6})(?:${list.map(escape).join("|")})(?![\\w-])`, "gi"),
      (_, before: string) => {
        const name = before.slice(0, -1).toLowerCase();
        return name === "" ? "example.net" : `${/^device\d+$/.test(name) ? name : host(name)}.example.net`;
      },
    );
  };
  const macLike = (shape: string): string => {
    const hex = mac(shape.toLowerCase().replace(/[^0-9a-f]/g, ""));
    let at = 0;
    return shape.replace(/[0-9a-f]/gi, () => hex.charAt(at++));
  };

  for (const text of texts) {
    for (const value of secretValues(known.platform, text)) if (value.length >= SHORTEST_SECRET) secrets.add(value);
    for (const each of [NAMED_USER, ...USERS_INSIDE]) for (const [, name] of text.matchAll(each)) learnUser(name);
    listedUsers(text).forEach(learnUser);
    for (const [, name = ""] of text.matchAll(NAMED_HOST)) if (!COMMON.test(name)) hosts.add(name);
    for (const [, name = ""] of text.matchAll(DOMAIN)) learnDomain(name);
    for (const [, name = ""] of text.matchAll(HOST_NAME)) {
      const labels = name.split(".");
      learnDomain(labels.length > 2 ? labels.slice(1).join(".") : name);
    }
  }

  return (text) => {
    let out = maskSecrets(known.platform, text, secret);
    for (const value of [...secrets].sort(byLength))
      if (out.includes(value)) out = out.replaceAll(value, secret(value));
    out = emptied(out)
      .replace(PUBLIC_KEY, "$1 AAAA")
      .replace(FREE_TEXT, (_, before: string, words_: string) => before + (words_.startsWith('"') ? '"text"' : "text"))
      .replace(FREE_INSIDE, (_, before: string, words_: string) => {
        const quote = /^["']/.exec(words_)?.[0] ?? "";
        return `${before}${quote}text${quote}`;
      })
      .replace(EMAIL, (address) => (/^[\w.-]+@[\w.-]+[>#%:]/.test(address) ? address : "someone@example.net"))
      .replace(SERIAL, (_, before: string, value: string) => before + serial(value))
      .replace(ENGINE, (_, before: string, value: string) => before + engine(value))
      .replace(SELF_SIGNED, (_, before: string) => `${before}1`);
    out = words(out, known.serials, serial, "g");
    out = inDomains(hostNames(out));
    out = words(out, users, user, "g");
    return out
      .replace(MAC, macLike)
      .replace(IPV4, (address) => (isIpv4(address) && !TELLS_NOTHING.test(address) ? v4(address) : address))
      .replace(IPV4_IN_NAME, (address) => (isIpv4(address) && !TELLS_NOTHING.test(address) ? v4(address) : address))
      .replace(IPV6, (address) =>
        z.ipv6().safeParse(address).success && !/^(::|2001:db8:|ff0|fe80::\/)/i.test(address)
          ? v6(address.toLowerCase())
          : address,
      );
  };
}

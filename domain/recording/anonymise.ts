import { z } from "zod";
import { maskSecrets, secretValues } from "../config/secrets.ts";
import type { PlatformId } from "../contract/device.ts";

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

/** Words of people: what a line describes, where the device stands, whom to call. */
const FREE_TEXT =
  /^([ \t]*(?:set (?:[\w./:-]+ )*)?(?:description|remark|(?:snmp-server |snmp )?(?:location|contact)|sys-?(?:contact|location)|System (?:Contact|Location) +:)[ \t]+)("(?:[^"\\]|\\.)*"|[^\n␍;{]+)/gim;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const DOMAIN = /\b(?:domain[- ]name|dns domain|domain name|domain-name|FQDN:)[ \t]+"?([\w-]+(?:\.[\w-]+)+)/gi;
const NAMED_USER = /^[ \t]*(?:set system login )?(?:username|user|local-user)[ \t]+"?([A-Za-z][\w.-]*)/gim;
const SERIAL =
  /((?:serial(?: number| nbr| num| no)?\.?|\bSN|board ID|chassis id|license udi pid \S+ sn)[ \t]*[:=]?[ \t]+)([A-Z0-9][A-Z0-9-]{5,})(?=[\s,;]|$)/gim;

/**
 * Replaces what tells whose device texts come from, and their secrets. What is a secret or a name is learnt from all `texts` before
 * the first one is changed; the same value becomes the same stand-in in each of them. People's own words in banners and names of policies stay: nobody can tell them from others.
 */
export function anonymiser(known: Known, texts: readonly string[]): (text: string) => string {
  const secret = standIns((n) => `removed-${n + 1}`);
  const host = standIns((n) => `device${n + 1}`);
  const user = standIns((n) => `user${n + 1}`);
  const serial = standIns((n) => `SERIAL${String(n + 1).padStart(5, "0")}`);
  const v4 = standIns(ipv4);
  const v6 = standIns((n) => `2001:db8::${(n + 1).toString(16)}`);
  // RFC 7042: 00-00-5E-00-53-xx is for documents.
  const mac = standIns((n) => `00005e${(0x5300 + n).toString(16).padStart(6, "0")}`);
  const secrets = new Set(known.secrets.filter((each) => each.length >= SHORTEST_SECRET));
  const users = new Set(known.users.filter((each) => each.length >= SHORTEST_NAME && !COMMON.test(each)));
  const domains = new Set<string>();

  const words = (text: string, values: Iterable<string>, put: (value: string) => string, flags: string): string => {
    const list = [...values].sort(byLength);
    if (list.length === 0) return text;
    // A hyphen joins words: `lab` in `lab-read` is another name.
    return text.replace(new RegExp(`(?<![\\w-])(?:${list.map(escape).join("|")})(?![\\w-])`, flags), put);
  };
  const macLike = (shape: string): string => {
    const hex = mac(shape.toLowerCase().replace(/[^0-9a-f]/g, ""));
    let at = 0;
    return shape.replace(/[0-9a-f]/gi, () => hex.charAt(at++));
  };

  for (const text of texts) {
    for (const value of secretValues(known.platform, text)) if (value.length >= SHORTEST_SECRET) secrets.add(value);
    for (const [, name = ""] of text.matchAll(NAMED_USER))
      if (name.length >= SHORTEST_NAME && !COMMON.test(name)) users.add(name);
    for (const [, name = ""] of text.matchAll(DOMAIN)) domains.add(name);
  }

  return (text) => {
    let out = maskSecrets(known.platform, text, secret);
    for (const value of [...secrets].sort(byLength))
      if (out.includes(value)) out = out.replaceAll(value, secret(value));
    out = out
      .replace(FREE_TEXT, (_, before: string, words_: string) => before + (words_.startsWith('"') ? '"text"' : "text"))
      .replace(EMAIL, (address) => (/^[\w.-]+@[\w.-]+[>#%:]/.test(address) ? address : "someone@example.net"))
      .replace(SERIAL, (_, before: string, value: string) => before + serial(value));
    out = words(out, known.serials, serial, "g");
    out = words(out, domains, () => "example.net", "gi");
    const hosts = known.hosts.filter((each) => each.length >= 2 && !COMMON.test(each));
    out = words(out, hosts, (value) => host(value.toLowerCase()), "gi");
    out = words(out, users, user, "g");
    return out
      .replace(MAC, macLike)
      .replace(IPV4, (address) => (isIpv4(address) && !TELLS_NOTHING.test(address) ? v4(address) : address))
      .replace(IPV6, (address) =>
        z.ipv6().safeParse(address).success && !/^(::|2001:db8:|ff0|fe80::\/)/i.test(address)
          ? v6(address.toLowerCase())
          : address,
      );
  };
}

import { isIPv6 } from "node:net";

/**
 * One kind of argument of a command. `parse` gives the argument as the box would print it, or undefined when the
 * token is not of this kind. A loose kind takes nearly anything, so a keyword that fits goes first.
 */
export type Value = { loose: boolean; parse: (token: string) => string | undefined };
export type Values = Record<string, Value>;

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const HOSTNAME = /^(?![\d.]+$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;

export const isIpv4 = (token: string): boolean => IPV4.test(token);

/** The address as one number. */
export const ipNumber = (ip: string): number => ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
const ipText = (n: number): string => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join(".");

/** The length of a contiguous network mask, or undefined. */
export function maskLength(mask: string): number | undefined {
  if (!isIpv4(mask)) return undefined;
  const bits = ipNumber(mask).toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.indexOf("0") + (bits.includes("0") ? 0 : 33) : undefined;
}
export const lengthMask = (length: number): string => ipText(length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);
export const networkOf = (ip: string, length: number): string =>
  ipText((ipNumber(ip) & ipNumber(lengthMask(length))) >>> 0);

export function isPrefix(token: string, max = 32): boolean {
  const [address = "", length = "", ...rest] = token.split("/");
  return (
    rest.length === 0 &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= max &&
    (max === 32 ? isIpv4(address) : isIPv6(address))
  );
}

const strict = (test: (token: string) => boolean, print: (token: string) => string = (t) => t): Value => ({
  loose: false,
  parse: (token) => (test(token) ? print(token) : undefined),
});
const loose = (pattern: RegExp): Value => ({
  loose: true,
  parse: (token) => (pattern.test(token) ? token : undefined),
});

export const range = (low: number, high: number): Value =>
  strict(
    (t) => /^\d{1,12}$/.test(t) && Number(t) >= low && Number(t) <= high,
    (t) => String(Number(t)),
  );

const isVlanList = (token: string): boolean =>
  token.split(",").every((part) => {
    const [low = "", high = low, ...rest] = part.split("-");
    return (
      rest.length === 0 &&
      /^\d+$/.test(low) &&
      /^\d+$/.test(high) &&
      Number(low) >= 1 &&
      Number(high) <= 4094 &&
      Number(low) <= Number(high)
    );
  });
const isAsn = (token: string): boolean => {
  const dotted = /^(\d{1,5})\.(\d{1,5})$/.exec(token);
  if (dotted) return Number(dotted[1]) <= 65535 && Number(dotted[2]) <= 65535;
  return /^\d{1,10}$/.test(token) && Number(token) >= 1 && Number(token) <= 4294967295;
};

const PORT_NAMES =
  /^(bgp|bootpc|bootps|chargen|cmd|daytime|discard|domain|echo|exec|finger|ftp|ftp-data|gopher|hostname|http|https|ident|irc|isakmp|klogin|kshell|login|lpd|nameserver|netbios-dgm|netbios-ns|netbios-ss|nntp|ntp|pop2|pop3|rip|smtp|snmp|snmptrap|ssh|sunrpc|syslog|tacacs|talk|telnet|tftp|time|uucp|who|whois|www)$/;

/** The kinds of argument every platform knows; a platform adds its interface names. */
export const COMMON_VALUES: Values = {
  ip: strict(isIpv4),
  mask: strict((t) => maskLength(t) !== undefined),
  prefix: strict((t) => isPrefix(t)),
  ip6: strict(
    (t) => isIPv6(t),
    (t) => t.toLowerCase(),
  ),
  prefix6: strict(
    (t) => isPrefix(t, 128),
    (t) => t.toLowerCase(),
  ),
  host: { loose: true, parse: (t) => (isIpv4(t) || isIPv6(t) || HOSTNAME.test(t) ? t : undefined) },
  peer: { loose: true, parse: (t) => (isIpv4(t) || isIPv6(t) || /^[A-Za-z][\w.-]*$/.test(t) ? t : undefined) },
  hostname: loose(/^[A-Za-z]([\w.-]{0,61}[A-Za-z0-9])?$/),
  name: loose(/^[A-Za-z][\w.:-]*$/),
  word: loose(/^\S+$/),
  asn: strict(isAsn),
  area: strict((t) => isIpv4(t) || (/^\d{1,10}$/.test(t) && Number(t) <= 4294967295)),
  rd: strict((t) => /^(\d{1,10}|\d{1,3}(\.\d{1,3}){3}):\d{1,10}$/.test(t)),
  community: strict((t) => /^\d{1,5}:\d{1,5}$/.test(t)),
  mac: strict(
    (t) => /^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(t) || /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(t),
    (t) => t.toLowerCase(),
  ),
  vlans: strict(isVlanList),
  time: strict((t) => /^([01]?\d|2[0-3]):[0-5]\d$/.test(t)),
  timer: strict((t) => /^\d{1,3}:[0-5]\d:[0-5]\d$/.test(t)),
  port: {
    loose: true,
    parse: (t) => ((/^\d{1,5}$/.test(t) && Number(t) <= 65535) || PORT_NAMES.test(t) ? t : undefined),
  },
  dscp: {
    loose: true,
    parse: (t) => (/^(af[1-4][1-3]|cs[1-7]|ef|default|\d|[1-5]\d|6[0-3])$/.test(t) ? t : undefined),
  },
};

export type InterfaceTypes = Record<string, RegExp>;

/** The full type name that `word` abbreviates, where it is just one. */
function interfaceType(types: InterfaceTypes, word: string): string | undefined {
  const names = Object.keys(types).filter((name) => name.toLowerCase().startsWith(word.toLowerCase()));
  return names.length === 1 || names[0]?.toLowerCase() === word.toLowerCase() ? names[0] : undefined;
}

/** `gi0/1` → `GigabitEthernet0/1`; undefined where the box has no such interface. */
function interfaceName(types: InterfaceTypes, token: string): string | undefined {
  const found = /^([A-Za-z][A-Za-z-]*?)(\d[\d/.]*)$/.exec(token);
  const type = interfaceType(types, found?.[1] ?? "");
  const number = found?.[2];
  return found && type && number && types[type]?.test(number) ? type + number : undefined;
}

/** `<ifname>`, and the two halves of a name typed with a space between type and number. */
export function interfaceValues(types: InterfaceTypes): Values {
  return {
    "if-full": strict(
      (t) => interfaceName(types, t) !== undefined,
      (t) => interfaceName(types, t) ?? t,
    ),
    "if-type": strict(
      (t) => /^[A-Za-z-]+$/.test(t) && interfaceType(types, t) !== undefined,
      (t) => interfaceType(types, t) ?? t,
    ),
    "if-number": strict((t) => /^\d[\d/.]*$/.test(t) && Object.values(types).some((re) => re.test(t))),
  };
}

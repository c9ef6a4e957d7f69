import { JinjaError } from "../errors.ts";
import {
  type Address,
  addressOfNumber,
  formatAddress,
  isHostmask,
  isNetmask,
  reverseName,
  type Version,
  widthOf,
} from "./ip/address.ts";
import {
  addressAt,
  broadcastOf,
  cidrOf,
  containsNetwork,
  firstOf,
  formatNetwork,
  hostmaskOf,
  netmaskOf,
  type Network,
  networkOf,
  parseNetwork,
  parsePythonInt,
  sizeOf,
  usableRange,
} from "./ip/network.ts";
import { isGlobal, isLinkLocal, isLoopback, isMulticast } from "./ip/ranges.ts";

/** What the queries give; `false` and `null` are Ansible's two ways of saying no. */
export type Answer = string | bigint | boolean | null;
/** What came in, as far as `ipaddr` tells values apart. */
export type Subject = string | bigint | boolean | null;

/** `text` is what a query that only judges gives back; `kind` says whether a prefix was written. */
type Asked = { v: Network; kind: "address" | "network"; text: string };

const fail = (message: string): never => {
  throw new JinjaError("FilterArgumentError", message);
};
const address = (v: Network, value = v.value): string => formatAddress({ version: v.version, value });
/** The version of an address that was computed is guessed from its size, so that small ones of version 6 come out as version 4. */
const guessed = (value: bigint): string =>
  formatAddress(addressOfNumber(value) ?? fail(`${value} is not the number of an IP address`));
const isFirst = (v: Network): boolean => v.value === firstOf(v);
const withPrefix = (v: Network): string => `${address(v)}/${v.prefix}`;
const isSingle = (v: Network): boolean => sizeOf(v) === 1n;

function needsNetwork({ v, kind }: Asked): Network {
  return kind === "address" ? fail("Not a network address: the query needs a value with a prefix, as 192.0.2.1/24") : v;
}

function ip({ v }: Asked): Answer {
  if (isSingle(v) || !isFirst(v) || broadcastOf(v) === undefined || v.version === 6) return address(v);
  return null;
}

function addressPrefix({ v }: Asked): Answer {
  if (sizeOf(v) > 2n && (isFirst(v) || v.value === broadcastOf(v))) return false;
  return withPrefix(v);
}

function hostPrefix({ v }: Asked): Answer {
  return isSingle(v) || !isFirst(v) || broadcastOf(v) === undefined ? withPrefix(v) : null;
}

/** Host addresses with a prefix; a network of two has no address of its own. */
const isHostInNetwork = (v: Network): boolean => sizeOf(v) === 2n || (!isSingle(v) && !isFirst(v));

function neighbour(asked: Asked, step: bigint): Answer {
  const v = needsNetwork(asked);
  const usable = usableRange(v);
  if (usable === undefined) return null;
  const text = guessed(v.value + step);
  return v.value + step >= usable.first && v.value + step <= usable.last ? text : null;
}

function peer(asked: Asked): Answer {
  const v = needsNetwork(asked);
  if (sizeOf(v) === 2n) return guessed(v.value ^ 1n);
  if (sizeOf(v) !== 4n) return fail("Not a point-to-point network");
  if (v.value % 4n === 0n) return fail("Network address of /30 has no peer");
  if (v.value % 4n === 3n) return fail("Broadcast address of /30 has no peer");
  return guessed(v.value ^ 3n);
}

function isPublic(v: Address & { prefix?: number }): boolean {
  const single = { ...v, prefix: widthOf(v.version) };
  return !isMulticast(single) && isGlobal(v) && !isLoopback(v) && !isNetmask(v) && !isHostmask(v);
}

function sixToFour({ v, kind, text }: Asked): Answer {
  if (v.version === 6) {
    const relevant = kind === "address" || !isFirst(v);
    return relevant && v.value >> 112n === 0x2002n ? text : false;
  }
  if (!isSingle(v) && isFirst(v)) return false;
  if (!isPublic(v) && isGlobal(v)) return false;
  const hex = v.value.toString(16).padStart(8, "0");
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`;
}

function toVersion4({ v, text }: Asked): Answer {
  if (v.version === 4) return text;
  const mapped = v.value <= 0xffff_ffffn ? v.value : v.value - 0xffff_0000_0000n;
  const converted = v.value <= 0xffff_ffff_ffffn ? networkOf(4, mapped, v.prefix - 96) : undefined;
  return converted === undefined ? false : formatNetwork(converted);
}

function toVersion6({ v, text }: Asked): Answer {
  return v.version === 6
    ? text
    : formatNetwork({ version: 6, value: v.value + 0xffff_0000_0000n, prefix: v.prefix + 96 });
}

function firstUsable(asked: Asked): Answer {
  const v = needsNetwork(asked);
  return isSingle(v) ? null : guessed(firstOf(v) + (sizeOf(v) === 2n ? 0n : 1n));
}

function lastUsable(asked: Asked): Answer {
  const usable = usableRange(needsNetwork(asked));
  return usable === undefined ? null : guessed(usable.last);
}

function usableText(asked: Asked): Answer {
  const usable = usableRange(needsNetwork(asked));
  return usable === undefined ? null : `${guessed(usable.first)}-${guessed(usable.last)}`;
}

function usableSize({ v }: Asked): Answer {
  const size = sizeOf(v);
  return size === 1n ? 0n : size === 2n ? 2n : size - 2n;
}

function wrap({ v, kind, text }: Asked): Answer {
  if (v.version === 4) return text;
  return kind === "address" ? `[${address(v)}]` : `[${address(v)}]/${v.prefix}`;
}

const onlyIf =
  (holds: (v: Network) => boolean) =>
  ({ v, text }: Asked): Answer =>
    holds(v) ? text : null;

const QUERIES: ReadonlyMap<string, (asked: Asked) => Answer> = new Map<string, (asked: Asked) => Answer>([
  ["", ({ v, kind }) => (kind === "address" ? address(v) : formatNetwork(v))],
  ["6to4", sixToFour],
  ["address", ip],
  ["address/prefix", addressPrefix],
  ["bool", () => true],
  ["broadcast", ({ v }) => (sizeOf(v) > 2n ? address(v, broadcastOf(v)) : null)],
  ["cidr", ({ v }) => formatNetwork(v)],
  ["first_usable", firstUsable],
  ["gateway", addressPrefix],
  ["gw", addressPrefix],
  ["host", hostPrefix],
  ["host/prefix", addressPrefix],
  ["hostmask", ({ v }) => address(v, hostmaskOf(v))],
  ["hostnet", addressPrefix],
  ["int", ({ v, kind }) => (kind === "address" ? v.value : `${v.value}/${v.prefix}`)],
  ["ip", ip],
  ["ip/prefix", ({ v }) => (isHostInNetwork(v) ? withPrefix(v) : null)],
  ["ip_netmask", ({ v }) => (isHostInNetwork(v) ? `${address(v)} ${address(v, netmaskOf(v))}` : null)],
  ["ipv4", toVersion4],
  ["ipv6", toVersion6],
  ["last_usable", lastUsable],
  ["link-local", onlyIf(isLinkLocal)],
  ["lo", onlyIf(isLoopback)],
  ["loopback", onlyIf(isLoopback)],
  ["multicast", onlyIf(isMulticast)],
  ["net", ({ v }) => (!isSingle(v) && isFirst(v) ? withPrefix(v) : null)],
  ["netmask", ({ v }) => address(v, netmaskOf(v))],
  ["network", ({ v }) => address(v, firstOf(v))],
  ["network/prefix", ({ v }) => formatNetwork(cidrOf(v))],
  ["network_id", ({ v }) => address(v, firstOf(v))],
  ["network_netmask", ({ v }) => `${address(v, firstOf(v))} ${address(v, netmaskOf(v))}`],
  ["network_wildcard", ({ v }) => `${address(v, firstOf(v))} ${address(v, hostmaskOf(v))}`],
  ["next_usable", (asked) => neighbour(asked, 1n)],
  ["peer", peer],
  ["prefix", ({ v }) => BigInt(v.prefix)],
  ["previous_usable", (asked) => neighbour(asked, -1n)],
  ["private", onlyIf((v) => !isGlobal(v))],
  ["public", onlyIf(isPublic)],
  ["range_usable", usableText],
  ["revdns", ({ v }) => reverseName(v)],
  ["router", addressPrefix],
  ["size", ({ v }) => sizeOf(v)],
  ["size_usable", usableSize],
  ["subnet", ({ v }) => formatNetwork(cidrOf(v))],
  ["type", ({ v }) => (isSingle(v) || !isFirst(v) ? "address" : "network")],
  ["unicast", onlyIf((v) => !isMulticast(v))],
  ["version", ({ v }) => BigInt(v.version)],
  ["wildcard", ({ v }) => address(v, hostmaskOf(v))],
  ["wrap", wrap],
]);

/** One value of `ipaddr`, `ipv4` or `ipv6`; the lists are taken apart by who calls this. */
export function ipaddr(value: Subject, query = "", version?: Version, alias = "ipaddr"): Answer {
  const asked = readSubject(value, version);
  if (asked === undefined) return false;
  if (version !== undefined && asked.v.version !== version) return false;
  const known = QUERIES.get(query);
  if (known !== undefined) return known(asked);
  const block = /^[0-9]+$/.test(query) ? undefined : readSubject(query)?.v;
  if (block !== undefined) return containsNetwork(block, asked.v) ? asked.text : null;
  return atIndex(asked, query, alias);
}

function atIndex({ v, kind }: Asked, query: string, alias: string): Answer {
  if (!/^\s*[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(query)) {
    return fail(`${alias}: unknown filter type: ${query}`);
  }
  if (isSingle(v)) return kind === "address" ? address(v) : formatNetwork(v);
  const index = parsePythonInt(query);
  const found = index === undefined ? undefined : addressAt(v, index);
  return found === undefined ? false : `${formatAddress(found)}/${v.prefix}`;
}

function readSubject(value: Subject, version?: Version): Asked | undefined {
  if (value === null || value === "" || value === 0n || typeof value === "boolean") return undefined;
  const number = typeof value === "bigint" ? value : /^[0-9]+$/.test(value) ? parsePythonInt(value) : undefined;
  if (number !== undefined && number >= 0n) {
    const found = version === 6 ? networkOf(6, number, 128) : (networkOf(4, number, 32) ?? networkOf(6, number, 128));
    return found === undefined ? undefined : { v: found, kind: "address", text: formatNetwork(found) };
  }
  if (typeof value !== "string") return undefined;
  const found = parseNetwork(value);
  if (found !== undefined)
    return { v: found, kind: value.split("/").length === 2 ? "network" : "address", text: value };
  return readNumericNetwork(value);
}

/** `3232235777/24`: the number of an address, with a prefix. */
function readNumericNetwork(text: string): Asked | undefined {
  const [number, prefix, ...more] = text.split("/").map(parsePythonInt);
  if (number === undefined || prefix === undefined || more.length > 0) return undefined;
  const v = networkOf(4, number, Number(prefix)) ?? networkOf(6, number, Number(prefix));
  return v === undefined ? undefined : { v, kind: "network", text: formatNetwork(v) };
}

/** `ipaddr` in its simplest use: the network behind a value, with or without the bits of the host. */
export function networkBehind(value: Subject): Network | undefined {
  const asked = readSubject(value);
  if (asked === undefined) return undefined;
  return isSingle(asked.v) || !isFirst(asked.v) ? asked.v : cidrOf(asked.v);
}

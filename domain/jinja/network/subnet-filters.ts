import { bind } from "../arguments.ts";
import type { Filter } from "../extension.ts";
import { str } from "../print.ts";
import type { Value } from "../values.ts";
import { type Answer, ipaddr, type Subject } from "./ipaddr.ts";
import { addressOfNumber, formatAddress, widthOf } from "./ip/address.ts";
import {
  addressAt,
  cidrOf,
  formatNetwork,
  type Network,
  networkOf,
  parseNetwork,
  parsePythonInt,
  sizeOf,
  usableRange,
} from "./ip/network.ts";
import { fail, intParameter, listParameter } from "./support.ts";

/** An address with the prefix that it came with, or the network without the bits of a host. */
function normalized(value: Subject): { text: string; network: Network } | undefined {
  const type = ipaddr(value, "type");
  if (type === false) return undefined;
  const text = String(ipaddr(value, type === "address" ? "cidr" : "subnet"));
  const network = parseNetwork(text);
  return network === undefined ? undefined : { text, network };
}

/** `ipsubnet()`: as a network. `(20)`: how many of that size. `(20, 3)`: the fourth of them. `("10.0.0.0/8")`: its rank there. */
const ipsubnet: Filter = (value, args, kwargs) => {
  const [query, index] = bind(
    "ipsubnet",
    [
      ["query", ""],
      ["index", null],
    ],
    args,
    kwargs,
  );
  const behind = normalized(str(value));
  if (behind === undefined) return false;
  const network = cidrOf(behind.network);
  const asked = str(query);
  if (asked === "") return formatNetwork(network);
  if (!/^\d+$/.test(asked)) return rank(network, asked);
  const size = Number(asked);
  if (size > widthOf(network.version)) return false;
  const nth = index === null ? undefined : intParameter("ipsubnet", "index", index);
  return sizeOf(network) === 1n ? supernetAt(network, size, nth) : subnetAt(network, size, nth);
};

/** The larger networks around an address, the largest (of length `size`) first. */
function supernetAt(network: Network, size: number, index: bigint | undefined): Value {
  const width = BigInt(widthOf(network.version));
  const count = width - BigInt(size);
  const nth = index ?? 0n;
  if (index !== undefined && (nth > width + 1n - nth || nth < BigInt(size) - width)) return false;
  if (nth >= count || nth < -count)
    return fail("ipsubnet", `there are ${count} networks around ${formatNetwork(network)}, none has the index ${nth}`);
  const prefix = size + Number(nth < 0n ? nth + count : nth);
  return formatNetwork(cidrOf({ ...network, prefix }));
}

function subnetAt(network: Network, size: number, index: bigint | undefined): Value {
  const bits = size - network.prefix;
  if (index === undefined) {
    return bits < 0
      ? fail("ipsubnet", `requested subnet size of ${size} is invalid: ${formatNetwork(network)} is smaller`)
      : String(1n << BigInt(bits));
  }
  // A larger network than the one there is counts as a part of one: only the index 0 is in it.
  const count = bits < 0 ? 1n : 1n << BigInt(bits);
  const nth = bits >= 0 && index < 0n ? index + count : index;
  if (nth < 0n || nth >= count) return false;
  const step = BigInt(widthOf(network.version) - size);
  const found = networkOf(network.version, network.value + (nth << step), size);
  return found === undefined ? false : formatNetwork(found);
}

function rank(network: Network, query: string): Value {
  const outer = normalized(query)?.network;
  if (outer === undefined) return fail("ipsubnet", `you must pass a valid subnet or IP address; ${query} is invalid`);
  const width = widthOf(network.version);
  const inside =
    outer.version === network.version &&
    network.prefix >= outer.prefix &&
    network.value >> BigInt(width - outer.prefix) === outer.value >> BigInt(width - outer.prefix);
  if (!inside)
    return fail("ipsubnet", `${formatNetwork(network)} is not in the subnet ${formatNetwork(cidrOf(outer))}`);
  const unit = BigInt(width - network.prefix);
  const mask = (1n << BigInt(network.prefix - outer.prefix)) - 1n;
  return String(((network.value >> unit) & mask) + 1n);
}

const nthhost: Filter = (value, args, kwargs) => {
  const [query] = bind("nthhost", [["query", ""]], args, kwargs);
  const behind = normalized(str(value));
  const nth = parsePythonInt(str(query));
  if (behind === undefined || nth === undefined) return false;
  if (nth >= sizeOf(behind.network)) return false;
  const found = addressAt(behind.network, nth);
  return found === undefined ? fail("nthhost", `${behind.text} has no address at ${nth}`) : formatAddress(found);
};

const nthUsable =
  (name: string, direction: bigint): Filter =>
  (value, args, kwargs) => {
    const [offset] = bind(name, ["offset"], args, kwargs);
    const step = intParameter(name, "offset", offset) * direction;
    const behind = normalized(str(value));
    if (behind === undefined) return false;
    const usable = usableRange(behind.network);
    if (usable === undefined) return null;
    const nth = behind.network.value + step;
    const found = addressOfNumber(nth) ?? fail(name, `there is no address ${step} after ${behind.text}`);
    return nth >= usable.first && nth <= usable.last ? formatAddress(found) : null;
  };

/** The numbers of the first and last address: of the whole network, or of what hosts in it may use. What is no address counts as 0. */
function bounds(value: Subject, of: "all" | "usable"): [first: bigint, last: bigint] {
  const text = normalized(value)?.network;
  const v: Subject = text === undefined ? false : formatNetwork(cidrOf(text));
  const pick = (query: string): bigint => {
    const found = ipaddr(v, query);
    const number: Answer = ipaddr(found === null || found === false ? ipaddr(v, "address") : found, "int");
    return typeof number === "bigint" ? number : 0n;
  };
  return of === "all" ? [pick("network"), pick("broadcast")] : [pick("first_usable"), pick("last_usable")];
}

function isWithin(inner: Subject, outer: readonly [bigint, bigint]): boolean {
  const [first, last] = bounds(inner, "all");
  return first >= outer[0] && first <= outer[1] && last >= outer[0] && last <= outer[1];
}

const networkIn =
  (name: string, of: "all" | "usable"): Filter =>
  (value, args, kwargs) => {
    const [test] = bind(name, ["test"], args, kwargs);
    return isWithin(str(test), bounds(str(value), of));
  };

const reduceOnNetwork: Filter = (value, args, kwargs) => {
  const [network] = bind("reduce_on_network", ["network"], args, kwargs);
  const outer = bounds(str(network), "all");
  return listParameter(value).filter((item) => isWithin(item, outer));
};

export const SUBNET_FILTERS: readonly (readonly [string, Filter])[] = [
  ["ipsubnet", ipsubnet],
  ["nthhost", nthhost],
  ["next_nth_usable", nthUsable("next_nth_usable", 1n)],
  ["previous_nth_usable", nthUsable("previous_nth_usable", -1n)],
  ["network_in_network", networkIn("network_in_network", "all")],
  ["network_in_usable", networkIn("network_in_usable", "usable")],
  ["reduce_on_network", reduceOnNetwork],
];

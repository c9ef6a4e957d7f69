import { bind, wantText } from "../arguments.ts";
import type { Test } from "../extension.ts";
import { toList } from "../iterate.ts";
import type { Value } from "../values.ts";
import { type Address, formatAddress, parseAddress, type Version } from "./ip/address.ts";
import { cidrOf, containsNetwork, firstOf, hostmaskOf, netmaskOf, type Network, parseNetwork } from "./ip/network.ts";
import { alone, isCarrierShared, isGlobal, isLoopback, isMulticast, isReserved } from "./ip/ranges.ts";
import { stringOf } from "./support.ts";

/** These tests read addresses as Python's `ipaddress` does: bits of a host behind a prefix are refused, a scope is not. */
function strictAddress(value: Value): Address | undefined {
  const text = stringOf(value);
  if (text === undefined) return undefined;
  const scope = text.indexOf("%");
  return scope < 0 ? parseAddress(text) : scope < text.length - 1 ? parseAddress(text.slice(0, scope), 6) : undefined;
}

function strictNetwork(value: Value): Network | undefined {
  const text = stringOf(value);
  if (text === undefined) return undefined;
  const [address = "", prefix, ...more] = text.split("/");
  if (more.length > 0 || prefix === "") return undefined;
  const ip = strictAddress(address);
  if (ip === undefined) return undefined;
  if (prefix === undefined) return alone(ip);
  if (ip.version === 6 && !/^\d+$/.test(prefix)) return undefined;
  const network = /^[\d.]+$/.test(prefix) ? parseNetwork(`${formatAddress(ip)}/${prefix}`) : undefined;
  return network !== undefined && firstOf(network) === network.value ? network : undefined;
}

const about =
  (name: string, judge: (value: Value) => boolean): Test =>
  (value, args, kwargs) => {
    bind(name, [], args, kwargs);
    return judge(value);
  };

const onAddress = (name: string, judge: (address: Address) => boolean): [string, Test] => [
  name,
  about(name, (value) => {
    const address = strictAddress(value);
    return address !== undefined && judge(address);
  }),
];

const onNetwork = (name: string, version?: Version): [string, Test] => [
  name,
  about(name, (value) => {
    const network = strictNetwork(value);
    return network !== undefined && (version === undefined || network.version === version);
  }),
];

function isWithin(inner: Value, outer: Value): boolean {
  const [a, b] = [strictNetwork(inner), strictNetwork(outer)];
  return a !== undefined && b !== undefined && containsNetwork(b, a);
}

const inNetwork: Test = (value, args, kwargs) => isWithin(value, bind("in_network", ["network"], args, kwargs)[0]);
const subnetOf: Test = (value, args, kwargs) => isWithin(value, bind("subnet_of", ["network_b"], args, kwargs)[0]);
const supernetOf: Test = (value, args, kwargs) => isWithin(bind("supernet_of", ["network_b"], args, kwargs)[0], value);

const inSome =
  (name: string, isEnough: (count: number) => boolean): Test =>
  (value, args, kwargs, engine) => {
    const networks = toList(bind(name, ["networks"], args, kwargs)[0]);
    engine.spend(networks.length);
    return isEnough(networks.filter((network) => isWithin(value, network)).length);
  };

/** Whether the text is the mask itself, as in `255.255.255.0`, and not the length of a prefix. */
const isMask = (name: string, maskOf: (network: Network) => bigint): [string, Test] => [
  name,
  about(name, (value) => {
    const text = stringOf(value) ?? "";
    const network = strictNetwork(`10.0.0.0/${text}`);
    return network !== undefined && formatAddress({ version: 4, value: maskOf(cidrOf(network)) }) === text;
  }),
];

const MAC = /^(?:(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|[0-9a-f]{12})\n?$/i;
const isMac = about("mac", (value) => MAC.test(wantText(value, "mac")));

export const ADDRESS_TESTS: readonly (readonly [string, Test])[] = [
  onNetwork("ip"),
  onNetwork("ipv4", 4),
  onNetwork("ipv6", 6),
  onAddress("ip_address", () => true),
  onAddress("ipv4_address", ({ version }) => version === 4),
  onAddress("ipv6_address", ({ version }) => version === 6),
  isMask("ipv4_netmask", netmaskOf),
  isMask("ipv4_hostmask", hostmaskOf),
  onAddress("ipv6_ipv4_mapped", ({ version, value }) => version === 6 && value >> 32n === 0xffffn),
  onAddress("ipv6_sixtofour", ({ version, value }) => version === 6 && value >> 112n === 0x2002n),
  onAddress("ipv6_teredo", ({ version, value }) => version === 6 && value >> 96n === 0x2001_0000n),
  ["in_network", inNetwork],
  ["in_any_network", inSome("in_any_network", (count) => count > 0)],
  ["in_one_network", inSome("in_one_network", (count) => count === 1)],
  ["subnet_of", subnetOf],
  ["supernet_of", supernetOf],
  onAddress("loopback", isLoopback),
  onAddress("multicast", (address) => isMulticast(alone(address))),
  onAddress("private", (address) => !isGlobal(mapped(address)) && !isCarrierShared(mapped(address))),
  onAddress("public", (address) => isGlobal(mapped(address))),
  onAddress("reserved", isReserved),
  onAddress("unspecified", ({ value }) => value === 0n),
  ["mac", isMac],
];

/** `::ffff:192.0.2.1` is judged as the address of version 4 in it. */
function mapped(address: Address): Address {
  if (address.version === 4 || address.value >> 32n !== 0xffffn) return address;
  return { version: 4, value: address.value & 0xffff_ffffn };
}

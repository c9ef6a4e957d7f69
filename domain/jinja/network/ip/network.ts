import { type Address, formatAddress, isHostmask, isNetmask, maxOf } from "./address.ts";
import { parseAddress, type Version, widthOf } from "./address.ts";

/** An address with the length of its network's prefix. The bits of the host are kept: `10.0.0.5/24` is not `10.0.0.0/24`. */
export type Network = { readonly version: Version; readonly value: bigint; readonly prefix: number };

/** `10.0.0.5/24`, `10.0.0.5/255.255.255.0`, `10.0.0.5/0.0.0.255`, `10.0.0.5`; the same for version 6. */
export function parseNetwork(text: string): Network | undefined {
  return parseAs(text, 4) ?? parseAs(text, 6);
}

function parseAs(text: string, version: Version): Network | undefined {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash), version);
  if (address === undefined) return undefined;
  const prefix = slash < 0 ? widthOf(version) : parsePrefix(text.slice(slash + 1), version);
  return prefix === undefined ? undefined : networkOf(version, address.value, prefix);
}

function parsePrefix(text: string, version: Version): number | undefined {
  const number = parsePythonInt(text);
  if (number !== undefined) return Number(number);
  const mask = parseAddress(text, version);
  if (mask === undefined) return undefined;
  if (isNetmask(mask)) return widthOf(version) - lengthOf(mask.value ^ maxOf(version));
  return isHostmask(mask) ? widthOf(version) - lengthOf(mask.value) : undefined;
}

const lengthOf = (ones: bigint): number => (ones === 0n ? 0 : ones.toString(2).length);

/** Undefined where the address or the prefix is out of range. */
export function networkOf(version: Version, value: bigint, prefix: number): Network | undefined {
  if (value < 0n || value > maxOf(version) || !(prefix >= 0 && prefix <= widthOf(version))) return undefined;
  return { version, value, prefix };
}

/** As Python's `int()` reads a string. */
export function parsePythonInt(text: string): bigint | undefined {
  const match = /^\s*([+-]?)([0-9]+(?:_[0-9]+)*)\s*$/.exec(text);
  // Nothing that is an address, a prefix or an index has so many digits.
  if (match?.[2] === undefined || match[2].length > 100) return undefined;
  const value = BigInt(match[2].replaceAll("_", ""));
  return match[1] === "-" ? -value : value;
}

export const hostmaskOf = ({ version, prefix }: Network): bigint => (1n << BigInt(widthOf(version) - prefix)) - 1n;
export const netmaskOf = (network: Network): bigint => maxOf(network.version) ^ hostmaskOf(network);
export const firstOf = (network: Network): bigint => network.value & netmaskOf(network);
export const lastOf = (network: Network): bigint => network.value | hostmaskOf(network);
export const sizeOf = (network: Network): bigint => hostmaskOf(network) + 1n;
export const cidrOf = (network: Network): Network => ({ ...network, value: firstOf(network) });

/** Networks of one or two addresses have none. */
export const broadcastOf = (network: Network): bigint | undefined =>
  widthOf(network.version) - network.prefix <= 1 ? undefined : lastOf(network);

/** Undefined for a single address. */
export function usableRange(network: Network): { first: bigint; last: bigint } | undefined {
  const size = sizeOf(network);
  if (size === 1n) return undefined;
  return size === 2n
    ? { first: firstOf(network), last: lastOf(network) }
    : { first: firstOf(network) + 1n, last: lastOf(network) - 1n };
}

export function containsNetwork(outer: Network, inner: Network): boolean {
  return outer.version === inner.version && firstOf(outer) <= firstOf(inner) && lastOf(inner) <= lastOf(outer);
}

export const formatNetwork = (network: Network): string => `${formatAddress(network)}/${network.prefix}`;

/** The address at an index; negative ones count from the end. */
export function addressAt(network: Network, index: bigint): Address | undefined {
  const size = sizeOf(network);
  if (index >= size || index < -size) return undefined;
  const value = index < 0n ? lastOf(network) + index + 1n : firstOf(network) + index;
  return { version: network.version, value };
}

import { isIPv4, isIPv6 } from "node:net";

/** An IP address as a number. An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) is the IPv4 address. */
export type Address = { bits: 32 | 128; value: bigint };
export type Network = Address & { prefix: number };

const MAPPED = 0xffffn << 32n;

export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: numberOf(text.split(".").map(Number), 8n) };
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const value = numberOf(groupsOf(text), 16n);
  return value >> 32n === MAPPED >> 32n ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

const numberOf = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((all, part) => (all << width) | BigInt(part), 0n);

/** The eight groups of a text that node takes for IPv6. */
function groupsOf(text: string): number[] {
  const tail = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const [, lead = "", a = "0", b = "0", c = "0", d = "0"] = tail ?? [];
  const hex = tail
    ? `${lead}${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`
    : text;
  const [front = "", back] = hex.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((g) => Number.parseInt(g, 16)));
  const before = groups(front);
  if (back === undefined) return before;
  const after = groups(back);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** `10.0.0.0/8`, or one address. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", length, more] = text.replace(/^\[(.*)\]$/, "$1").split("/");
  const parsed = parseAddress(address);
  if (!parsed || more !== undefined) return undefined;
  if (length === undefined) return { ...parsed, prefix: parsed.bits };
  if (!/^\d{1,3}$/.test(length)) return undefined;
  // The length of a mapped network counts the 96 bits before it.
  const prefix = Number(length) - (parsed.bits === 32 && isIPv6(address) ? 96 : 0);
  return prefix >= 0 && prefix <= parsed.bits ? { ...parsed, prefix } : undefined;
}

function contains(network: Network, address: Address): boolean {
  const shift = BigInt(network.bits - network.prefix);
  return network.bits === address.bits && network.value >> shift === address.value >> shift;
}

const networks = (...texts: string[]): Network[] =>
  texts.map((text) => {
    const network = parseNetwork(text);
    if (!network) throw new Error(`${text} is no network`);
    return network;
  });

/**
 * Addresses that are not simply a host of the Internet, by what they are (IANA's special-purpose registries,
 * RFC 6890 and its updates). Those that carry an IPv4 address inside (NAT64, 6to4, Teredo) are among them.
 */
const SPECIAL: { name: string; networks: Network[] }[] = [
  { name: "a cloud's metadata service", networks: networks("169.254.169.254", "fd00:ec2::254", "100.100.100.200") },
  { name: "this machine itself", networks: networks("127.0.0.0/8", "::1") },
  { name: "an unspecified address", networks: networks("0.0.0.0/8", "::") },
  { name: "a link-local address", networks: networks("169.254.0.0/16", "fe80::/10") },
  {
    name: "a private address",
    networks: networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
  },
  { name: "a carrier's shared address", networks: networks("100.64.0.0/10") },
  { name: "a multicast or broadcast address", networks: networks("224.0.0.0/4", "255.255.255.255", "ff00::/8") },
  {
    name: "a reserved address",
    networks: networks(
      "192.0.0.0/24",
      "192.0.2.0/24",
      "192.88.99.0/24",
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "240.0.0.0/4",
      "2001::/23",
      "2001:db8::/32",
      "2002::/16",
      "3fff::/20",
    ),
  },
];
/** Everything else in IPv6 that is no global unicast: translated, mapped in the old way, discard-only, unassigned. */
const GLOBAL_V6 = networks("2000::/3");

export type Kind = { name: string; networks: readonly Network[] };

/** Undefined for an ordinary public address. */
export function specialKind(address: Address): Kind | undefined {
  const found = SPECIAL.find((kind) => kind.networks.some((network) => contains(network, address)));
  if (found) return found;
  if (address.bits === 128 && !GLOBAL_V6.some((network) => contains(network, address)))
    return { name: "a reserved address", networks: networks("::/0") };
  return undefined;
}

/**
 * Does an entry of the allow-list open this address? A public address is opened by any network around it. Another one
 * only by a network of its own kind: `0.0.0.0/0` opens the Internet, not the machine itself.
 */
export function opens(entry: Network, address: Address): boolean {
  if (!contains(entry, address)) return false;
  const kind = specialKind(address);
  return (
    kind === undefined ||
    kind.networks.some((of) => of.prefix <= entry.prefix && entry.prefix > 0 && contains(of, entry))
  );
}

import { type Address, widthOf } from "./address.ts";
import { containsNetwork, type Network, parseNetwork } from "./network.ts";

const networks = (...texts: string[]): Network[] => texts.flatMap((text) => parseNetwork(text) ?? []);

/** Blocks of the IANA registries of special-purpose addresses that are not globally reachable, and what in them is. */
const NOT_GLOBAL = networks(
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "240.0.0.0/4",
  "::/127",
  "::ffff:0:0/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/10",
);
const STILL_GLOBAL = networks(
  "192.0.0.9",
  "192.0.0.10",
  "2001:1::1",
  "2001:1::2",
  "2001:3::/32",
  "2001:4:112::/48",
  "2001:20::/28",
  "2001:30::/28",
);
const MULTICAST = networks("224.0.0.0/4", "ff00::/8");
const LOOPBACK = networks("127.0.0.0/8", "::1");
const LINK_LOCAL = networks("169.254.0.0/16", "fe80::/10");

const CARRIER_SHARED = networks("100.64.0.0/10");
/** Not assigned to anything by the IETF. */
const RESERVED = networks(
  "240.0.0.0/4",
  "::/8",
  "100::/8",
  "200::/7",
  "400::/6",
  "800::/5",
  "1000::/4",
  "4000::/3",
  "6000::/3",
  "8000::/3",
  "a000::/3",
  "c000::/3",
  "e000::/4",
  "f000::/5",
  "f800::/6",
  "fe00::/9",
);

const within = (network: Network, blocks: readonly Network[]) =>
  blocks.some((block) => containsNetwork(block, network));

export const alone = (address: Address): Network => ({ ...address, prefix: widthOf(address.version) });

export const isGlobal = (address: Address): boolean =>
  !within(alone(address), NOT_GLOBAL) || within(alone(address), STILL_GLOBAL);
export const isMulticast = (network: Network): boolean => within(network, MULTICAST);
export const isLoopback = (address: Address): boolean => within(alone(address), LOOPBACK);
export const isLinkLocal = (address: Address): boolean => within(alone(address), LINK_LOCAL);
export const isCarrierShared = (address: Address): boolean => within(alone(address), CARRIER_SHARED);
export const isReserved = (address: Address): boolean => within(alone(address), RESERVED);

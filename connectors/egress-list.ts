import { domainToASCII } from "node:url";
import { opens, parseNetwork, specialKind, type Address, type Network } from "./egress-address.ts";

/** What an administrator lets NetStacks connect to by itself. */
export type EgressList = { networks: Network[]; names: { name: string; below: boolean }[] };

const LABELS = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Undefined where an entry is neither a network nor a name. */
export function parseEntry(text: string): { network: Network } | { name: string; below: boolean } | undefined {
  const network = parseNetwork(text.trim());
  if (network) return { network };
  const below = text.trim().startsWith("*.");
  const given = below ? text.trim().slice(2) : text.trim();
  const name = /[/\\:@?#\s%]/.test(given) ? "" : plainName(given);
  // A name that ends in a number is an address to a browser, and so to us.
  return LABELS.test(name) && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name) ? { name, below } : undefined;
}

export function parseList(entries: readonly string[]): EgressList {
  const parsed = entries.flatMap((entry) => parseEntry(entry) ?? []);
  return {
    networks: parsed.flatMap((e) => ("network" in e ? [e.network] : [])),
    names: parsed.flatMap((e) => ("name" in e ? [e] : [])),
  };
}

/** Lower case, in ASCII, without the dot at the end. */
const plainName = (text: string): string => domainToASCII(text).replace(/\.$/, "").toLowerCase();

/** Why this address of that host may not be connected to, as the end of a sentence; undefined where it may. */
export function refusal(list: EgressList, host: string, address: Address): string | undefined {
  if (list.networks.some((network) => opens(network, address))) return undefined;
  const kind = specialKind(address);
  if (kind) return `${kind.name}, which the allow-list does not name as a network`;
  const name = plainName(host);
  const named = list.names.some((entry) => (entry.below ? name.endsWith(`.${entry.name}`) : name === entry.name));
  return named ? undefined : "not on the allow-list";
}

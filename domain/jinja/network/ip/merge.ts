import { maxOf, type Version, widthOf } from "./address.ts";
import { firstOf, lastOf, type Network } from "./network.ts";

type Range = { first: bigint; last: bigint; from: Network; isAlone: boolean };

/** The fewest networks that hold exactly the same addresses, in order, version 4 first. What was merged with nothing stays as it was written. */
export function mergeNetworks(networks: readonly Network[]): Network[] {
  return ([4, 6] as const).flatMap((version) => {
    const ranges = networks
      .filter((network) => network.version === version)
      .map((from): Range => ({ first: firstOf(from), last: lastOf(from), from, isAlone: true }))
      .toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const joined: Range[] = [];
    for (const range of ranges) {
      const before = joined.at(-1);
      if (before !== undefined && range.first <= before.last + 1n) {
        before.isAlone = false;
        if (range.last > before.last) before.last = range.last;
      } else joined.push(range);
    }
    return joined.flatMap(({ first, last, from, isAlone }) =>
      isAlone ? [from] : networksOfRange(version, first, last),
    );
  });
}

function networksOfRange(version: Version, first: bigint, last: bigint): Network[] {
  const found: Network[] = [];
  for (let value = first; value <= last;) {
    let hostBits = 0;
    while (hostBits < widthOf(version)) {
      const mask = (1n << BigInt(hostBits + 1)) - 1n;
      if ((value & mask) !== 0n || value + mask > last) break;
      hostBits++;
    }
    found.push({ version, value, prefix: widthOf(version) - hostBits });
    value += 1n << BigInt(hostBits);
  }
  return found;
}

/** The smallest network that holds all; undefined where the versions differ or there is none. */
export function spanningNetwork(networks: readonly Network[]): Network | undefined {
  const [head] = networks;
  if (head === undefined || networks.some(({ version }) => version !== head.version)) return undefined;
  const lowest = networks.map(firstOf).reduce((a, b) => (a < b ? a : b));
  const highest = networks.map(lastOf).reduce((a, b) => (a > b ? a : b));
  const difference = lowest ^ highest;
  const hostBits = difference === 0n ? 0 : difference.toString(2).length;
  const value = lowest & (maxOf(head.version) ^ ((1n << BigInt(hostBits)) - 1n));
  return { version: head.version, value, prefix: widthOf(head.version) - hostBits };
}

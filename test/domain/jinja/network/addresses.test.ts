import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "../../../../domain/jinja/network/ip/address.ts";
import { mergeNetworks, spanningNetwork } from "../../../../domain/jinja/network/ip/merge.ts";
import {
  containsNetwork,
  firstOf,
  lastOf,
  type Network,
  networkOf,
  parseNetwork,
} from "../../../../domain/jinja/network/ip/network.ts";

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => ({ version: 4 as const, value })),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => ({ version: 6 as const, value })),
  // Runs of zeros, which version 6 writes short.
  fc.array(fc.constantFrom(0n, 0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 }).map((groups) => ({
    version: 6 as const,
    value: groups.reduce<bigint>((value, group) => (value << 16n) | group, 0n),
  })),
);

test("an address that is written is read as itself, and Node takes it for one", () => {
  fc.assert(
    fc.property(address, (given) => {
      const text = formatAddress(given);
      expect(parseAddress(text)).toEqual(given);
      expect(isIP(text)).toBe(given.version);
      if (given.version === 6 && !text.includes(".")) {
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }
    }),
  );
});

test("what Node takes for an address is one, and nothing else", () => {
  const nearly = fc.string({ unit: fc.constantFrom("1", "0", ".", ":", "f", "2"), maxLength: 20 });
  fc.assert(
    fc.property(nearly, (text) => {
      expect(parseAddress(text)?.version ?? 0).toBe(isIP(text));
    }),
    { numRuns: 3000 },
  );
});

const network = fc.tuple(address, fc.nat(128)).map(([{ version, value }, prefix]) => {
  const made = networkOf(version, value, version === 4 ? prefix % 33 : prefix);
  if (made === undefined) throw new Error("out of range");
  return made;
});
/** Close to each other, so that some can be merged. */
const close = fc.tuple(fc.nat(63), fc.integer({ min: 26, max: 32 })).map(([value, prefix]) => {
  const made = networkOf(4, BigInt(value), prefix);
  if (made === undefined) throw new Error("out of range");
  return made;
});

test("merging keeps exactly the addresses that were there, in networks that do not touch where they could be one", () => {
  const hosts = (networks: readonly Network[]): string[] =>
    Array.from({ length: 64 }, (_, i) => String(i)).filter((host) =>
      networks.some((each) => firstOf(each) <= BigInt(host) && BigInt(host) <= lastOf(each)),
    );
  fc.assert(
    fc.property(fc.array(close, { maxLength: 8 }), (given) => {
      const merged = mergeNetworks(given);
      expect(hosts(merged)).toEqual(hosts(given));
      expect(mergeNetworks(merged)).toEqual(merged);
    }),
  );
});

test("the spanning network holds all, and its half does not", () => {
  fc.assert(
    fc.property(fc.array(network, { minLength: 1, maxLength: 5 }), (given) => {
      const span = spanningNetwork(given);
      if (span === undefined) {
        expect(new Set(given.map(({ version }) => version)).size).toBe(2);
        return;
      }
      expect(given.every((each) => containsNetwork(span, each))).toBe(true);
      const half = networkOf(span.version, span.value, span.prefix + 1);
      const other = half && networkOf(span.version, lastOf(span), span.prefix + 1);
      for (const smaller of [half, other]) {
        if (smaller !== undefined) expect(given.every((each) => containsNetwork(smaller, each))).toBe(false);
      }
    }),
  );
});

test("masks are read as the prefix they stand for", () => {
  for (let prefix = 0; prefix <= 32; prefix++) {
    const ones = prefix === 0 ? 0n : (2n ** 32n - 1n) ^ (2n ** BigInt(32 - prefix) - 1n);
    expect(parseNetwork(`10.0.0.0/${formatAddress({ version: 4, value: ones })}`)?.prefix).toBe(prefix);
  }
  expect(parseNetwork("10.0.0.0/0.0.0.255")?.prefix).toBe(24);
  expect(parseNetwork("10.0.0.0/255.0.255.0")).toBeUndefined();
});

import { blocksOf } from "./blocks.ts";

/**
 * The SHA-2 family (FIPS 180-4) on words of 32 or 64 bits. Its constants are the first bits of the fractions of roots
 * of primes, and are computed. Words are bigints: what templates hash is short.
 */
type Family = {
  readonly bits: 32n | 64n;
  readonly rounds: number;
  readonly sum0: readonly bigint[];
  readonly sum1: readonly bigint[];
  /** The last one is a shift, not a rotation. */
  readonly mix0: readonly [bigint, bigint, bigint];
  readonly mix1: readonly [bigint, bigint, bigint];
};

const SMALL: Family = {
  bits: 32n,
  rounds: 64,
  sum0: [2n, 13n, 22n],
  sum1: [6n, 11n, 25n],
  mix0: [7n, 18n, 3n],
  mix1: [17n, 19n, 10n],
};
const LARGE: Family = {
  bits: 64n,
  rounds: 80,
  sum0: [28n, 34n, 39n],
  sum1: [14n, 18n, 41n],
  mix0: [1n, 8n, 7n],
  mix1: [19n, 61n, 6n],
};

const PRIMES = Array.from({ length: 410 }, (_, i) => i).filter((n) => n > 1 && !divides(n));
function divides(n: number): boolean {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return true;
  return false;
}

/** The first `bits` bits behind the point of the root. */
function rootBits(n: number, degree: 2n | 3n, bits: bigint): bigint {
  const target = BigInt(n) << (degree * bits);
  let low = 0n;
  let high = BigInt(n) << bits;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** degree <= target) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << bits) - 1n);
}

const roundConstants = ({ bits, rounds }: Family) => PRIMES.slice(0, rounds).map((prime) => rootBits(prime, 3n, bits));
const SMALL_CONSTANTS = roundConstants(SMALL);
const LARGE_CONSTANTS = roundConstants(LARGE);
const squareRoots = (from: number, bits: bigint) =>
  PRIMES.slice(from, from + 8).map((prime) => rootBits(prime, 2n, bits));

const sha2 = (family: Family, constants: readonly bigint[], start: readonly bigint[], length: number) => {
  const mask = (1n << family.bits) - 1n;
  const rotate = (word: bigint, by: bigint): bigint => ((word >> by) | (word << (family.bits - by))) & mask;
  const rotations = (word: bigint, by: readonly bigint[]): bigint => by.reduce((sum, n) => sum ^ rotate(word, n), 0n);
  const mix = (word: bigint, [a, b, shift]: readonly [bigint, bigint, bigint]): bigint =>
    rotations(word, [a, b]) ^ (word >> shift);

  function schedule(block: DataView): bigint[] {
    const words = Array.from({ length: 16 }, (_, i) =>
      family.bits === 32n ? BigInt(block.getUint32(4 * i)) : block.getBigUint64(8 * i),
    );
    for (let i = 16; i < family.rounds; i++) {
      const [before15 = 0n, before2 = 0n] = [words[i - 15], words[i - 2]];
      words.push(
        ((words[i - 16] ?? 0n) + mix(before15, family.mix0) + (words[i - 7] ?? 0n) + mix(before2, family.mix1)) & mask,
      );
    }
    return words;
  }

  return (bytes: Uint8Array): string => {
    let state = [...start];
    for (const block of blocksOf(bytes, family.bits === 32n ? 64 : 128, false)) {
      let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
      for (const [i, word] of schedule(block).entries()) {
        const choice = (e & f) ^ (~e & mask & g);
        const majority = (a & b) ^ (a & c) ^ (b & c);
        const first = h + rotations(e, family.sum1) + choice + (constants[i] ?? 0n) + word;
        const second = rotations(a, family.sum0) + majority;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & mask, c, b, a, (first + second) & mask];
      }
      state = [a, b, c, d, e, f, g, h].map((word, i) => (word + (state[i] ?? 0n)) & mask);
    }
    const width = Number(family.bits) / 4;
    return state
      .map((word) => word.toString(16).padStart(width, "0"))
      .join("")
      .slice(0, length);
  };
};

export const sha256 = sha2(SMALL, SMALL_CONSTANTS, squareRoots(0, 32n), 64);
export const sha512 = sha2(LARGE, LARGE_CONSTANTS, squareRoots(0, 64n), 128);
export const sha384 = sha2(LARGE, LARGE_CONSTANTS, squareRoots(8, 64n), 96);
/** Starts from the lower halves of the numbers of SHA-384. */
export const sha224 = sha2(
  SMALL,
  SMALL_CONSTANTS,
  squareRoots(8, 64n).map((root) => root & 0xffff_ffffn),
  56,
);

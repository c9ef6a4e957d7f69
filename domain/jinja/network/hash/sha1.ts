import { blocksOf, hexOf, rotateLeft } from "./blocks.ts";

/** FIPS 180-4. */
export function sha1(bytes: Uint8Array): string {
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (const block of blocksOf(bytes, 64, false)) {
    const words = Array.from({ length: 16 }, (_, i) => block.getInt32(4 * i));
    for (let i = 16; i < 80; i++) {
      const word = (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0);
      words.push(rotateLeft(word, 1));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (const [i, word] of words.entries()) {
      const [mixed, constant] = mix(i, b, c, d);
      const next = (rotateLeft(a, 5) + mixed + e + constant + word) | 0;
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, next];
    }
    state = [a, b, c, d, e].map((word, i) => (word + (state[i] ?? 0)) | 0);
  }
  return hexOf(state, false);
}

function mix(i: number, b: number, c: number, d: number): [mixed: number, constant: number] {
  if (i < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (i < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (i < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}

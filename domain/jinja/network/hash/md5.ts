import { blocksOf, hexOf, rotateLeft } from "./blocks.ts";

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

/** RFC 1321. */
export function md5(bytes: Uint8Array): string {
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (const block of blocksOf(bytes, 64, true)) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let i = 0; i < 64; i++) {
      const [mixed, word] = mix(i, b, c, d);
      const sum = a + mixed + (SINES[i] ?? 0) + block.getUint32(4 * word, true);
      const shift = SHIFTS[i >> 4]?.[i & 3] ?? 0;
      [a, d, c, b] = [d, c, b, (b + rotateLeft(sum | 0, shift)) | 0];
    }
    state = [a, b, c, d].map((word, i) => (word + (state[i] ?? 0)) | 0);
  }
  return hexOf(state, true);
}

function mix(i: number, b: number, c: number, d: number): [mixed: number, word: number] {
  if (i < 16) return [(b & c) | (~b & d), i];
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) % 16];
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) % 16];
  return [c ^ (b | ~d), (7 * i) % 16];
}

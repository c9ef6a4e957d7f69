/** The message with the 1, the zeros and its length in bits that MD5 and the SHA family put behind it, cut into blocks. */
export function blocksOf(bytes: Uint8Array, blockSize: 64 | 128, littleEndian: boolean): DataView[] {
  const lengthBytes = blockSize / 8;
  const padded = new Uint8Array(Math.ceil((bytes.length + 1 + lengthBytes) / blockSize) * blockSize);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const bits = BigInt(bytes.length) * 8n;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, bits, littleEndian);
  return Array.from(
    { length: padded.length / blockSize },
    (_, i) => new DataView(padded.buffer, i * blockSize, blockSize),
  );
}

export const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

export function hexOf(words: readonly number[], littleEndian: boolean): string {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word, littleEndian);
  return Array.from({ length: view.byteLength }, (_, i) => view.getUint8(i).toString(16).padStart(2, "0")).join("");
}

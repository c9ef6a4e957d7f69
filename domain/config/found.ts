/** Where in a line a secret is. */
export type Found = { start: number; end: number };

const TYPES =
  /^(?:(?:\d{1,2}|level|password|encrypted|clear|cleartext|plain|plaintext|cipher|ciphertext|irreversible-cipher|simple|hash|hash2|md5|key-string|text|ENC) )+$/;

/**
 * What several rules found, without overlaps, in the order of the line. Where two begin at the same place, or the later one takes the type
 * for a part of the secret, the earlier one is right, as it is the more special one.
 */
export function merged(line: string, found: readonly Found[]): Found[] {
  const out: Found[] = [];
  for (const each of found) {
    let { start, end } = each;
    let known = false;
    for (let i = out.length - 1; i >= 0 && !known; i -= 1) {
      const other = out[i];
      if (other === undefined || other.start >= end || start >= other.end) continue;
      known = start === other.start || (start < other.start && TYPES.test(line.slice(start, other.start)));
      if (known) continue;
      start = Math.min(start, other.start);
      end = Math.max(end, other.end);
      out.splice(i, 1);
    }
    if (!known) out.push({ start, end });
  }
  return out.toSorted((a, b) => a.start - b.start);
}

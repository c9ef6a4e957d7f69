/** Addresses of both versions as numbers. What is accepted and how it is written is what `inet_pton` and `inet_ntop` do. */
export type Version = 4 | 6;
export type Address = { readonly version: Version; readonly value: bigint };

const MAX_4 = (1n << 32n) - 1n;
const MAX_6 = (1n << 128n) - 1n;

export const widthOf = (version: Version): number => (version === 4 ? 32 : 128);
export const maxOf = (version: Version): bigint => (version === 4 ? MAX_4 : MAX_6);

export function parseAddress(text: string, version?: Version): Address | undefined {
  if (version !== 6) {
    const value = parse4(text);
    if (value !== undefined) return { version: 4, value };
  }
  if (version === 4) return undefined;
  const value = parse6(text);
  return value === undefined ? undefined : { version: 6, value };
}

/** The address that a bare number stands for: version 4 as long as it fits. */
export function addressOfNumber(value: bigint): Address | undefined {
  if (value < 0n || value > MAX_6) return undefined;
  return { version: value <= MAX_4 ? 4 : 6, value };
}

export function formatAddress({ version, value }: Address): string {
  return version === 4 ? format4(value) : format6(value);
}

/** The eight groups of 16 bits, the first one first. */
function groupsOf(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(16 * (7 - i))) & 0xffffn));
}

export function reverseName(address: Address): string {
  if (address.version === 4) return `${format4(address.value).split(".").toReversed().join(".")}.in-addr.arpa.`;
  const nibbles = address.value.toString(16).padStart(32, "0");
  return `${Array.from(nibbles).toReversed().join(".")}.ip6.arpa.`;
}

/** All ones, then all zeros (both ends included). */
export const isNetmask = ({ version, value }: Address): boolean => isOnes(value ^ maxOf(version));
export const isHostmask = ({ value }: Address): boolean => isOnes(value);

const isOnes = (value: bigint): boolean => ((value + 1n) & value) === 0n;

function parse4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parse6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? joinGroups(head) : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => 0n);
  return joinGroups([...head, ...gap, ...tail]);
}

function parseGroups(text: string, mayEndIn4: boolean): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (mayEndIn4 && i === parts.length - 1 && part.includes(".")) {
      const value = parse4(part);
      if (value === undefined) return undefined;
      groups.push(value >> 16n, value & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(BigInt(`0x${part}`));
    } else return undefined;
  }
  return groups;
}

const joinGroups = (groups: readonly bigint[]): bigint => groups.reduce((value, group) => (value << 16n) | group, 0n);

function format4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
}

function format6(value: bigint): string {
  const groups = groupsOf(value);
  const run = longestZeroRun(groups);
  const holds4 = run.start === 0 && (run.length === 6 || (run.length === 5 && groups[5] === 0xffff));
  const words = groups.map((group) => group.toString(16));
  if (holds4) words.splice(6, 2, format4(value & MAX_4));
  if (run.length < 2) return words.join(":");
  return `${words.slice(0, run.start).join(":")}::${words.slice(run.start + run.length).join(":")}`;
}

/** The first of the longest. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  }
  return best;
}

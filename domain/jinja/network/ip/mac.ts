import { parsePythonInt } from "./network.ts";

/** A hardware address of 48 bits, or an EUI-64. */
export type Mac = { readonly bits: 48 | 64; readonly value: bigint };

const group = (digits: string, count: number, separator: string) =>
  new RegExp(`^${Array.from({ length: count }, () => `([0-9a-f]${digits})`).join(separator)}$`, "i");

const FORMATS_48 = [
  group("{1,2}", 6, ":"),
  group("{1,2}", 6, "-"),
  group("{1,4}", 3, ":"),
  group("{1,4}", 3, "-"),
  group("{1,4}", 3, "\\."),
  group("{5,6}", 2, "-"),
  group("{5,6}", 2, ":"),
  group("{12}", 1, ""),
  group("{11}", 1, ""),
];
const FORMATS_64 = [
  group("{1,2}", 8, ":"),
  group("{1,2}", 8, "-"),
  group("{1,4}", 4, ":"),
  group("{1,4}", 4, "-"),
  group("{1,4}", 4, "\\."),
  group("{16}", 1, ""),
];

/** A string of digits that is no known format is taken as a number. */
export function parseMac(text: string): Mac | undefined {
  const number = parsePythonInt(text);
  for (const [bits, formats] of [[48, FORMATS_48] as const, [64, FORMATS_64] as const]) {
    for (const format of formats) {
      const words = format.exec(text)?.slice(1);
      if (words === undefined) continue;
      const width = bits / 4 / words.length;
      return { bits, value: BigInt(`0x${words.map((word) => word.padStart(width, "0")).join("")}`) };
    }
    if (number !== undefined && number >= 0n && number < 1n << BigInt(bits)) return { bits, value: number };
  }
  return undefined;
}

export type MacStyle = {
  readonly words: number;
  readonly separator: string;
  readonly upper: boolean;
  readonly pad: boolean;
};

export const MAC_STYLES = {
  bare: { words: 1, separator: "", upper: true, pad: true },
  cisco: { words: 3, separator: ".", upper: false, pad: true },
  eui48: { words: 6, separator: "-", upper: true, pad: true },
  linux: { words: 6, separator: ":", upper: false, pad: true },
  postgresql: { words: 2, separator: ":", upper: false, pad: true },
  unix: { words: 6, separator: ":", upper: false, pad: false },
} satisfies Record<string, MacStyle>;

/** Undefined where the address has more than 48 bits: the styles are those of MAC addresses. */
export function formatMac({ value }: Mac, style: MacStyle): string | undefined {
  if (value >= 1n << 48n) return undefined;
  const width = 12 / style.words;
  const digits = value.toString(16).padStart(12, "0");
  const words = Array.from({ length: style.words }, (_, i) => digits.slice(i * width, (i + 1) * width));
  const text = words.map((word) => (style.pad ? word : word.replace(/^0+(?=.)/, ""))).join(style.separator);
  return style.upper ? text.toUpperCase() : text;
}

/** The interface identifier that stateless autoconfiguration makes of it (RFC 4291, appendix A). */
export function interfaceIdOf({ bits, value }: Mac): bigint {
  const eui64 = bits === 64 ? value : ((value >> 24n) << 40n) | (0xfffen << 24n) | (value & 0xffffffn);
  return eui64 ^ (1n << 57n);
}

import { WEAK_ALGORITHMS } from "../../domain/contract/device.ts";

/** What a device offers, by the order of RFC 4253 §7.1. */
export type Offers = { kex: string[]; hostKey: string[]; cipher: string[]; mac: string[] };

const SSH_MSG_KEXINIT = 20;

/** Reads the offer out of the first, still readable, bytes of a device; null when they hold none. */
export function readOffers(bytes: Buffer): Offers | null {
  let start = 0;
  // Lines before the identification are allowed.
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) return null;
    const isIdent = bytes.subarray(start, end).toString("latin1").startsWith("SSH-");
    start = end + 1;
    if (isIdent) break;
  }
  // uint32 length, byte padding, byte type, 16 bytes cookie, then the name lists.
  if (bytes.length < start + 22 || bytes[start + 5] !== SSH_MSG_KEXINIT) return null;
  let at = start + 22;
  const list = (): string[] | null => {
    if (bytes.length < at + 4) return null;
    const length = bytes.readUInt32BE(at);
    if (bytes.length < at + 4 + length) return null;
    const names = bytes.subarray(at + 4, at + 4 + length).toString("latin1");
    at += 4 + length;
    return names === "" ? [] : names.split(",");
  };
  const kex = list();
  const hostKey = list();
  const cipher = list();
  list();
  const mac = list();
  return kex && hostKey && cipher && mac ? { kex, hostKey, cipher, mac } : null;
}

const KINDS: [RegExp, keyof Offers, string][] = [
  [/key exchange/, "kex", "key exchanges"],
  [/host key/, "hostKey", "host keys"],
  [/cipher/, "cipher", "ciphers"],
  [/MAC/, "mac", "MACs"],
];

/** "it offers only the ciphers aes128-cbc, 3des-cbc (aes128-cbc can be turned on …)". */
export function describeOffers(sshMessage: string, offers: Offers | null): string {
  const kind = KINDS.find(([pattern]) => pattern.test(sshMessage));
  if (kind === undefined || offers === null) return "no algorithm is common";
  const names = offers[kind[1]].filter((name) => !/^(ext-info|kex-strict)-/.test(name));
  const weak = names.filter((name) => (WEAK_ALGORITHMS as readonly string[]).includes(name));
  const hint = weak.length > 0 ? `; ${weak.join(", ")} can be turned on for this device` : "";
  return `it offers only the ${kind[2]} ${names.join(", ")}${hint}`;
}

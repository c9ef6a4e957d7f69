import { createHash, randomBytes } from "node:crypto";

/** Cisco's reversible type 7: no protection, but what `service password-encryption` makes of a password. */
const TYPE7_KEY = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
export function encodeType7(text: string, salt = randomBytes(1).readUInt8() % 16): string {
  const bytes = [...Buffer.from(text)].map((byte, i) => byte ^ TYPE7_KEY.charCodeAt((i + salt) % TYPE7_KEY.length));
  return String(salt).padStart(2, "0") + bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join("");
}

const salted = (length: number): string =>
  randomBytes(length).toString("base64").replace(/[+=]/g, ".").slice(0, length);
const digest = (salt: string, text: string, length: number): string =>
  createHash("sha512").update(`${salt}$${text}`).digest("base64").replace(/[+=]/g, ".").slice(0, length);

/**
 * The shape of the box's own one-way hashes with a fresh salt, so that sending a secret twice changes the config
 * twice, as on the real box. It is not the vendor's algorithm: nothing logs in with it.
 */
export function hashSecret(style: "ios" | "eos" | "junos", text: string): string {
  const salt = salted(style === "ios" ? 14 : 16);
  if (style === "ios") return `$9$${salt}$${digest(salt, text, 43)}`;
  return `$6$${salt}$${digest(salt, text, 86)}`;
}

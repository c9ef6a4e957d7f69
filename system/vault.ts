import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from "node:crypto";

/** Keys made from the master key, one per use, so that one use tells nothing about another. */
export type Vault = {
  /** AES-256-GCM; `about` (an id) is associated data: a sealed value moved to another row does not open. */
  seal(plain: string | Uint8Array, about: string): Buffer;
  /** Throws when the key, the bytes or `about` are not those it was sealed with. */
  open(sealed: Uint8Array, about: string): Buffer;
  /** HMAC-SHA256 for one purpose: approvals, audit, blob references, line digests. */
  hmac(purpose: HmacPurpose, ...parts: (string | Uint8Array)[]): Buffer;
  verify(purpose: HmacPurpose, mac: Uint8Array, ...parts: (string | Uint8Array)[]): boolean;
  /** A value that tells whether two installations share a master key; gives nothing else away. */
  keyId: string;
};

export type HmacPurpose = "approval" | "audit" | "blob" | "line" | "mask" | "enrolment" | "token" | "jwt";

const VERSION = 1;

export function openVault(masterKey: Uint8Array): Vault {
  if (masterKey.length !== 32) throw new Error("the master key must have 32 bytes");
  const derive = (info: string) => Buffer.from(hkdfSync("sha256", masterKey, "netstacks", info, 32));
  // As key objects: Node examines a key of plain bytes anew at each use, which costs more than the HMAC of a line.
  const sealing = createSecretKey(derive("seal"));
  const keys = new Map<HmacPurpose, KeyObject>();
  const keyFor = (purpose: HmacPurpose): KeyObject => {
    const known = keys.get(purpose) ?? createSecretKey(derive(`hmac:${purpose}`));
    keys.set(purpose, known);
    return known;
  };
  const hmac: Vault["hmac"] = (purpose, ...parts) => {
    return createHmac("sha256", keyFor(purpose)).update(framed(parts)).digest();
  };
  return {
    keyId: derive("id").toString("hex").slice(0, 16),
    hmac,
    verify(purpose, mac, ...parts) {
      const expected = hmac(purpose, ...parts);
      return mac.length === expected.length && timingSafeEqual(mac, expected);
    },
    seal(plain, about) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealing, iv);
      cipher.setAAD(Buffer.from(about, "utf8"));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]);
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== VERSION || bytes.length < 29)
        throw new Error(`the sealed value of ${about} has an unknown form`);
      const decipher = createDecipheriv("aes-256-gcm", sealing, bytes.subarray(1, 13));
      decipher.setAAD(Buffer.from(about, "utf8"));
      decipher.setAuthTag(bytes.subarray(13, 29));
      return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]);
    },
  };
}

/** Each part behind its length, so that no two lists of parts make the same bytes. */
function framed(parts: readonly (string | Uint8Array)[]): Buffer {
  const sizes = parts.map((part) => (typeof part === "string" ? Buffer.byteLength(part) : part.length));
  const bytes = Buffer.alloc(sizes.reduce((all, size) => all + 8 + size, 0));
  let at = 0;
  for (const [i, part] of parts.entries()) {
    // A length of 8 bytes; no part reaches the 4 GiB that would need the upper half.
    at = bytes.writeUInt32BE(sizes[i] ?? 0, at + 4);
    if (typeof part === "string") at += bytes.write(part, at);
    else {
      bytes.set(part, at);
      at += part.length;
    }
  }
  return bytes;
}

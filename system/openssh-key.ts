import { createDecipheriv } from "node:crypto";
import bcrypt from "bcrypt-pbkdf";

/** The frame of OpenSSH's private key format (PROTOCOL.key in its source); the keys inside stay closed. */
type OpensshKey = { cipher: string; salt: Buffer; rounds: number; sealed: Buffer; unsupported: string | undefined };

const MAGIC = Buffer.from("openssh-key-v1\0", "latin1");

/** By cipher: key and IV bytes, and Node's name for it. */
const CIPHERS: Record<string, { key: number; iv: number; node: string }> = {
  "aes128-ctr": { key: 16, iv: 16, node: "aes-128-ctr" },
  "aes192-ctr": { key: 24, iv: 16, node: "aes-192-ctr" },
  "aes256-ctr": { key: 32, iv: 16, node: "aes-256-ctr" },
  "aes128-cbc": { key: 16, iv: 16, node: "aes-128-cbc" },
  "aes256-cbc": { key: 32, iv: 16, node: "aes-256-cbc" },
};
/** ssh-keygen makes 24; each takes about 20 ms, and the number comes from whoever sends the key. */
const MOST_ROUNDS = 256;

export function readOpensshKey(text: string): OpensshKey | undefined {
  const [, body] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END OPENSSH PRIVATE KEY-----/.exec(text) ?? [];
  const bytes = Buffer.from(body ?? "", "base64");
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  try {
    const read = reader(bytes.subarray(MAGIC.length));
    const cipher = read.string().toString("latin1");
    const kdf = read.string().toString("latin1");
    const options = read.string();
    const keys = read.number();
    read.string();
    const sealed = read.string();
    if (cipher === "none") return { cipher, salt: Buffer.alloc(0), rounds: 0, sealed, unsupported: undefined };
    const kdfOptions = reader(options);
    const salt = kdfOptions.string();
    const rounds = kdfOptions.number();
    const unsupported =
      CIPHERS[cipher] === undefined
        ? `the cipher ${cipher}`
        : kdf !== "bcrypt" || keys !== 1
          ? `the form ${kdf} with ${keys} keys`
          : rounds > MOST_ROUNDS
            ? `${rounds} rounds`
            : undefined;
    return { cipher, salt, rounds, sealed, unsupported };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether the passphrase is right: two numbers inside are equal then. Computes for as long as the key's rounds say. */
export function opensWith(text: string, passphrase: string): boolean {
  const key = readOpensshKey(text);
  const cipher = key && CIPHERS[key.cipher];
  if (!key || !cipher || key.unsupported !== undefined || key.sealed.length < 16) return false;
  const derived = Buffer.alloc(cipher.key + cipher.iv);
  const secret = Buffer.from(passphrase, "utf8");
  if (bcrypt.pbkdf(secret, secret.length, key.salt, key.salt.length, derived, derived.length, key.rounds) !== 0)
    return false;
  const decipher = createDecipheriv(cipher.node, derived.subarray(0, cipher.key), derived.subarray(cipher.key));
  decipher.setAutoPadding(false);
  const opened = decipher.update(key.sealed.subarray(0, 16));
  return opened.readUInt32BE(0) === opened.readUInt32BE(4);
}

function reader(bytes: Buffer) {
  let at = 0;
  const number = (): number => {
    const value = bytes.readUInt32BE(at);
    at += 4;
    return value;
  };
  return {
    number,
    string(): Buffer {
      const length = number();
      if (length > bytes.length - at) throw new RangeError("the key ends too early");
      at += length;
      return bytes.subarray(at - length, at);
    },
  };
}

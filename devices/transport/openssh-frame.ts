import { createDecipheriv } from "node:crypto";
import bcrypt from "bcrypt-pbkdf";

/** A key in OpenSSH's form without encryption, or why it did not open. */
export type OpenedKey = { key: string; why?: never } | { key: null; why: string };

const MAGIC = Buffer.from("openssh-key-v1\0", "latin1");
const CIPHERS: Record<string, { key: number; iv: number; node: string }> = {
  "aes128-ctr": { key: 16, iv: 16, node: "aes-128-ctr" },
  "aes192-ctr": { key: 24, iv: 16, node: "aes-192-ctr" },
  "aes256-ctr": { key: 32, iv: 16, node: "aes-256-ctr" },
  "aes128-cbc": { key: 16, iv: 16, node: "aes-128-cbc" },
  "aes256-cbc": { key: 32, iv: 16, node: "aes-256-cbc" },
};
/** More would be an attack by whoever wrote the key. */
const MOST_ROUNDS = 256;

/** Opens a key of OpenSSH's form (PROTOCOL.key in its source) and writes it again without encryption. */
export function openOpensshKey(text: string, passphrase: string): OpenedKey {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/.exec(text)?.[1] ?? "";
  const bytes = Buffer.from(body, "base64");
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return { key: null, why: "it has another form" };
  const read = reader(bytes.subarray(MAGIC.length));
  const name = read.string().toString("latin1");
  read.string();
  const options = reader(read.string());
  read.number();
  const publicKey = read.string();
  const sealed = read.string();
  if (name === "none") return { key: text };
  const cipher = CIPHERS[name];
  const salt = options.string();
  const rounds = options.number();
  if (cipher === undefined || rounds > MOST_ROUNDS) return { key: null, why: `it uses ${name} with ${rounds} rounds` };
  const derived = Buffer.alloc(cipher.key + cipher.iv);
  const secret = Buffer.from(passphrase, "utf8");
  if (bcrypt.pbkdf(secret, secret.length, salt, salt.length, derived, derived.length, rounds) !== 0)
    return { key: null, why: "its key derivation failed" };
  const decipher = createDecipheriv(
    cipher.node,
    derived.subarray(0, cipher.key),
    derived.subarray(cipher.key),
  ).setAutoPadding(false);
  const opened = Buffer.concat([decipher.update(sealed), decipher.final()]);
  if (opened.readUInt32BE(0) !== opened.readUInt32BE(4)) return { key: null, why: "the passphrase is another one" };
  return { key: frame(publicKey, opened) };
}

/** An Ed25519 key in OpenSSH's form, without encryption. */
export function frameOpensshKey({ publicKey, secret }: { publicKey: Buffer; secret: Buffer }): string {
  const kind = string(Buffer.from("ssh-ed25519"));
  const content = Buffer.concat([
    Buffer.alloc(8),
    kind,
    string(publicKey),
    string(Buffer.concat([secret, publicKey])),
    string(Buffer.alloc(0)),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (content.length % 8)) % 8 }, (_, n) => n + 1));
  return frame(Buffer.concat([kind, string(publicKey)]), Buffer.concat([content, padding]));
}

function frame(publicKey: Buffer, content: Buffer): string {
  const none = string(Buffer.from("none"));
  const bytes = Buffer.concat([
    MAGIC,
    none,
    none,
    string(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    string(publicKey),
    string(content),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString("base64").replace(/.{1,70}/g, "$&\n")}-----END OPENSSH PRIVATE KEY-----\n`;
}

function string(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function reader(bytes: Buffer) {
  let at = 0;
  const number = (): number => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const take = (): Buffer => {
    const length = number();
    at += length;
    return bytes.subarray(at - length, at);
  };
  return { number, string: take };
}

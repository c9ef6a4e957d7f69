import { createCipheriv, generateKeyPairSync, randomBytes } from "node:crypto";
import bcrypt from "bcrypt-pbkdf";
import { describe, expect, test } from "vitest";
import { checkPrivateKey } from "../../system/private-key.ts";

const string = (bytes: Buffer | string): Buffer => {
  const body = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A key file in OpenSSH's own format, as ssh-keygen writes it; what is inside is only as much as a reader checks. */
function opensshKey({
  passphrase,
  rounds = 4,
  cipher = "aes256-ctr",
  kdf = "bcrypt",
}: { passphrase?: string; rounds?: number; cipher?: string; kdf?: string } = {}): string {
  const check = randomBytes(4);
  const inside = Buffer.concat([check, check, string("ssh-ed25519"), string(randomBytes(32)), Buffer.alloc(9)]);
  const padded = Buffer.concat([inside, Buffer.alloc((16 - (inside.length % 16)) % 16)]);
  const salt = randomBytes(16);
  let sealed = padded;
  if (passphrase !== undefined && rounds < 100) {
    const derived = Buffer.alloc(48);
    bcrypt.pbkdf(Buffer.from(passphrase), passphrase.length, salt, salt.length, derived, 48, rounds);
    sealed = createCipheriv("aes-256-ctr", derived.subarray(0, 32), derived.subarray(32)).update(padded);
  }
  const options = passphrase === undefined ? Buffer.alloc(0) : Buffer.concat([string(salt), number(rounds)]);
  const [c, k] = passphrase === undefined ? ["none", "none"] : [cipher, kdf];
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string(c),
    string(k),
    string(options),
    number(1),
    string(randomBytes(51)),
    string(sealed),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString("base64").replaceAll(/(.{70})/g, "$1\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

describe("a private key in OpenSSH's format", () => {
  test("opens with its passphrase alone", async () => {
    const key = opensshKey({ passphrase: "right" });
    expect(await checkPrivateKey(key, "right")).toBeUndefined();
    expect(await checkPrivateKey(key, "wrong")).toBe("passphrase_wrong");
    expect(await checkPrivateKey(key, "")).toBe("passphrase_wrong");
    expect(await checkPrivateKey(key, undefined)).toBe("passphrase_needed");
  });

  test("without encryption needs none", async () => {
    expect(await checkPrivateKey(opensshKey(), undefined)).toBeUndefined();
    expect(await checkPrivateKey(opensshKey(), "x")).toBe("passphrase_unused");
  });

  test("that would take for ever to open is not tried", async () => {
    expect(await checkPrivateKey(opensshKey({ passphrase: "x", rounds: 4_000_000_000 }), "x")).toEqual({
      unsupported: "4000000000 rounds",
    });
    expect(await checkPrivateKey(opensshKey({ passphrase: "x", cipher: "rot13" }), "x")).toEqual({
      unsupported: "the cipher rot13",
    });
  });

  test.each([
    "",
    "AAAA",
    Buffer.from("openssh-key-v1\0").toString("base64"),
    Buffer.concat([Buffer.from("openssh-key-v1\0"), number(0xffffffff)]).toString("base64"),
  ])("that ends too early is none: %j", async (body) => {
    expect(
      await checkPrivateKey(`-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`, "x"),
    ).toBe("not_a_key");
  });
});

describe("a private key in PEM", () => {
  const pair = (passphrase?: string) =>
    generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding:
        passphrase === undefined
          ? { type: "pkcs1", format: "pem" }
          : { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase },
    });

  test("opens with its passphrase alone", async () => {
    const { privateKey } = pair("right");
    expect(await checkPrivateKey(privateKey, "right")).toBeUndefined();
    expect(await checkPrivateKey(privateKey, "wrong")).toBe("passphrase_wrong");
    expect(await checkPrivateKey(privateKey, undefined)).toBe("passphrase_needed");
  });

  test("without encryption needs none, and a public key is none", async () => {
    const { privateKey, publicKey } = pair();
    expect(await checkPrivateKey(privateKey, undefined)).toBeUndefined();
    expect(await checkPrivateKey(privateKey, "x")).toBe("passphrase_unused");
    expect(await checkPrivateKey(publicKey, undefined)).toBe("not_a_key");
    expect(await checkPrivateKey("hello", undefined)).toBe("not_a_key");
  });
});

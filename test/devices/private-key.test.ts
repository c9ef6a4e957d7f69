import { generateKeyPairSync } from "node:crypto";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { makeEd25519 } from "../support/ssh-keys.ts";
import { openPrivateKey } from "../../devices/transport/private-key.ts";

const kinds = [
  ["Ed25519 in PKCS#8", generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }), undefined],
  [
    "Ed25519 in PKCS#8, encrypted",
    generateKeyPairSync("ed25519").privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "p",
    }),
    "p",
  ],
  [
    "RSA in PKCS#1",
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }),
    undefined,
  ],
  [
    "RSA in PKCS#8, encrypted",
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "p",
    }),
    "p",
  ],
  [
    "P-256 in SEC1",
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" }),
    undefined,
  ],
  ["Ed25519 of OpenSSH", makeEd25519().private, undefined],
  ["Ed25519 of OpenSSH, encrypted", makeEd25519({ passphrase: "p", cipher: "aes256-ctr", rounds: 4 }).private, "p"],
  [
    "RSA of OpenSSH, encrypted",
    ssh2.utils.generateKeyPairSync("rsa", { bits: 2048, passphrase: "p", cipher: "aes128-cbc", rounds: 4 }).private,
    "p",
  ],
] as const;

test.each(kinds)("a key %s opens and signs", async (_what, text, passphrase) => {
  const key = await openPrivateKey("r1", String(text), passphrase);
  const data = Buffer.from("to be signed");
  const signature = key.sign(data);
  if (signature instanceof Error) throw signature;
  const shown = ssh2.utils.parseKey(key.getPublicSSH());
  if (shown instanceof Error) throw shown;
  expect(shown.verify(data, signature)).toBe(true);
});

test.each(kinds.filter(([, , passphrase]) => passphrase !== undefined))(
  "a key %s does not open with another passphrase, nor without one",
  async (_what, text) => {
    await expect(openPrivateKey("r1", String(text), "q")).rejects.toMatchObject({ code: "key_passphrase" });
    await expect(openPrivateKey("r1", String(text), undefined)).rejects.toMatchObject({ code: "key_passphrase" });
  },
);

test("what is no key is named", async () => {
  await expect(
    openPrivateKey("r1", "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90aGluZw==\n-----END OPENSSH PRIVATE KEY-----", "p"),
  ).rejects.toMatchObject({ code: "key_passphrase" });
  await expect(openPrivateKey("r1", "hello", undefined)).rejects.toMatchObject({ code: "key_passphrase" });
});

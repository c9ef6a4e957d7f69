import { createPrivateKey, type KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import ssh2, { type ParsedKey } from "ssh2";
import { failure } from "../failures.ts";
import { frameOpensshKey, type OpenedKey } from "./openssh-frame.ts";

/** A private key, opened, in the form that signs. A key that does not open is `key_passphrase`. */
export async function openPrivateKey(device: string, text: string, passphrase: string | undefined): Promise<ParsedKey> {
  try {
    const plain = text.includes("-----BEGIN OPENSSH PRIVATE KEY-----")
      ? await openOpenssh(text, passphrase)
      : rewrite(createPrivateKey(passphrase === undefined ? { key: text } : { key: text, passphrase }));
    const parsed: unknown = ssh2.utils.parseKey(plain);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    if (isParsedKey(first)) return first;
    throw first;
  } catch (error) {
    throw failure(
      "key_passphrase",
      `the private key for ${device} does not open${passphrase === undefined ? " without a passphrase" : " with its passphrase"}`,
      { cause: error },
    );
  }
}

const isParsedKey = (key: unknown): key is ParsedKey =>
  typeof key === "object" && key !== null && !(key instanceof Error) && "sign" in key;

/** ssh2 does not read PKCS#8: the same key in a form that it reads. */
function rewrite(key: KeyObject): string | Buffer {
  if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "pem" });
  if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" });
  const { d, x } = key.export({ format: "jwk" });
  if (key.asymmetricKeyType !== "ed25519" || d === undefined || x === undefined)
    throw new Error(`a key of the kind ${key.asymmetricKeyType ?? "?"} cannot be used for SSH`);
  return frameOpensshKey({ publicKey: Buffer.from(x, "base64url"), secret: Buffer.from(d, "base64url") });
}

/** The key's bcrypt rounds are half a second and more of pure computing: nothing else may stand still for that. */
function openOpenssh(text: string, passphrase: string | undefined): Promise<string> {
  if (passphrase === undefined) return Promise.resolve(text);
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./openssh-worker.ts", import.meta.url), { workerData: { text, passphrase } });
    worker.once("message", (opened: OpenedKey) =>
      opened.key === null ? reject(new Error(opened.why)) : resolve(opened.key),
    );
    worker.once("error", reject);
  });
}

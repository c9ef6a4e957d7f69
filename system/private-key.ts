import { createPrivateKey } from "node:crypto";
import { Worker } from "node:worker_threads";
import { readOpensshKey } from "./openssh-key.ts";

/** What is wrong with a private key, as far as can be seen without the device; undefined when it opens. */
export type KeyFault =
  | "not_a_key"
  | "passphrase_needed"
  | "passphrase_wrong"
  | "passphrase_unused"
  | { unsupported: string };

/** Opens a private key (PEM or OpenSSH's own format) with its passphrase. */
export async function checkPrivateKey(text: string, passphrase: string | undefined): Promise<KeyFault | undefined> {
  if (text.includes("-----BEGIN OPENSSH PRIVATE KEY-----")) return checkOpenssh(text, passphrase);
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (encrypted && passphrase === undefined) return "passphrase_needed";
  try {
    createPrivateKey(passphrase === undefined ? { key: text } : { key: text, passphrase });
  } catch {
    // Node tells a wrong passphrase from a broken file by codes that differ with the cipher's padding.
    return encrypted ? "passphrase_wrong" : "not_a_key";
  }
  return !encrypted && passphrase !== undefined ? "passphrase_unused" : undefined;
}

async function checkOpenssh(text: string, passphrase: string | undefined): Promise<KeyFault | undefined> {
  const key = readOpensshKey(text);
  if (key === undefined) return "not_a_key";
  if (key.cipher === "none") return passphrase === undefined ? undefined : "passphrase_unused";
  if (key.unsupported !== undefined) return { unsupported: key.unsupported };
  if (passphrase === undefined) return "passphrase_needed";
  return (await opensInWorker({ text, passphrase })) ? undefined : "passphrase_wrong";
}

/** The key's bcrypt rounds take half a second of pure computing, which must not stop everything else. */
function opensInWorker(workerData: { text: string; passphrase: string }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./openssh-key-worker.ts", import.meta.url), { workerData });
    worker.once("message", (opens: unknown) => resolve(opens === true));
    worker.once("error", reject);
  });
}

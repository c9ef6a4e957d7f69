import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import type { RouterStore } from "../box.ts";

export type HostKey = { private: string; sha256: string };

const { utils } = ssh2;

/** As OpenSSH prints it: `SHA256:…`. Undefined for what is no private key. */
function fingerprint(privateKey: string): string | undefined {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) return undefined;
  return `SHA256:${createHash("sha256").update(key.getPublicSSH()).digest("base64").replace(/=+$/, "")}`;
}

/** Now and then ssh2 makes an ed25519 key that it cannot read itself; then another one is made. */
function newKey(): HostKey {
  for (;;) {
    const key = utils.generateKeyPairSync("ed25519").private;
    const sha256 = fingerprint(key);
    if (sha256 !== undefined) return { private: key, sha256 };
  }
}

/** The router's ed25519 key, made on first use and kept. */
export function hostKey(store: RouterStore, file = "host_key"): HostKey {
  const kept = store.read(file);
  const sha256 = kept === undefined ? undefined : fingerprint(kept);
  if (kept !== undefined && sha256 !== undefined) return { private: kept, sha256 };
  const made = newKey();
  store.write(file, made.private);
  return made;
}

import { createHash } from "node:crypto";
import ssh2 from "ssh2";
import type { RouterStore } from "../box.ts";

export type HostKey = { private: string; sha256: string };

const { utils } = ssh2;

/** As OpenSSH prints it: `SHA256:…`. */
function fingerprint(privateKey: string): string {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `SHA256:${createHash("sha256").update(key.getPublicSSH()).digest("base64").replace(/=+$/, "")}`;
}

/** The router's ed25519 key, made on first use and kept. */
export function hostKey(store: RouterStore, file = "host_key"): HostKey {
  const kept = store.read(file);
  const key = kept ?? utils.generateKeyPairSync("ed25519").private;
  if (kept === undefined) store.write(file, key);
  return { private: key, sha256: fingerprint(key) };
}

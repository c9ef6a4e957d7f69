import { createSecretKey, type KeyObject } from "node:crypto";
import type { Client } from "ssh2";

type Keyed = { _encKey?: Buffer | KeyObject; _decipherKey?: Buffer | KeyObject };

/** ssh2 does not type this part of itself; absent or of another form, everything works all the same, only slower. */
function ciphersOf(client: Client): { _cipher?: Keyed; _decipher?: Keyed } | undefined {
  return (client as { _protocol?: { _cipher?: Keyed; _decipher?: Keyed } })._protocol;
}

/**
 * With AES-GCM, ssh2 makes a cipher for each packet and hands Node the key as bytes, which Node examines anew each time;
 * measured, that is a fifth of all CPU of a short session. A key object is taken as it is.
 */
export function useKeyObjects(client: Client): void {
  const ciphers = ciphersOf(client);
  const { _cipher: out, _decipher: into } = ciphers ?? {};
  if (Buffer.isBuffer(out?._encKey)) out._encKey = createSecretKey(out._encKey);
  if (Buffer.isBuffer(into?._decipherKey)) into._decipherKey = createSecretKey(into._decipherKey);
}

import ssh2 from "ssh2";

/** An Ed25519 key pair. Now and then ssh2 makes one that nobody can read; then another one is made. */
export function makeEd25519(encryption?: { passphrase: string; cipher: string; rounds: number }): {
  private: string;
  public: string;
} {
  for (;;) {
    const pair =
      encryption === undefined
        ? ssh2.utils.generateKeyPairSync("ed25519")
        : ssh2.utils.generateKeyPairSync("ed25519", encryption);
    if (!(ssh2.utils.parseKey(pair.private, encryption?.passphrase) instanceof Error)) return pair;
  }
}

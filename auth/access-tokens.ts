import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { SignJWT, errors, jwtVerify } from "jose";
import type { Vault } from "../system/vault.ts";

const ISSUER = "netstacks";
const AUDIENCE = "netstacks-api";
const TYPE = "at+jwt";
export const ACCESS_TOKEN_SECONDS = 600;
const MOST_VERIFIED = 10_000;

/** What an access token says: whose session it is. No roles: rights are read with the session, at each request. */
export type AccessClaims = { sessionId: string; userId: string };

export type AccessTokens = {
  sign(claims: AccessClaims): Promise<string>;
  /** Undefined for anything that is not a living token of ours. */
  verify(token: string): Promise<AccessClaims | undefined>;
};

/** The key comes out of the master key: all API processes of an installation share it, and none has to store it. */
export function createAccessTokens(vault: Vault): AccessTokens {
  const privateKey = ed25519Key(vault.hmac("jwt", "ed25519 seed"));
  const publicKey = createPublicKey(privateKey);
  const kid = vault.hmac("jwt", "key id").toString("hex").slice(0, 16);
  // A signature stays good as long as its token lives; checking it takes more time than most answers.
  const verified = new Map<string, AccessClaims & { expiresAt: number }>();
  return {
    sign: ({ sessionId, userId }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: "EdDSA", kid, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
        .sign(privateKey),
    async verify(token) {
      const known = verified.get(token);
      if (known !== undefined && Date.now() < known.expiresAt) return known;
      verified.delete(token);
      try {
        const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
          algorithms: ["EdDSA"],
          issuer: ISSUER,
          audience: AUDIENCE,
          typ: TYPE,
          maxTokenAge: ACCESS_TOKEN_SECONDS,
          requiredClaims: ["exp", "sub", "sid"],
        });
        if (protectedHeader.kid !== kid || typeof payload["sid"] !== "string" || payload.sub === undefined)
          return undefined;
        const claims = { sessionId: payload["sid"], userId: payload.sub, expiresAt: (payload.exp ?? 0) * 1000 };
        if (verified.size >= MOST_VERIFIED) verified.clear();
        verified.set(token, claims);
        return claims;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

/** An Ed25519 private key is any 32 bytes, in this fixed PKCS#8 frame (RFC 8410 §7). */
function ed25519Key(seed: Buffer): KeyObject {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

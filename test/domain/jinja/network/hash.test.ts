import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../../../domain/jinja/network/encoding.ts";
import { md5 } from "../../../../domain/jinja/network/hash/md5.ts";
import { sha1 } from "../../../../domain/jinja/network/hash/sha1.ts";
import { sha224, sha256, sha384, sha512 } from "../../../../domain/jinja/network/hash/sha2.ts";

test.each([
  ["md5", md5],
  ["sha1", sha1],
  ["sha224", sha224],
  ["sha256", sha256],
  ["sha384", sha384],
  ["sha512", sha512],
])("%s gives what Node's gives for any bytes", (name, hash) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(hash(bytes)).toBe(createHash(name).update(bytes).digest("hex"));
    }),
    { numRuns: 150 },
  );
});

test("base64 is what Node's is, both ways", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

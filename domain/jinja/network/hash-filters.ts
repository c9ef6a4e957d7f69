import { bind } from "../arguments.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import type { Value } from "../values.ts";
import { decodeText, encodeText, fromBase64, toBase64 } from "./encoding.ts";
import { md5 } from "./hash/md5.ts";
import { sha1 } from "./hash/sha1.ts";
import { sha224, sha256, sha384, sha512 } from "./hash/sha2.ts";
import { fail } from "./support.ts";

const HASHES: ReadonlyMap<string, (bytes: Uint8Array) => string> = new Map([
  ["md5", md5],
  ["sha1", sha1],
  ["sha224", sha224],
  ["sha256", sha256],
  ["sha384", sha384],
  ["sha512", sha512],
]);

function hashOf(filter: string, value: Value, kind: string, engine: EngineContext): string {
  const hash = HASHES.get(kind.toLowerCase());
  if (hash === undefined)
    return fail(filter, `unsupported hash type ${kind}; there are ${[...HASHES.keys()].join(", ")}`);
  const bytes = encodeText(filter, str(value));
  engine.spend(1 + 4 * bytes.length);
  return hash(bytes);
}

const hash: Filter = (value, args, kwargs, engine) => {
  const [kind] = bind("hash", [["hashtype", "sha1"]], args, kwargs);
  return hashOf("hash", value, str(kind), engine);
};

const fixed =
  (name: string, kind: string): Filter =>
  (value, args, kwargs, engine) => {
    bind(name, [], args, kwargs);
    return hashOf(name, value, kind, engine);
  };

const UUID = /^[0-9a-f]{32}$/;
/** The name space that Ansible makes identifiers in. */
const ANSIBLE_NAMESPACE = "361E6D51-FAEC-444A-9079-341386DA8E2E";

/** A UUID of version 5 (RFC 9562): the same for the same text. */
const toUuid: Filter = (value, args, kwargs, engine) => {
  const [namespace] = bind("to_uuid", [["namespace", ANSIBLE_NAMESPACE]], args, kwargs);
  const digits = str(namespace)
    .toLowerCase()
    .replace(/^urn:uuid:/, "")
    .replace(/[-{}]/g, "");
  if (!UUID.test(digits))
    return fail("to_uuid", `invalid value '${str(namespace)}' for 'namespace': it must be a UUID`);
  const name = encodeText("to_uuid", str(value));
  engine.spend(1 + name.length);
  const space = Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
  const hex = sha1(Uint8Array.from([...space, ...name]));
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(18, 20),
    hex.slice(20, 32),
  ].join("-");
};

const b64encode: Filter = (value, args, kwargs, engine) => {
  const [encoding, urlsafe] = bind(
    "b64encode",
    [
      ["encoding", "utf-8"],
      ["urlsafe", false],
    ],
    args,
    kwargs,
  );
  const bytes = encodeText("b64encode", str(value), str(encoding));
  engine.spend(1 + bytes.length);
  const text = toBase64(bytes);
  return isTrue(urlsafe) ? text.replaceAll("+", "-").replaceAll("/", "_") : text;
};

const b64decode: Filter = (value, args, kwargs, engine) => {
  const [encoding, urlsafe] = bind(
    "b64decode",
    [
      ["encoding", "utf-8"],
      ["urlsafe", false],
    ],
    args,
    kwargs,
  );
  const text = str(value);
  engine.spend(1 + text.length);
  const bytes = fromBase64(isTrue(urlsafe) ? text.replaceAll("-", "+").replaceAll("_", "/") : text);
  if (bytes === undefined)
    return fail("b64decode", "the text is not base64: digits or the padding are missing at its end");
  return decodeText("b64decode", bytes, str(encoding));
};

export const HASH_FILTERS: readonly (readonly [string, Filter])[] = [
  ["hash", hash],
  ["md5", fixed("md5", "md5")],
  ["sha1", fixed("sha1", "sha1")],
  ["checksum", fixed("checksum", "sha1")],
  ["to_uuid", toUuid],
  ["b64encode", b64encode],
  ["b64decode", b64decode],
];

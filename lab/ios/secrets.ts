import { encodeType7, hashSecret } from "../config/secrets.ts";
import { findChild, type ConfigNode } from "../config/tree.ts";

export const encrypts = (root: ConfigNode): boolean => findChild(root, "service password-encryption") !== undefined;

/** What the box stores for `secret X`, `password X` or `key X`, given the words after the keyword. */
export function storedSecret(keyword: string, rest: string[], root: ConfigNode): string[] {
  const [kind = "0", text = ""] = rest.length === 1 ? ["0", rest[0]] : rest;
  if (kind !== "0") return [kind, text];
  if (keyword === "secret") return ["9", hashSecret("ios", text)];
  return encrypts(root) ? ["7", encodeType7(text)] : [text];
}

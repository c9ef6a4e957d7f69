import { promisify } from "node:util";
import { zstdCompress, zstdCompressSync, zstdDecompress } from "node:zlib";
import { NotFound } from "../../domain/contract/errors.ts";
import type { Vault } from "../../system/vault.ts";
import type { Db } from "../client.ts";

/** Compressing this much takes less than handing it to another thread does. */
const SMALL_BYTES = 512 * 1024;
const inThread = promisify(zstdCompress);
const compress = (bytes: Buffer): Promise<Buffer> | Buffer =>
  bytes.length <= SMALL_BYTES ? zstdCompressSync(bytes) : inThread(bytes);
const decompress = promisify(zstdDecompress);

/** Stores a text and gives its reference. The same text has the same reference, and is stored once. */
export async function putBlob(db: Db, vault: Vault, text: string): Promise<string> {
  const ref = vault.hmac("blob", text).toString("hex");
  const packed = vault.seal(await compress(Buffer.from(text, "utf8")), `blob:${ref}`);
  await db`insert into blobs (ref, sealed, size) values (${ref}, ${packed}, ${Buffer.byteLength(text)}) on conflict (ref) do nothing`;
  return ref;
}

export async function getBlob(db: Db, vault: Vault, ref: string): Promise<string> {
  const [row] = await db<{ sealed: Buffer }[]>`select sealed from blobs where ref = ${ref}`;
  if (!row) throw new NotFound("blob", ref);
  return (await decompress(vault.open(row.sealed, `blob:${ref}`))).toString("utf8");
}

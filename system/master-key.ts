import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "./config.ts";
import { StartError, explainDataFolderError, systemErrorCode } from "./start-error.ts";

/** The key of NETSTACKS_MASTER_KEY, or that of `<data>/keys/master.key`, which the first start makes. */
export async function loadMasterKey(config: Pick<Config, "dataDir" | "masterKey">): Promise<Buffer> {
  if (config.masterKey !== undefined) return config.masterKey;
  const file = join(config.dataDir, "keys", "master.key");
  try {
    return await readKey(file);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw explainDataFolderError(error, config.dataDir);
  }
  try {
    await createKey(file);
  } catch (error) {
    throw explainDataFolderError(error, config.dataDir);
  }
  return readKey(file);
}

async function readKey(file: string): Promise<Buffer> {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) {
    throw new StartError(
      `The master key ${file} can be read by other users (mode ${(mode & 0o777).toString(8)}); run \`chmod 600 ${file}\`, and change the key if someone may have read it.`,
    );
  }
  const key = Buffer.from((await readFile(file, "utf8")).trim(), "base64");
  if (key.length !== 32) {
    throw new StartError(
      `The master key ${file} must hold 32 bytes as base64 but holds ${key.length}; restore it from your backup, since nothing sealed opens without it.`,
    );
  }
  return key;
}

/** Written in full under another name, then linked: two starters at once end with one key, and a crash leaves none half-written. */
async function createKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString("base64")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
  } finally {
    await rm(draft);
  }
}

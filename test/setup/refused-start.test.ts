import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { launch, processesOn, ROOT, tempFolder, up } from "./launch.ts";

const isRoot = process.getuid?.() === 0;

/** A refused start says one sentence, and nothing that only helps who wrote it. */
async function refusal(env: NodeJS.ProcessEnv): Promise<string> {
  const it = up(env);
  expect(await it.exited).toBe(1);
  expect(it.output()).not.toMatch(/\n\s+at |fault of its own/);
  return it.output().trim().split("\n").at(-1) ?? "";
}

function takePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    });
    onTestFinished(() => void server.close());
  });
}

test("a taken port is named with a way out, and no data folder is made", async () => {
  const dataDir = join(await tempFolder(), "data");
  const port = await takePort();
  expect(await refusal({ NETSTACKS_DATA_DIR: dataDir, PORT: String(port) })).toBe(
    `Port ${port} on 127.0.0.1 is taken by another program; stop that, or choose another port, such as PORT=${port + 1} npm start.`,
  );
  expect(existsSync(dataDir)).toBe(false);
});

test("an address that is not this machine's is named", async () => {
  expect(await refusal({ NETSTACKS_DATA_DIR: await tempFolder(), HOST: "203.0.113.9" })).toMatch(
    /^HOST is 203\.0\.113\.9, which is not an address of this machine; use /,
  );
});

test("a wrong environment value is named, with what is allowed", async () => {
  const dataDir = join(await tempFolder(), "data");
  expect(await refusal({ NETSTACKS_DATA_DIR: dataDir, PORT: "http" })).toBe(
    'PORT must be a port number from 0 to 65535 (0 takes any free port), but is "http".',
  );
  expect(existsSync(dataDir)).toBe(false);
});

describe("a data folder that cannot be written is named, with the cause and a way out", () => {
  test("below a file", async () => {
    const file = join(await tempFolder(), "file");
    writeFileSync(file, "");
    expect(await refusal({ NETSTACKS_DATA_DIR: join(file, "data") })).toBe(
      `The data folder ${file}/data cannot be used because a part of its path is a file, not a folder; free it, or name another folder in NETSTACKS_DATA_DIR.`,
    );
  });

  test("a file", async () => {
    const file = join(await tempFolder(), "file");
    writeFileSync(file, "");
    expect(await refusal({ NETSTACKS_DATA_DIR: file })).toContain("because it is a file, not a folder; free it");
  });

  // The system's own read-only place: root cannot write there either.
  test.skipIf(process.platform !== "linux")("on a file system that takes no files", async () => {
    expect(await refusal({ NETSTACKS_DATA_DIR: "/proc/self/netstacks" })).toMatch(
      /^The data folder \/proc\/self\/netstacks cannot be used because /,
    );
  });

  test.skipIf(isRoot)(
    `that this user may not write${isRoot ? " [skipped: root may write everywhere]" : ""}`,
    async () => {
      const folder = await tempFolder();
      chmodSync(folder, 0o500);
      onTestFinished(() => chmodSync(folder, 0o700));
      expect(await refusal({ NETSTACKS_DATA_DIR: folder })).toContain("because this user may not write there");
    },
  );
});

test("a missing tool is named, and the parts that had started are stopped", async () => {
  const dataDir = join(await tempFolder(), "data");
  expect(await refusal({ NETSTACKS_DATA_DIR: dataDir, TEMPORAL_CLI_PATH: "/nowhere/temporal" })).toBe(
    "TEMPORAL_CLI_PATH names /nowhere/temporal, which is not a program that can be run; correct or unset it.",
  );
  expect(processesOn(dataDir)).toEqual([]);
});

test("a master key that others can read is refused before anything starts", async () => {
  const dataDir = await tempFolder();
  mkdirSync(join(dataDir, "keys"));
  writeFileSync(join(dataDir, "keys", "master.key"), Buffer.alloc(32, 7).toString("base64"), { mode: 0o644 });
  expect(await refusal({ NETSTACKS_DATA_DIR: dataDir })).toMatch(
    /can be read by other users \(mode 644\); run `chmod 600 /,
  );
  expect(processesOn(dataDir)).toEqual([]);
});

test("a part by itself says which engine it was not told of", async () => {
  const it = launch([join(ROOT, "cli", "netstacks.ts"), "worker"], { NETSTACKS_DATA_DIR: await tempFolder() });
  expect(await it.exited).toBe(1);
  expect(it.output().trim()).toBe(
    "DATABASE_URL must be set for `netstacks worker`; `netstacks up` starts a Postgres of its own instead.",
  );
});

test("an unknown verb is answered with those that there are", async () => {
  const it = launch([join(ROOT, "cli", "netstacks.ts"), "strat"], {});
  expect(await it.exited).toBe(1);
  expect(it.output().trim()).toBe(
    'netstacks has no verb "strat"; it has up, api, worker, migrate, rebuild-projections, lab, record, backup, show, templates, stack, variables, export, import, help.',
  );
});

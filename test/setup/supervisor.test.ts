import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isAlive, markOf } from "../../system/processes.ts";
import { processesOn, tempFolder, up, type Launched } from "./launch.ts";

const PARTS = ["postgres", "temporal", "lab", "worker", "api"] as const;
type Part = (typeof PARTS)[number];
type RunFile = { part: string; pid: number; started: string; address?: string };

const runFile = (dataDir: string, part: Part): RunFile =>
  JSON.parse(readFileSync(join(dataDir, "run", `${part}.json`), "utf8")) as RunFile;

async function ready(dataDir: string): Promise<Launched & { address: string }> {
  const it = up({ NETSTACKS_DATA_DIR: dataDir });
  const [, address = ""] = await it.says(/Address\s+(http\S+)/);
  await it.says(/Ctrl\+C stops it/);
  return { ...it, address };
}

async function answers(address: string): Promise<number> {
  return (await fetch(`${address}/readyz`)).status;
}

test("a start tells each stage, the address, the admin and, the first time, a password; the second finds all as it stood", async () => {
  const dataDir = await tempFolder();
  const first = await ready(dataDir);
  for (const stage of ["Postgres", "Temporal", "lab", "database", "worker", "API"]) {
    expect(first.output()).toMatch(new RegExp(`✓ ${stage} .*\\d+\\.\\d s\\n`));
  }
  expect(first.output()).toMatch(/Sign in as\s+admin\n\s+Password\s+\S{12,}/);
  expect(await answers(first.address)).toBe(200);
  for (const part of PARTS) {
    expect(statSync(join(dataDir, "run", `${part}.json`)).mode & 0o777).toBe(0o600);
    expect(isAlive(runFile(dataDir, part))).toBe(true);
  }

  const intruder = up({ NETSTACKS_DATA_DIR: dataDir });
  expect(await intruder.exited).toBe(1);
  expect(intruder.output().trim()).toBe(
    `Another NetStacks (pid ${first.pid}) runs on the data folder ${dataDir}; stop it, or name another folder in NETSTACKS_DATA_DIR.`,
  );

  first.kill("SIGINT");
  expect(await first.exited).toBe(0);
  expect(processesOn(dataDir)).toEqual([]);
  expect(readdirSync(join(dataDir, "run"))).toEqual([]);

  const second = await ready(dataDir);
  expect(second.output()).not.toContain("Password");
  expect(second.output()).toContain("up to date");
  expect(await answers(second.address)).toBe(200);
});

test("a part that is killed is started again on its old address, and the supervisor says so", async () => {
  const dataDir = await tempFolder();
  const it = await ready(dataDir);
  const before = new Map(PARTS.map((part) => [part, runFile(dataDir, part)]));
  for (const part of PARTS) process.kill(runFile(dataDir, part).pid, "SIGKILL");
  for (const part of PARTS) {
    await it.says(new RegExp(`${part} was ended by (SIGKILL|signal 9); it is started again`));
    await it.says(new RegExp(`${part} runs again`));
    const now = runFile(dataDir, part);
    expect(now.pid).not.toBe(before.get(part)?.pid);
    if (part !== "lab") expect(now.address).toBe(before.get(part)?.address);
  }
  await expect.poll(() => answers(it.address).catch(() => 0), { timeout: 60_000 }).toBe(200);
});

test("when the supervisor is killed, its parts end by themselves and the next start takes over", async () => {
  const dataDir = await tempFolder();
  const first = await ready(dataDir);
  const parts = PARTS.map((part) => runFile(dataDir, part));
  first.kill("SIGKILL");
  await first.exited;
  // At once, while some are still ending.
  const second = await ready(dataDir);
  expect(await answers(second.address)).toBe(200);
  for (const part of parts) expect(isAlive(part)).toBe(false);
  second.kill("SIGKILL");
  await second.exited;
  await expect.poll(() => processesOn(dataDir), { timeout: 60_000, interval: 200 }).toEqual([]);
});

test("Ctrl+C while it starts stops what had started", async () => {
  const dataDir = await tempFolder();
  const it = up({ NETSTACKS_DATA_DIR: dataDir });
  await it.says(/✓ Postgres/);
  it.kill("SIGINT");
  // npm passes the same press on a second time.
  await sleep(50);
  it.kill("SIGINT");
  expect(await it.exited).toBe(0);
  expect(processesOn(dataDir)).toEqual([]);
  expect(markOf(it.pid)).toBeUndefined();
});

test("a second Ctrl+C ends everything at once", async () => {
  const dataDir = await tempFolder();
  const it = await ready(dataDir);
  // A part that cannot finish what it holds.
  process.kill(runFile(dataDir, "worker").pid, "SIGSTOP");
  it.kill("SIGINT");
  await sleep(1_200);
  it.kill("SIGINT");
  expect(await it.exited).toBe(130);
  await expect.poll(() => processesOn(dataDir), { timeout: 20_000, interval: 100 }).toEqual([]);
});

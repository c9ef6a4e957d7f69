import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog, withLogFields } from "../../system/log.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "netstacks-log-"));
});
afterAll(() => rm(folder, { recursive: true }));

const lines = async (file: string): Promise<Record<string, unknown>[]> =>
  (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("lines name the work that they were written in, also when work of many goes on at once", async () => {
  const file = join(folder, "logs", "work.log");
  const log = createLog("test", "info", file);
  await Promise.all(
    ["a", "b", "c"].map((run_id) =>
      withLogFields({ run_id }, async () => {
        await sleep(Math.random() * 20);
        log.info("outer");
        await withLogFields({ device: `r-${run_id}` }, async () => {
          await sleep(Math.random() * 20);
          log.info({ device: `own-${run_id}` }, "own");
          log.info("inner");
        });
      }),
    ),
  );
  log.info("outside");
  const written = await lines(file);
  for (const run_id of ["a", "b", "c"]) {
    const mine = written.filter((l) => l.run_id === run_id);
    expect(mine.map((l) => [l.msg, l.device])).toEqual([
      ["outer", undefined],
      ["own", `own-${run_id}`],
      ["inner", `r-${run_id}`],
    ]);
  }
  expect(written.at(-1)).toMatchObject({ msg: "outside", part: "test", level: "info" });
  expect(written.at(-1)).not.toHaveProperty("run_id");
});

test("values of secret fields are not written, on the first levels of an object", async () => {
  const file = join(folder, "secrets.log");
  createLog("test", "info", file).info({ password: "p-1", body: { token: "t-1", deep: { passphrase: "q-1" } } }, "x");
  expect(await lines(file)).toEqual([
    expect.objectContaining({ password: "[secret]", body: { token: "[secret]", deep: { passphrase: "[secret]" } } }),
  ]);
});

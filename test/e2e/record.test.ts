import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRecording } from "../../domain/contract/recording.ts";
import { startProduct, type Product } from "../support/product.ts";

const CLI = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));
let product: Product;
let folder: string;
let token: string;
beforeAll(async () => {
  product = await startProduct();
  folder = await mkdtemp(join(tmpdir(), "netstacks-record-"));
  ({ token } = await product.admin.post<{ token: string }>("/auth/tokens", {
    name: "record",
    scopes: ["devices:test"],
    expires_in_days: 1,
  }));
});
afterAll(async () => {
  await product.stop();
  await rm(folder, { recursive: true, force: true });
});

async function netstacks(args: string[], env: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, said };
}

test("`netstacks record` writes a recording of a device, without its secrets, and says what to look at", async () => {
  const env = { NETSTACKS_URL: product.address, NETSTACKS_TOKEN: token };
  const { code, said } = await netstacks(["record", "lab-ams-1", "recorded.yaml"], env);
  expect({ code, said }).toMatchObject({
    code: 0,
    said: expect.stringMatching(/Before you pass it on.*banners/s) as string,
  });
  const text = await readFile(join(folder, "recorded.yaml"), "utf8");
  const recording = parseRecording(text);
  expect(recording).toMatchObject({ device_type: "cisco_ios", source: { kind: "virtual" } });
  expect(recording.expect.running?.lines).toBeGreaterThan(100);
  expect(text).not.toMatch(/lab-ams-1|virtualLabRouterHasNoRealSecretHere|LAB\d{8}/);

  const again = await netstacks(["record", "lab-ams-1", "recorded.yaml"], env);
  expect(again).toMatchObject({ code: 1, said: expect.stringContaining("is there already") as string });
});

test("what it cannot do it says in words that help", async () => {
  const env = { NETSTACKS_URL: product.address };
  expect((await netstacks(["record", "lab-ams-1"], env)).said).toContain("NETSTACKS_TOKEN is not set");
  expect((await netstacks(["record"], { ...env, NETSTACKS_TOKEN: token })).said).toContain(
    "needs the name of a device",
  );
  const unknown = await netstacks(["record", "nothing-there"], { ...env, NETSTACKS_TOKEN: token });
  expect(unknown).toMatchObject({ code: 1, said: expect.stringContaining("not_found") as string });
  const away = await netstacks(["record", "x"], { NETSTACKS_URL: "http://127.0.0.1:9", NETSTACKS_TOKEN: token });
  expect(away.said).toContain("does not answer at http://127.0.0.1:9");
});

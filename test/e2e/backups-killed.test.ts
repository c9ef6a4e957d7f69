import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConfigBackup } from "../../domain/contract/backup.ts";
import type { Run } from "../../domain/contract/run.ts";
import { LAB_ROUTERS } from "../../lab/inventory.ts";
import type { ApiClient } from "../support/api-client.ts";
import { startProduct, type Product } from "../support/product.ts";

const CLI = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));
const NAMES = LAB_ROUTERS.map((r) => r.name);
const [QUICK = ""] = NAMES;

let product: Product;
let operator: ApiClient;
beforeAll(async () => {
  product = await startProduct();
  operator = await product.admin.newUser("olga", ["operator"]);
});
afterAll(() => product.stop());

test("a fleet backup survives SIGKILL of its worker and of the engines, and reads nothing twice that is stored", async () => {
  for (const name of NAMES.filter((n) => n !== QUICK))
    await product.lab.addFault(name, {
      kind: "trickle",
      bytes: 60,
      delay_ms: 100,
      match: "^show (running-config|configuration)$",
    });
  const { run } = await operator.post<{ run: Run }>("/config-backups/run-all", {});
  await operator.untilRun(run.id, (now) => now.backup?.success === 1);
  await product.kill("worker");
  await product.kill("temporal");
  await product.kill("postgres");
  for (const name of NAMES) await product.lab.clearFaults(name);
  const since = (await product.lab.ledger(QUICK)).at(-1)?.seq ?? 0;
  const ended = await operator.untilEnded(run.id);
  expect(ended).toMatchObject({ status: "success", backup: { total: 9, success: 9, failed: 0, pending: 0 } });
  expect((await product.lab.ledger(QUICK, since)).filter((e) => e.kind === "exec")).toEqual([]);
  const { backups } = await operator.get<{ backups: ConfigBackup[] }>(`/config-backups?run=${run.id}&limit=500`);
  expect(backups.map((b) => b.device_name).sort()).toEqual([...NAMES].sort());
});

test("`netstacks backup` backs devices up and tells how each came out", async () => {
  const { token } = await operator.post<{ token: string }>("/auth/tokens", {
    name: "nightly",
    scopes: ["backups:run", "runs:read"],
    expires_in_days: 1,
  });
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [CLI, "backup", ...args], {
      env: { ...process.env, NETSTACKS_URL: product.address, NETSTACKS_TOKEN: token },
    });
  const { stdout } = await run("--all");
  for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^${name} {2}success {2}unchanged$`, "m"));
  expect(stdout).toContain("9 of 9 devices backed up, none in a new version");
  await product.lab.addFault(QUICK, { kind: "other_output", text: "% Unable to read", match: "^show running-config$" });
  await expect(run(QUICK)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("(config_incomplete)"),
    stderr: expect.stringContaining("1 device could not be backed up"),
  });
  await product.lab.clearFaults(QUICK);
  await expect(run("nobody")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("devices[0]: there is no device"),
  });
  await expect(run()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("or --all") });
});

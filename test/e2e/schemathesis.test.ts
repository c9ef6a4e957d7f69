import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PERMISSIONS } from "../../domain/contract/user.ts";
import { startProduct, type Product } from "../support/product.ts";
import { findProgram, requires } from "../support/requires.ts";

const SECONDS = 90;
/** Streams never end by themselves; signing out would make all that follows a 401. */
const LEFT_OUT = "(/events|/auth/logout|/auth/refresh|/password)$";

requires("schemathesis")("requests made from our own OpenAPI document", () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ env: { LOG_LEVEL: "warn" } });
  });
  afterAll(() => product.stop());

  test("generated requests, good and bad, never get a 500", { timeout: 300_000 }, async () => {
    const { token } = await product.admin.post<{ token: string }>("/auth/tokens", {
      name: "fuzz",
      // Not the lab: its changes would only measure the virtual routers.
      scopes: PERMISSIONS.filter((p) => p !== "lab:use"),
      expires_in_days: 1,
    });
    const folder = await mkdtemp(join(tmpdir(), "netstacks-fuzz-"));
    const { code, output } = await run(
      findProgram("schemathesis") ?? "schemathesis",
      [
        "run",
        `${product.address}/api/openapi.json`,
        "--header",
        `Authorization: Bearer ${token}`,
        "--checks",
        "not_a_server_error",
        "--exclude-path-regex",
        LEFT_OUT,
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        "20",
        "--max-time",
        String(SECONDS),
        // With more, CPython 3.11's ast.parse may fail in the tool itself (gh-106905): its recursion count is not per thread.
        "--workers",
        "1",
        "--seed",
        "20261124",
        "--request-timeout",
        "20",
        "--continue-on-failure",
        "--no-shrink",
        "--no-color",
        "--suppress-health-check",
        "all",
        "--generation-database",
        "none",
      ],
      folder,
    );
    await rm(folder, { recursive: true, force: true });
    const failures = output.slice(Math.max(0, output.indexOf("= FAILURES =")));
    expect(code, failures.slice(-6000)).toBe(0);
    expect(output).toMatch(/\d+ generated|Test cases:|passed/);
  });
});

function run(program: string, args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
    child.once("error", fail);
    child.once("close", (code) => done({ code, output }));
  });
}

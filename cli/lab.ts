import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig } from "../system/config.ts";

const LAB = fileURLToPath(new URL("../lab/main.ts", import.meta.url));

/** Runs the lab in this terminal; Ctrl+C reaches it by itself. */
export async function lab(): Promise<void> {
  const { dataDir } = readConfig(process.env);
  const child = spawn(process.execPath, [LAB, "--dir", join(dataDir, "lab")], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((done) => child.on("exit", (code) => done(code ?? 1)));
}

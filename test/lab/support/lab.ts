import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { labControl, type LabControl } from "../../../lab/control.ts";
import { LAB_ROUTERS } from "../../../lab/inventory.ts";
import { startLab, type Lab, type LabOptions } from "../../../lab/lab.ts";
import type { LedgerEntry } from "../../../lab/ledger.ts";
import type { LabPlatform, RouterInfo, RouterSpec } from "../../../lab/types.ts";

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "netstacks-lab-"));
export const dropFolder = (dir: string): void => rmSync(dir, { recursive: true, force: true });

export type TestLab = { lab: () => Lab; control: () => LabControl; router: (name: string) => RouterInfo };

/** A lab for one test file, in a folder of its own. */
export function labForTests(options: Omit<LabOptions, "dir"> = {}): TestLab {
  const dir = newFolder();
  let lab: Lab | undefined;
  const running = (): Lab => {
    if (!lab) throw new Error("the lab has not started");
    return lab;
  };
  beforeAll(async () => {
    lab = await startLab({ dir, ...options });
  });
  afterAll(async () => {
    await lab?.stop();
    dropFolder(dir);
  });
  return {
    lab: running,
    control: () => labControl(running().control),
    router: (name) => routerNamed(running(), name),
  };
}

export function routerNamed(lab: Lab, name: string): RouterInfo {
  const found = lab.routers.find((router) => router.name === name);
  if (!found) throw new Error(`no router ${name}`);
  return found;
}

/** One small router, where the big config is not the point. */
export function smallRouter(device_type: LabPlatform, more: Partial<RouterSpec> = {}): RouterSpec {
  const config = device_type === "juniper_junos" ? "system { host-name r1; }" : "hostname r1\n";
  return {
    name: "r1",
    site: "test",
    device_type,
    username: "lab",
    password: "lab",
    enable_password: "lab",
    config,
    ...more,
  };
}

export const onlyRouters = (...names: string[]): RouterSpec[] =>
  LAB_ROUTERS.filter((router) => names.includes(router.name));

/** Looks again until it is so; the caller's test timeout is the limit. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

export const configLines = (entries: LedgerEntry[]): string[] =>
  entries.filter((entry) => entry.kind === "config").map((entry) => entry.line);

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { launch, ROOT, tempFolder } from "./launch.ts";

const LOCK = {
  packages: {
    "": {},
    "node_modules/it": { version: "1.0.0" },
    "node_modules/other-machine": { version: "1.0.0", optional: true },
  },
};

/**
 * A checkout with set-up's first half, and an npm that notes what it is asked for and does `script`. Its second half only
 * says which Node runs it.
 */
async function checkout(
  script: string,
): Promise<{ folder: string; run(): ReturnType<typeof launch>; asked(): string[] }> {
  const folder = await tempFolder();
  mkdirSync(join(folder, "cli"));
  mkdirSync(join(folder, "bin"));
  cpSync(join(ROOT, "setup.mjs"), join(folder, "setup.mjs"));
  cpSync(join(ROOT, "cli", "stage.mjs"), join(folder, "cli", "stage.mjs"));
  writeFileSync(join(folder, "cli", "setup.ts"), "console.log(`second half by ${process.argv0}`);\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", devDependencies: { node: "24.21.0" } }));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(LOCK));
  writeFileSync(join(folder, "bin", "npm"), `#!/bin/sh\necho "$1" >> asked\n${script}\n`);
  chmodSync(join(folder, "bin", "npm"), 0o755);
  return {
    folder,
    run: () =>
      launch([join(folder, "setup.mjs")], { PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` }, folder),
    asked: () =>
      existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8").trim().split("\n") : [],
  };
}

const INSTALL_PACKAGES = "mkdir -p node_modules/it; cp package-lock.json node_modules/.package-lock.json";
const INSTALL_NODE = `mkdir -p node_modules/.bin; ln -sf "${process.execPath}" node_modules/.bin/node`;

test("a fresh clone is installed once, by the pinned Node from then on; after that nothing is asked of npm", async () => {
  const it = await checkout(`${INSTALL_PACKAGES}; ${INSTALL_NODE}`);
  const first = it.run();
  expect(await first.exited).toBe(0);
  expect(first.output()).toMatch(
    /✓ dependencies\s+1 packages installed, Node 24\.21\.0\s+\d+\.\d s\nsecond half by \S*node_modules\/\.bin\/node\n/,
  );
  const second = it.run();
  expect(await second.exited).toBe(0);
  expect(second.output()).toContain("up to date, Node 24.21.0");
  expect(it.asked()).toEqual(["ci"]);
});

test("another version in the lock file, or a missing package, is installed", async () => {
  const it = await checkout(`${INSTALL_PACKAGES}; ${INSTALL_NODE}`);
  await it.run().exited;
  writeFileSync(
    join(it.folder, "package-lock.json"),
    JSON.stringify({ packages: { ...LOCK.packages, "node_modules/it": { version: "1.0.1" } } }),
  );
  expect(await it.run().exited).toBe(0);
  expect(it.asked()).toEqual(["ci", "ci"]);
});

test("where npm left out install scripts, the pinned Node is fetched all the same", async () => {
  const it = await checkout(`[ "$1" = ci ] && { ${INSTALL_PACKAGES}; exit 0; }; ${INSTALL_NODE}`);
  expect(await it.run().exited).toBe(0);
  expect(it.asked()).toEqual(["ci", "rebuild"]);
});

test("when npm fails, what it said is shown after a sentence, and the exit code is 1", async () => {
  const it = await checkout("echo 'npm error network is down' >&2; exit 7");
  const run = it.run();
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain(
    "npm ci failed; mend what it says below and start again.\n\nnpm error network is down\n",
  );
  expect(run.output()).not.toContain("second half");
});

test("a Node that cannot be installed is named", async () => {
  const it = await checkout(INSTALL_PACKAGES);
  const run = it.run();
  expect(await run.exited).toBe(1);
  expect(run.output()).toContain(
    'Node 24.21.0 could not be installed from the npm package "node"; allow its install script, then start again.',
  );
});

test("set-up of this checkout, which is set up, changes nothing and says so", async () => {
  const run = launch([join(ROOT, "setup.mjs")], {});
  expect(await run.exited).toBe(0);
  expect(run.output()).toMatch(/dependencies\s+up to date/);
  const again = launch([join(ROOT, "setup.mjs")], {});
  expect(await again.exited).toBe(0);
  expect(again.output()).toMatch(/web app\s+up to date/);
});

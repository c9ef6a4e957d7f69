import { spawnSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NTC_FOLDER } from "./ntc-templates.ts";
import { StartError } from "./start-error.ts";

/** Puts the templates of one release in the place of those that are there. pip fetches the wheel and checks its sha256. */
function update(version: string, sha256: string): void {
  const folder = mkdtempSync(join(tmpdir(), "netstacks-ntc-"));
  try {
    const requirements = join(folder, "requirements.txt");
    writeFileSync(requirements, `ntc-templates==${version} --hash=sha256:${sha256}\n`);
    python([
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--require-hashes",
      "--only-binary",
      ":all:",
      "--dest",
      folder,
      "--requirement",
      requirements,
    ]);
    const [wheel] = globSync("*.whl", { cwd: folder });
    if (wheel === undefined) throw new StartError("pip fetched no wheel.");
    python(["-m", "zipfile", "--extract", join(folder, wheel), folder]);
    const templates = join(folder, "ntc_templates", "templates");
    const [license] = globSync("*.dist-info/**/LICENSE", { cwd: folder });
    if (license === undefined) throw new StartError("the wheel holds no LICENSE.");
    rmSync(NTC_FOLDER, { recursive: true, force: true });
    mkdirSync(NTC_FOLDER);
    for (const name of readdirSync(templates)) copyFileSync(join(templates, name), join(NTC_FOLDER, name));
    copyFileSync(join(folder, license), join(NTC_FOLDER, "LICENSE"));
    writeFileSync(join(NTC_FOLDER, "VERSION"), `ntc-templates ${version}\nsha256 ${sha256}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function python(args: readonly string[]): void {
  const { status, stderr, error } = spawnSync("python3", args, { encoding: "utf8" });
  if (status !== 0) throw new StartError(`python3 ${args.slice(0, 3).join(" ")} failed: ${stderr || String(error)}`);
}

const [version, sha256] = process.argv.slice(2);
if (version === undefined || sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) {
  process.stderr.write("usage: node system/ntc-templates-update.ts <version> <sha256 of its wheel>\n");
  process.exitCode = 2;
} else update(version, sha256);

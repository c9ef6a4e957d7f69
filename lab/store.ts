import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RouterStore } from "./box.ts";

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Files of one folder, each written whole or not at all. */
export function openStore(folder: string): RouterStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    read: (name) => {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    write: (name, text) => {
      const file = join(folder, name);
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    remove: (name) => rmSync(join(folder, name), { force: true }),
  };
}

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { systemErrorCode } from "./start-error.ts";

/**
 * Makes a folder for this user alone, and those above it. Not `mkdirSync`'s `recursive`: that never returns on a
 * file system that takes no folders, such as /proc.
 */
export function makePrivateFolder(path: string): void {
  if (madeOrThere(path)) return;
  const parent = dirname(path);
  if (parent !== path) makePrivateFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

function madeOrThere(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST" && statSync(path).isDirectory()) return true;
    if (code === "ENOENT") return false;
    throw error;
  }
}

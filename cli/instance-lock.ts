import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { makePrivateFolder } from "../system/folders.ts";
import { StartError, explainDataFolderError, systemErrorCode } from "../system/start-error.ts";
import { isAlive, markOf } from "../system/processes.ts";

const Holder = z.object({ pid: z.number().int(), started: z.string() });

const lockFile = (dataDir: string): string => join(dataDir, "run", "netstacks.json");

/** Refuses when another instance holds the data folder. It writes nothing. */
export function refuseSecondInstance(dataDir: string): void {
  const holder = readHolder(lockFile(dataDir));
  if (holder === undefined || !isAlive(holder)) return;
  throw new StartError(
    `Another NetStacks (pid ${holder.pid}) runs on the data folder ${dataDir}; stop it, or name another folder in NETSTACKS_DATA_DIR.`,
  );
}

/** Makes this process the one that runs on the data folder, also in the place of one that died. Returns how to give it back. */
export function lockDataFolder(dataDir: string): () => void {
  const file = lockFile(dataDir);
  const draft = `${file}.${process.pid}`;
  try {
    makePrivateFolder(join(dataDir, "run"));
    writeFileSync(draft, JSON.stringify(markOf(process.pid)), { mode: 0o600 });
    while (!linked(draft, file)) {
      refuseSecondInstance(dataDir);
      moveStaleAside(file);
    }
    rmSync(draft);
  } catch (error) {
    throw explainDataFolderError(error, dataDir);
  }
  return () => rmSync(file, { force: true });
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
    return false;
  }
}

/** Of two starters that find the same dead holder, one may move away the lock that the other has just taken: that one is put back. */
function moveStaleAside(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
    const moved = readHolder(aside);
    if (moved !== undefined && isAlive(moved)) linked(aside, file);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** A lock that cannot be read is one that a power cut left empty: nobody holds it. */
function readHolder(file: string): z.infer<typeof Holder> | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    // Whatever is wrong with it, it names no process.
    return undefined;
  }
}

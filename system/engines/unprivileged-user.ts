import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StartError } from "../start-error.ts";

export type SystemUser = { name: string; uid: number; gid: number };

/** Postgres refuses to run as root; who runs it then. Undefined when we are not root: then we run it ourselves. */
export function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["netstacks", "postgres", "nobody"]) {
    const [name, , uid, gid] = users.find((fields) => fields[0] === wanted) ?? [];
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new StartError(
    "Postgres does not run as root and this machine has no user netstacks, postgres or nobody to run it; make one with `useradd --system netstacks`, or set DATABASE_URL.",
  );
}

/** Whether the user may pass through every folder above `path`. */
export function canReach(user: SystemUser, path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

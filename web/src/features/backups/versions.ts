import type { ConfigBackup } from "../../../../domain/contract/backup.ts";

/** `4c7e11d8`: enough of a hash to tell versions apart. */
export const shortHash = (hash: string): string => hash.replace(/^.*:/, "").slice(0, 8);

/** `84 KB`, `512 B`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export type Pair = { before: ConfigBackup; after: ConfigBackup };
/** The two versions to compare, of a list newest first: those asked for, the older one before; else the last change. */
export function pairOf(versions: readonly ConfigBackup[], a: string | undefined, b: string | undefined): Pair | null {
  const at = (id: string | undefined): number => versions.findIndex((version) => version.id === id);
  const [one, other] = [at(a), at(b)];
  const newer = one >= 0 && other >= 0 ? Math.min(one, other) : Math.max(0, other, one);
  const older = one >= 0 && other >= 0 ? Math.max(one, other) : newer + 1;
  const after = versions[newer];
  const before = versions[older];
  return after && before && after !== before ? { before, after } : null;
}

export type Tick = { id: string; at: number };
/** Where each version stands between the oldest and now, in percent. */
export function ticksOf(versions: readonly ConfigBackup[], now: number): Tick[] {
  const oldest = Math.min(now, ...versions.map((version) => Date.parse(version.created_at)));
  const span = Math.max(1, now - oldest);
  return versions.map(({ id, created_at }) => ({ id, at: (100 * (Date.parse(created_at) - oldest)) / span }));
}

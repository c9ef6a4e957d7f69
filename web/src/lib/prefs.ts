import { useSyncExternalStore } from "react";

/** Small choices of one person on one machine. */
type Prefs = { singleKeys: boolean; sidebarFolded: boolean };
const DEFAULTS: Prefs = { singleKeys: true, sidebarFolded: false };
const KEY = "netstacks-prefs";
const listeners = new Set<() => void>();

let prefs = read();

function read(): Prefs {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const given = typeof stored === "object" && stored !== null ? stored : {};
    return {
      singleKeys: "singleKeys" in given ? given.singleKeys !== false : DEFAULTS.singleKeys,
      sidebarFolded: "sidebarFolded" in given ? given.sidebarFolded === true : DEFAULTS.sidebarFolded,
    };
  } catch {
    return DEFAULTS; // storage is off or holds something else: the defaults do
  }
}

export function setPref(patch: Partial<Prefs>): void {
  prefs = { ...prefs, ...patch };
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // Storage is off: the choice holds until the page is closed.
  }
  for (const listener of listeners) listener();
}
export const getPrefs = (): Prefs => prefs;
export const usePrefs = (): Prefs =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => prefs,
  );

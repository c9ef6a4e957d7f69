const KEY = "netstacks-last-name";

/** Who signed in last with this browser; null when nobody has, or storage is off. */
export function lastName(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is off: the form starts empty
  }
}
export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Storage is off: the name is typed again next time.
  }
}

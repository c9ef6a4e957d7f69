import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { getPrefs } from "./prefs.ts";

/** A verb of a page: listed in the palette and in the key map, run by its key, its button, or by name. */
export type Command = {
  id: string;
  label: string;
  /** `p`, `g d`, `?`, `mod+s`. */
  key?: string;
  /** Heading in the palette and the key map. */
  group?: string;
  icon?: ReactNode;
  run: () => void;
  /** Moves a cursor or the like: in the key map, not in the palette. */
  keyOnly?: boolean;
};

const sets = new Map<symbol, Command[]>();
const listeners = new Set<() => void>();
let all: Command[] = [];

function changed(): void {
  all = [...sets.values()].flat();
  for (const listener of listeners) listener();
}

/** Offers commands while the component shows. Later ones win over earlier ones with the same key. */
export function useCommands(commands: Command[]): void {
  const [id] = useState(() => Symbol("commands"));
  // Setting an entry again keeps its place, so a page that renders again does not overtake what it holds.
  useEffect(() => {
    sets.set(id, commands);
    changed();
  });
  useEffect(
    () => () => {
      sets.delete(id);
      changed();
    },
    [id],
  );
}

export const useAllCommands = (): Command[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));
const inDialog = (): boolean => document.querySelector('[role="dialog"]') !== null;

/** The key of an event as commands write it. Letters are lower case; Shift counts only through what it types (`?`). */
export function keyOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + (event.altKey ? "alt+" : "") + event.key.toLowerCase();
}

/** Listens for the whole page; `g` waits a second for its letter. */
export function listenForKeys(): () => void {
  let prefix = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = keyOf(event);
    const single = !pressed.startsWith("mod+");
    if (single && (isTyping(event.target) || inDialog() || !getPrefs().singleKeys)) return;
    const sequence = prefix ? `${prefix} ${pressed}` : pressed;
    prefix = "";
    clearTimeout(timer);
    const found = all.findLast((command) => command.key === sequence);
    if (found) {
      event.preventDefault();
      found.run();
    } else if (all.some((command) => command.key?.startsWith(`${sequence} `))) {
      prefix = sequence;
      timer = setTimeout(() => (prefix = ""), 1000);
    }
  };
  document.addEventListener("keydown", onKey);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("keydown", onKey);
  };
}
